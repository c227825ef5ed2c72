// A line between a client and a server that a test can cut and mend, as networks do: cut, everything on it is reset and
// whoever comes is turned away.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { whenOver } from './when-over.ts'

export interface CuttableLine {
  readonly port: number
  cut(): void
  /** @param target port of 127.0.0.1 to which it leads from now on; the same as before where it is left out */
  mend(target?: number): void
}

/** @param target port of 127.0.0.1 to which it leads */
export async function cuttableLine(target: number): Promise<CuttableLine> {
  const sockets = new Set<Socket>()
  let [isCut, port] = [false, target]
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((near) => {
    keep(near)
    if (isCut) return void near.resetAndDestroy()
    const far = keep(connect(port, '127.0.0.1'))
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  const dropAll = () => sockets.forEach((socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenOver(async () => {
    const closed = once(server, 'close')
    server.close()
    dropAll()
    await closed
  })
  return {
    port: (server.address() as { readonly port: number }).port,
    cut() {
      isCut = true
      dropAll()
    },
    mend(next = port) {
      ;[isCut, port] = [false, next]
    },
  }
}
