// An operator's client gone mad: logged in with the right key, it sends packets that are well encrypted and wrong
// inside, in the middle of commands, prompts, files and tunnels. SEED repeats a run, SLUICE_SOAK_SECONDS makes it long.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterAll, expect, test } from 'vitest'
import { randomFrom, seed } from '../helpers/seed.ts'
import { startSshBalancer } from '../helpers/ssh-balancer.ts'
import { makeClientKey, ssh } from '../helpers/ssh-client.ts'

const SECONDS = Number(process.env['SLUICE_SOAK_SECONDS'] ?? 12)
const AT_ONCE = 6
/** A client that got itself stuck is given up after this long. */
const PATIENCE_MS = 600
/** Where the payload of a packet begins: behind its length and the length of its padding. */
const PAYLOAD_AT = 5
/** Message numbers of the connection protocol (RFC 4254), and some that have no meaning after a login. */
const MESSAGES = [
  1, 2, 4, 5, 20, 21, 30, 50, 60, 80, 81, 82, 90, 91, 93, 94, 95, 96, 97, 98, 99, 255,
]

const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'))
const key = makeClientKey(folder, 'key')
const privateKey = readFileSync(key.file)
afterAll(() => rmSync(folder, { recursive: true }))

test(`packets that are wrong inside end their own connection at most (SEED=${seed})`, {
  timeout: (SECONDS + 30) * 1_000,
}, async () => {
  const random = randomFrom(seed)
  const sluice = await startSshBalancer([{ name: 'op', access: 'full', keys: [key.line] }], {
    limits: { graceMs: 2_000, evaluationMs: 200 },
  })
  const until = performance.now() + SECONDS * 1_000
  let connections = 0
  const worker = async () => {
    while (performance.now() < until) {
      await attack(sluice.port, random)
      connections += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  expect(connections).toBeGreaterThan(AT_ONCE)
  await expect.poll(() => sluice.server.loginCount, { timeout: 5_000 }).toBe(0)
  const target = { folder, port: sluice.port, user: 'op', key: key.file }
  expect(await ssh(target, ['show groups'])).toMatchObject({ status: 0 })
  expect(sluice.log.lines.filter((line) => line.event === 'unexpected')).toEqual([])
  await sluice.stop()
})

type Random = () => number

/** The parts of ssh2's client that know how packets are sent. */
interface Inside {
  readonly _protocol: {
    readonly _cipher: {
      allocPacket(length: number): Buffer
      encrypt(packet: Buffer): void
    }
  }
}

/** One login that opens a few channels and sends some packets that nobody should. */
async function attack(port: number, random: Random): Promise<void> {
  const sock = connect({ host: '127.0.0.1', port, noDelay: true })
  const client = new ssh2.Client()
  const closed = new Promise<void>((resolve) => sock.once('close', () => resolve()))
  const patience = setTimeout(() => sock.destroy(), PATIENCE_MS)
  sock.on('error', () => {})
  client.on('error', () => {})
  client.on('ready', () => {
    const cipher = (client as unknown as Inside)._protocol._cipher
    breakPackets(cipher, random)
    const channels = 1 + Math.floor(random() * 4)
    for (let number = 0; number < channels; number += 1) open(client, random)
    for (let number = 0; number < 6; number += 1)
      setImmediate(() => sendNonsense(cipher, random, sock))
  })
  client.connect({ sock, username: 'op', privateKey })
  await closed
  clearTimeout(patience)
}

function open(client: ssh2.Client, random: Random): void {
  const given = (error: Error | undefined, channel?: ssh2.ClientChannel) => {
    if (error !== undefined || channel === undefined) return
    channel.on('error', () => {})
    channel.resume().end('1 + 1\nshow hosts | match a\n.exit\n')
  }
  const ways = [
    () => client.exec('show hosts', given),
    () => client.exec('tail log', given),
    () => client.exec('batch', { pty: { rows: 2, cols: 3 } }, given),
    () => client.shell({ term: 'xterm' }, given),
    () => client.shell(false, given),
    () => client.subsys('json-rpc', given),
    () => client.sftp((_error, sftp) => sftp?.readdir('/', () => {})),
    () => client.forwardOut('127.0.0.1', 1, 'localhost', 7001, given),
  ]
  try {
    ways[Math.floor(random() * ways.length)]?.()
  } catch {
    // ssh2's client found out before it was sent that the connection is over.
  }
}

/** Every few packets one is changed where only the other side can see it. */
function breakPackets(cipher: Inside['_protocol']['_cipher'], random: Random): void {
  const encrypt = cipher.encrypt.bind(cipher)
  cipher.encrypt = (packet) => {
    if (random() < 0.25) changeSome(packet, random)
    encrypt(packet)
  }
}

function changeSome(packet: Buffer, random: Random): void {
  const changes = 1 + Math.floor(random() * 3)
  for (let number = 0; number < changes; number += 1) {
    const at = PAYLOAD_AT + Math.floor(random() * Math.min(64, packet.length - PAYLOAD_AT))
    if (at < packet.length)
      packet[at] = [0, 1, 127, 128, 255, Math.floor(random() * 256)][Math.floor(random() * 6)] ?? 0
  }
}

/** A packet of a known kind with any content, or of no kind at all. */
function sendNonsense(
  cipher: Inside['_protocol']['_cipher'],
  random: Random,
  { destroyed }: { readonly destroyed: boolean },
): void {
  if (destroyed) return
  const length = 1 + Math.floor(random() * (random() < 0.1 ? 20_000 : 60))
  const packet = cipher.allocPacket(length)
  for (let at = PAYLOAD_AT; at < PAYLOAD_AT + length; at += 1)
    packet[at] = Math.floor(random() * (random() < 0.5 ? 4 : 256))
  packet[PAYLOAD_AT] = MESSAGES[Math.floor(random() * MESSAGES.length)] ?? 0
  cipher.encrypt(packet)
}
