// Hosts in a process of their own, which do what the first bytes of a connection ask for. Some of them are gone now and then,
// resetting their connections, and come back. Until it is ended.
//
//   node --import tsx churn-hosts.ts SEED IP STEADY-PORTS RESTLESS-PORTS     (numbers, separated by commas, or nothing)
import { once } from 'node:events'
import { type Server, type Socket, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Choices } from '../../helpers/choices.ts'
import { resetNow } from '../../helpers/clients.ts'
import { Pattern } from '../../helpers/pattern.ts'
import { REQUEST_BYTES, requestOf, type Wish } from './churn-request.ts'

const STAY_MS_MAX = 3_000
const AWAY_MS_MAX = 400
const RESET_AFTER_BYTES = 20_000

const [seed = '', ip = '', steady = '', restless = ''] = process.argv.slice(2)
const choices = new Choices(Number(seed))
const pattern = new Pattern(Number(seed))

const WISHES: Readonly<Record<Wish, (socket: Socket, bytes: number) => void>> = {
  echo: (socket) => void socket.pipe(socket),
  download: (socket, bytes) => void send(socket.resume(), bytes),
  /** Ends first, and listens to the end. */
  greet: (socket, bytes) => void socket.resume().end(pattern.at(0, bytes)),
  reset: resetLater,
}

await Promise.all(portsOf(steady).map(listen))
process.stdout.write('ready\n')
await Promise.all(portsOf(restless).map(comeAndGo))

function portsOf(list: string): number[] {
  return list === '' ? [] : list.split(',').map(Number)
}

async function comeAndGo(port: number): Promise<never> {
  for (;;) {
    const listening = await listen(port)
    await pause(choices.below(STAY_MS_MAX))
    listening.leave()
    await pause(choices.below(AWAY_MS_MAX))
  }
}

async function listen(port: number): Promise<{ leave(): void }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    const endToo = () => socket.end()
    socket.once('end', endToo)
    socket.on('readable', function read() {
      const head = socket.read(REQUEST_BYTES) as Buffer | null
      if (head === null) return
      socket.off('readable', read).off('end', endToo)
      const { wish, bytes } = requestOf(head)
      WISHES[wish](socket, bytes)
    })
  })
  server.listen(port, ip)
  await once(server, 'listening')
  return {
    leave() {
      server.close()
      // One that is about to end cannot be reset any more (libuv refuses), and would be cut off without a word.
      for (const socket of sockets) if (!socket.writableEnded) resetNow(socket)
    },
  }
}

async function send(socket: Socket, bytes: number): Promise<void> {
  await pattern.send(socket, 0, bytes)
  socket.end()
}

function resetLater(socket: Socket): void {
  let heard = 0
  socket.on('data', (chunk: Buffer) => {
    socket.write(chunk)
    heard += chunk.length
    if (heard > RESET_AFTER_BYTES) resetNow(socket)
  })
  socket.on('end', () => resetNow(socket))
}
