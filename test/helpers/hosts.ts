// Tiny real hosts with honest names. Each listens on a port of the system's choice and closes itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'

export interface TestHost {
  /** `127.0.0.1:PORT`, `[::1]:PORT` or `unix:/path`. */
  readonly address: string
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>
  /** How many connections ever came. */
  readonly accepted: number
  close(): Promise<void>
}

export interface HostOptions {
  /** Where to listen; a port of 127.0.0.1 by default. */
  readonly at?: { host: string; port: number } | { path: string }
}

/** A host that does with each connection what it is told. */
export async function startHost(
  onSocket: (socket: Socket) => void,
  { at = { host: '127.0.0.1', port: 0 } }: HostOptions = {},
): Promise<TestHost> {
  const sockets = new Set<Socket>()
  let accepted = 0
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    accepted += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    onSocket(socket)
  })
  server.listen(at)
  await once(server, 'listening')
  return {
    address: addressOf(server),
    sockets,
    get accepted() {
      return accepted
    },
    close: () => closeAll(server, sockets),
  }
}

/** Sends back whatever comes, and ends when the client ends. */
export function echoHost(options?: HostOptions): Promise<TestHost> {
  return startHost((socket) => socket.pipe(socket), options)
}

/** Says its name and ends: the server that speaks first. */
export function namingHost(name: string, options?: HostOptions): Promise<TestHost> {
  return startHost((socket) => {
    socket.resume()
    socket.end(name)
  }, options)
}

/** Accepts and then neither reads nor writes until told. */
export function silentHost(options?: HostOptions): Promise<TestHost> {
  return startHost((socket) => socket.pause(), options)
}

/** Sends for as long as somebody takes it: no buffer on the way is large enough to hold all of it. */
export function endlessHost(): Promise<TestHost> {
  const megabyte = Buffer.alloc(1024 * 1024)
  return startHost((socket) => {
    const send = () => {
      while (socket.writable && socket.write(megabyte));
    }
    socket.on('drain', send)
    send()
  })
}

/** An address of 127.0.0.1 on which nobody listens. */
export async function refusingAddress(): Promise<string> {
  // A port that the system gives out could be another one's by the time somebody connects.
  return `127.0.0.1:${await freePort()}`
}

/**
 * A host that never accepts: its process is stopped and the kernel's queue is full, so that further connects
 * hang as they do towards a machine that is switched off.
 */
export async function unansweringHost(): Promise<TestHost> {
  const program =
    "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))"
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await firstLineOf(child)
  child.kill('SIGSTOP')
  const fillers = await fillQueue(Number(port))
  return {
    address: `127.0.0.1:${port}`,
    sockets: new Set(),
    accepted: 0,
    close: async () => {
      for (const filler of fillers) filler.destroy()
      if (child.signalCode !== null) return
      const gone = once(child, 'close')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function firstLineOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the child has no output')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  lines.close()
  return line
}

// The kernel takes backlog + 1 connections; the first one that is not taken at once proves that it is full.
async function fillQueue(port: number): Promise<Socket[]> {
  const fillers: Socket[] = []
  for (let i = 0; i < 8; i++) {
    const filler = connect({ port, host: '127.0.0.1' })
    filler.on('error', () => {})
    fillers.push(filler)
    const taken = await Promise.race([
      once(filler, 'connect').then(() => true),
      new Promise<false>((resolve) => setTimeout(resolve, 300, false)),
    ])
    if (!taken) break
  }
  return fillers
}

function addressOf(server: Server): string {
  const address = server.address()
  if (typeof address === 'string') return `unix:${address}`
  if (address === null) throw new Error('the host is not listening')
  return address.family === 'IPv6'
    ? `[${address.address}]:${address.port}`
    : `${address.address}:${address.port}`
}

async function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
}
