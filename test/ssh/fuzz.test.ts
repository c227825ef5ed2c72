// A client that breaks its own packets at a random place, from the first banner to the data of a channel.
// Whatever comes, the process lives, nothing unexpected is logged and every place is free at the end.
// SEED repeats a run, SLUICE_SOAK_SECONDS makes it long.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterAll, expect, test } from 'vitest'
import { randomFrom, seed } from '../helpers/seed.ts'
import { startSshBalancer } from '../helpers/ssh-balancer.ts'
import { makeClientKey, ssh } from '../helpers/ssh-client.ts'

/** As many as fit into the time of a soak; enough for a look otherwise. */
const SOAK_SECONDS = Number(process.env['SLUICE_SOAK_SECONDS'] ?? 0)
const CONNECTIONS = SOAK_SECONDS > 0 ? Number.POSITIVE_INFINITY : 400
const AT_ONCE = 8
/** A client that got itself stuck is given up after this long. */
const PATIENCE_MS = 700
const BUDGET_MS = SOAK_SECONDS > 0 ? SOAK_SECONDS * 1_000 : 40_000
const CIPHERS = ['aes128-gcm@openssh.com', 'aes256-ctr', 'chacha20-poly1305@openssh.com'] as const

const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'))
const key = makeClientKey(folder, 'key')
const privateKey = readFileSync(key.file)
afterAll(() => rmSync(folder, { recursive: true }))

test(
  `hundreds of connections with broken packets end nothing and leave nothing (SEED=${seed})`,
  async () => {
    const random = randomFrom(seed)
    const sluice = await startSshBalancer([{ name: 'op', access: 'full', keys: [key.line] }], {
      limits: {
        graceMs: 1_000,
        unauthenticatedMax: 64,
        unauthenticatedPerAddressMax: 64,
        evaluationMs: 200,
      },
    })
    const until = performance.now() + BUDGET_MS
    let left = CONNECTIONS
    const worker = async () => {
      while (left-- > 0 && performance.now() < until) await attack(sluice.port, random)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    await expect.poll(() => sluice.server.loginCount, { timeout: 5_000 }).toBe(0)
    const target = { folder, port: sluice.port, user: 'op', key: key.file }
    expect(await ssh(target, ['show groups'])).toMatchObject({ status: 0 })
    expect(sluice.log.lines.filter((line) => line.event === 'unexpected')).toEqual([])
    await sluice.stop()
  },
  BUDGET_MS + 20_000,
)

type Random = () => number

/** One connection whose client breaks the n-th thing it sends. */
async function attack(port: number, random: Random): Promise<void> {
  const socket = new Socket()
  breakWrites(socket, Math.floor(random() * 24), random)
  const client = new ssh2.Client()
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
  })
  const patience = setTimeout(() => socket.destroy(), PATIENCE_MS)
  client.on('error', () => {})
  client.on('ready', () => ask(client, random, () => socket.destroySoon()))
  socket.connect(port, '127.0.0.1', () => {
    const cipher = CIPHERS[Math.floor(random() * CIPHERS.length)] ?? CIPHERS[0]
    client.connect({ sock: socket, username: 'op', privateKey, algorithms: { cipher: [cipher] } })
  })
  await closed
  clearTimeout(patience)
}

function ask(client: ssh2.Client, random: Random, done: () => void): void {
  const kind = Math.floor(random() * 4)
  const given = (error: Error | undefined, channel?: ssh2.ClientChannel) => {
    if (error !== undefined || channel === undefined) return done()
    channel.on('error', () => {}).on('close', done)
    channel.resume().end('1 + 1\nshow hosts\n.exit\n')
    return undefined
  }
  if (kind === 0) client.exec('show hosts', given)
  else if (kind === 1) client.shell(given)
  else if (kind === 2) client.shell(false, given)
  else client.subsys('anything', given)
}

function breakWrites(socket: Socket, at: number, random: Random): void {
  const write = socket.write.bind(socket) as (data: Buffer) => boolean
  let count = 0
  socket.write = ((data: string | Buffer) => {
    const bytes = Buffer.from(data as string)
    return write(count++ === at ? mutated(bytes, random) : bytes)
  }) as typeof socket.write
}

/** Flip, cut, double or blow up some bytes. */
function mutated(bytes: Buffer, random: Random): Buffer {
  const place = Math.floor(random() * bytes.length)
  switch (Math.floor(random() * 4)) {
    case 0:
      bytes[place] = Math.floor(random() * 256)
      return bytes
    case 1:
      return bytes.subarray(0, place)
    case 2:
      return Buffer.concat([bytes, bytes])
    default:
      return Buffer.concat([
        bytes.subarray(0, place),
        Buffer.alloc(Math.floor(random() * 4_096), place),
        bytes,
      ])
  }
}
