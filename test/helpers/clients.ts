// Clients for tests: connect, send, collect.
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { parseAddress } from '../../src/base/address.ts'

/** A connected client. Errors are kept in `errors`, never thrown. */
export interface TestClient {
  readonly socket: Socket
  readonly errors: string[]
  /** All bytes until the other side ends or the connection is gone. */
  received(): Promise<Buffer>
  /** Resolves when the connection is gone. */
  closed(): Promise<void>
}

/** Connect to an address in our way of writing; resolves when connected. */
export async function connectTo(address: string): Promise<TestClient> {
  const client = connecting(address)
  await once(client.socket, 'connect')
  return client
}

export function connecting(address: string): TestClient {
  const socket = connect({ ...placeOf(address), allowHalfOpen: true })
  const errors: string[] = []
  socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message))
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return { socket, errors, closed: () => closed, received: () => receivedBy(socket) }
}

/** Send a reset and nothing before it; Node's own `resetAndDestroy` sends an ordinary end first. */
export function resetNow(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true })
  socket.destroy()
}

/** Connect, send `text`, end, and return everything that came back. */
export async function exchange(address: string, text: string | Buffer = ''): Promise<string> {
  const client = connecting(address)
  client.socket.end(text)
  const received = await client.received()
  client.socket.destroy()
  await client.closed()
  return received.toString()
}

/** Everything that arrives on a socket until its end, or until it is gone. */
export function receivedBy(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) => {
    const done = () => resolve(Buffer.concat(chunks))
    socket.once('end', done)
    socket.once('close', done)
  })
}

function placeOf(address: string): { host: string; port: number } | { path: string } {
  const parsed = parseAddress(address)
  if (parsed === undefined) throw new Error(`not an address: ${address}`)
  return parsed.kind === 'unix' ? { path: parsed.path } : { host: parsed.host, port: parsed.port }
}
