// Clients of a service: sixteen sessions that each send a byte and wait for it to come back, again and again with a
// pause in between. Prints the times of all round trips, in microseconds, when it is stopped.
// Arguments: port of the service.
import { connect } from 'node:net'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

const [port = 0] = process.argv.slice(2).map(Number)
const SESSIONS = 16
const PAUSE_MS = 4
/** @type {number[]} */
const times = []
let stopping = false

process.once('SIGTERM', () => (stopping = true))
await Promise.all(Array.from({ length: SESSIONS }, ask))
console.log(JSON.stringify(times))

async function ask() {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  while (!stopping) {
    const start = performance.now()
    socket.write('.')
    await once(socket, 'data')
    times.push(Math.round((performance.now() - start) * 1_000))
    await pause(PAUSE_MS)
  }
  socket.destroy()
}
