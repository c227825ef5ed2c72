// Free ports, and waiting until somebody listens on one. No port in the bench is a fixed one.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './children.ts'

const READY_MS = 15_000
const RETRY_MS = 30

/** Ports that were free a moment ago. All are held until the last is found, so none comes twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '0.0.0.0'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

/** Resolves once `port` accepts; rejects when the child ended before that, or took too long. */
export async function listening(child: Child, port: number): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (!(await accepts(port))) {
    if (!child.running) throw new Error(`${child.name} did not start: ${child.lastWords}`)
    if (Date.now() > deadline) throw new Error(`${child.name} did not listen: ${child.lastWords}`)
    await sleep(RETRY_MS)
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
