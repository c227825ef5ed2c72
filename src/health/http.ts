// The check over HTTP: one GET on a connection of its own. The host is good when the status is one of the wanted
// ones and, where a text is asked for, the body contains it. Redirects are not followed.
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { type Check, type CheckSettings, failed, type Subject } from './check.ts'
import { closeConnection, openConnection } from './connection.ts'

export function httpCheck({ path, status, match, proxy }: CheckSettings): Check {
  const wanted = status.split(',').map(rangeOf)
  return async (subject, signal) => {
    const socket = await openConnection(subject.target, proxy, signal)
    try {
      const answer = await ask(socket, { path, host: hostHeader(subject) })
      const code = answer.statusCode ?? 0
      if (!wanted.some(({ from, to }) => code >= from && code <= to)) {
        throw failed(`status ${code}, wanted ${status}`)
      }
      if (match !== '') await requireMatch(answer, match)
    } catch (error) {
      // The socket was destroyed by the signal; its reason tells more than what that looked like.
      signal.throwIfAborted()
      throw error
    } finally {
      await closeConnection(socket)
    }
  }
}

function ask(
  socket: Socket,
  { path, host }: { path: string; host: string },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { Host: host, 'User-Agent': 'sluice-check', Accept: '*/*', Connection: 'close' }
    // With a connection given there is no agent: nothing is kept alive.
    const question = request({ createConnection: () => socket, path, headers }, resolve)
    // Stays on: after the answer began, what goes wrong comes out of reading it.
    question.on('error', (error) => reject(failed(`no HTTP answer: ${messageOf(error)}`, error)))
    // An answer that is none, such as an upgrade, closes without an error.
    question.on('close', () => reject(failed('no HTTP answer: the connection was closed')))
    question.end()
  })
}

/** Read on until the text was seen. Only as much is kept as it takes to find a text that came in two pieces. */
async function requireMatch(answer: IncomingMessage, match: string): Promise<void> {
  const wanted = Buffer.from(match)
  let kept = Buffer.alloc(0)
  let read = 0
  for await (const chunk of chunksOf(answer)) {
    const part = chunk.subarray(0, LIMITS.checkBodyBytesMax - read)
    const text = Buffer.concat([kept, part])
    if (text.includes(wanted)) return
    read += part.length
    if (read >= LIMITS.checkBodyBytesMax) break
    kept = text.subarray(Math.max(0, text.length - wanted.length + 1))
  }
  throw failed(`the first ${read} bytes of the body do not contain ${JSON.stringify(match)}`)
}

async function* chunksOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer) yield chunk as Buffer
  } catch (error) {
    throw failed(`the answer broke off: ${messageOf(error)}`, error)
  }
}

function rangeOf(text: string): { from: number; to: number } {
  const [from = '', to = from] = text.split('-')
  return { from: Number(from), to: Number(to) }
}

// A Unix socket has no name that a server could know.
function hostHeader({ address, target }: Subject): string {
  return 'path' in target ? 'localhost' : address
}
