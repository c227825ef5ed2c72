// Opens COUNT sessions, sends one byte through each and waits for it to come back, says `ready` and
// holds them until it is stopped. Ends with 1 when one of them fails. `node hold-clients.js PORT COUNT`
import { connect } from 'node:net'

const AT_ONCE = 64
const [port = 0, count = 0] = process.argv.slice(2).map(Number)
let opened = 0

await Promise.all(Array.from({ length: AT_ONCE }, openOneByOne))
process.stdout.write('ready\n')

async function openOneByOne() {
  while (opened < count) {
    opened += 1
    await openOne()
  }
}

/** @returns {Promise<void>} when a byte went through the session and came back */
function openOne() {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write('a'))
    socket.once('data', () => resolve())
    socket.once('error', (error) => fail(error.message))
    socket.once('end', () => fail('the session was ended'))
  })
}

/** @param {string} reason */
function fail(reason) {
  process.stderr.write(`after ${opened} sessions: ${reason}\n`)
  process.exit(1)
}
