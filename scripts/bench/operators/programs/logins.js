// Operators of the bench. `hold N` logs in N times, opens a prompt in each and holds them until SIGTERM.
// `churn N` logs in and out N times, one command each. `commands N` runs N commands over one connection, ten at a
// time. Prints what it did as JSON, with the time it took in milliseconds.
// Arguments: port, key file, what, N.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import ssh2 from 'ssh2'

const [port, keyFile = '', what = '', count] = process.argv.slice(2)
const privateKey = readFileSync(keyFile)
const many = Number(count)
const AT_ONCE = { commands: 10, churn: 6 }

switch (what) {
  case 'hold':
    await hold()
    break
  case 'churn':
    await timed(() => inTurns(AT_ONCE.churn, oneLogin))
    break
  case 'commands':
    await commands()
    break
  default:
    throw new Error(`no ${what}`)
}

async function login() {
  const client = new ssh2.Client()
  // ssh2's client leaves Nagle on, which is not what is measured here.
  const sock = connect({ host: '127.0.0.1', port: Number(port), noDelay: true })
  client.connect({ sock, username: 'op', privateKey })
  await once(client, 'ready')
  return client
}

async function hold() {
  const clients = []
  for (let number = 0; number < many; number += 1) {
    const client = await login()
    const shell = await new Promise((resolve, reject) => {
      client.shell({ term: 'xterm' }, (error, stream) => (error ? reject(error) : resolve(stream)))
    })
    shell.resume()
    clients.push(client)
  }
  console.log(JSON.stringify({ held: clients.length }))
  process.once('SIGTERM', () => process.exit(0))
}

async function oneLogin() {
  const client = await login()
  await run(client, 'show version')
  const closed = once(client, 'close')
  client.end()
  await closed
}

async function commands() {
  const client = await login()
  await timed(() => inTurns(AT_ONCE.commands, () => run(client, 'show hosts --json')))
  client.end()
}

/** @param {ssh2.Client} client @param {string} line */
function run(client, line) {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, stream) => {
      if (error) return reject(error)
      stream.resume()
      stream.once('close', resolve)
    })
  })
}

/** @param {number} atOnce @param {() => Promise<unknown>} task */
async function inTurns(atOnce, task) {
  let left = many
  const worker = async () => {
    while (left > 0) {
      left -= 1
      await task()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** @param {() => Promise<unknown>} task */
async function timed(task) {
  const start = performance.now()
  await task()
  console.log(JSON.stringify({ done: many, ms: performance.now() - start }))
}
