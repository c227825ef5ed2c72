// Tunnels of the real ssh client: it listens where it is told to, and what is connected there comes out at the other
// side, or is closed where that is refused.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type SshTarget, sshArgs } from './ssh-client.ts'
import { whenOver } from './when-over.ts'

/** Bytes of the answer of a SOCKS 4 server. */
const SOCKS_YES = 8

/** ssh without a command; ends with the test. */
export function tunnelling(
  target: SshTarget,
  flags: readonly string[],
): ChildProcessWithoutNullStreams {
  const args = sshArgs(target)
  const host = args.pop() ?? ''
  const child = spawn('ssh', [...args, '-N', ...flags, host])
  whenOver(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  })
  return child
}

/** Connect as soon as the client listens. */
export async function visit(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    try {
      await once(socket, 'connect')
      return socket
    } catch {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/**
 * Ask the SOCKS server of the client for a port of 127.0.0.1, and what is there for an answer to `said`. It says yes at
 * once, and closes where the balancer says no.
 */
export async function throughSocks(
  port: number,
  wanted: number,
  said = 'x',
): Promise<'open' | 'closed'> {
  const socket = await visit(port)
  socket.on('error', () => {})
  const outcome = new Promise<'open' | 'closed'>((resolve) => {
    let length = 0
    socket.on('data', (bytes: Buffer) => {
      length += bytes.length
      if (length > SOCKS_YES) resolve('open')
    })
    socket.once('end', () => resolve('closed')).once('close', () => resolve('closed'))
  })
  socket.write(Buffer.from([4, 1, wanted >> 8, wanted & 255, 127, 0, 0, 1, 0]))
  socket.write(said)
  const answer = await outcome
  socket.destroy()
  return answer
}
