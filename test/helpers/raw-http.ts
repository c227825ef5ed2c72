// Bytes to an HTTP server and what comes back, for requests that no client would send.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

export interface RawReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Send it as it is. @returns all that came until the server closed the connection */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = await openRaw(url)
  socket.write(bytes)
  return closedWith(socket)
}

/** A connection that ends with the test. */
export async function openRaw(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  // A server that refuses may reset; what came before it counts.
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** All that comes until the connection is closed. */
export async function closedWith(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  if (!socket.destroyed) await once(socket, 'close')
  return text
}

/** The first answer in what came. */
export function replyIn(text: string): RawReply {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const pairs = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return {
    status: Number(first.split(' ')[1] ?? 0),
    headers: Object.fromEntries(pairs) as Readonly<Record<string, string>>,
    body: rest.join('\r\n\r\n'),
  }
}
