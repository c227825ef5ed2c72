// Clients that stay: each streams bytes of its own to an echoing service and reads them back, all the time, at a steady
// pace, until SIGTERM asks them to finish. Prints what came of it as one line of JSON.
//
//   node --import tsx streaming-clients.ts ADDRESS SEED SESSIONS
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Choices } from '../../helpers/choices.ts'
import { connectTo } from '../../helpers/clients.ts'

export interface Streamed {
  readonly sessions: number
  readonly bytes: number
  /** Sessions whose bytes came back otherwise, or not at all. */
  readonly wrong: number
  /** Why sessions broke. */
  readonly errors: readonly string[]
}

const PIECE_BYTES = 16_384
/** Pause between two pieces of one client. */
const PAUSE_MS = 100

const [address = '', seed = '', sessions = ''] = process.argv.slice(2)
const choices = new Choices(Number(seed))
const payload = choices.bytes(8 * PIECE_BYTES)
let asked = false
process.once('SIGTERM', () => {
  asked = true
})
const errors: string[] = []
let bytes = 0

const right = await Promise.all(Array.from({ length: Number(sessions) }, stream))
const wrong = right.filter((each) => !each).length
const streamed: Streamed = { sessions: right.length, bytes, wrong, errors }
process.stdout.write(`${JSON.stringify(streamed)}\n`)

/** @returns whether exactly what was sent came back */
async function stream(): Promise<boolean> {
  const client = await connectTo(address)
  const { socket } = client
  const [sent, back] = [createHash('sha256'), createHash('sha256')]
  const ended = once(socket, 'end').then(() => true)
  const broken = client.closed().then(() => false)
  socket.on('data', (piece: Buffer) => back.update(piece))
  while (!asked && !socket.destroyed) {
    const from = choices.below(payload.length - PIECE_BYTES)
    const piece = payload.subarray(from, from + PIECE_BYTES)
    sent.update(piece)
    bytes += piece.length
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), broken])
    await pause(PAUSE_MS)
  }
  socket.end()
  const whole = await Promise.race([ended, broken])
  socket.destroy()
  await client.closed()
  errors.push(...client.errors)
  return whole && sent.digest('hex') === back.digest('hex')
}
