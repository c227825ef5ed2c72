// Three tiny web hosts inside the process, so that the first start has something to balance. Each answers with
// its own name.
import { type Server, createServer } from 'node:http'
import { BalancerError, messageOf } from '../base/errors.ts'

export interface DemoHosts {
  readonly addresses: readonly string[]
  stop(): Promise<void>
}

/** Start one host for each address of 127.0.0.1, named a, b, c. @throws BalancerError PORT_TAKEN */
export async function startDemoHosts(ports: readonly number[]): Promise<DemoHosts> {
  const servers: Server[] = []
  const stop = async () => {
    await Promise.all(servers.map(close))
  }
  for (const [index, port] of ports.entries()) {
    const name = String.fromCharCode('a'.charCodeAt(0) + index)
    servers.push(
      await open(name, port).catch(async (error: unknown) => {
        await stop()
        const next = 'stop what listens there, or start without --demo'
        throw new BalancerError(
          'PORT_TAKEN',
          `demo host ${name} on 127.0.0.1:${port} (${messageOf(error)}): ${next}`,
        )
      }),
    )
  }
  return { addresses: ports.map((port) => `127.0.0.1:${port}`), stop }
}

function open(name: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'text/plain; charset=utf-8')
      response.end(`host ${name} answered ${request.method} ${request.url}\n`)
    })
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
