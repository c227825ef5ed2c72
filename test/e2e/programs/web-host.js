// A web host in a process of its own that answers every request with its name and closes. On SIGTERM it leaves in
// good order: it waits until all of its places are taken by requests that it has in its hands, closes its
// port, and answers them. Nobody is then on the way between the kernel's queue and the program.
//
//   node web-host.js NAME PORT PLACES
import { createServer } from 'node:http'

const [name = '', port = '', places = ''] = process.argv.slice(2)
/** @type {import('node:http').ServerResponse[]} */
const waiting = []
let leaving = false

const server = createServer((_request, response) => {
  response.setHeader('connection', 'close')
  if (!leaving) {
    answer(response)
    return
  }
  waiting.push(response)
  if (waiting.length === Number(places)) leave()
})
server.listen(Number(port), '127.0.0.1', () => print(`listening since ${Date.now()}`))
process.once('SIGTERM', () => {
  leaving = true
})

function leave() {
  server.close(() => process.exit(0))
  print(`left with ${waiting.length} requests`)
  for (const response of waiting) answer(response)
}

/** @param {import('node:http').ServerResponse} response */
function answer(response) {
  response.end(`${name}\n`)
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
