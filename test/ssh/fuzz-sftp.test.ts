// An operator's sftp client gone mad: random requests, broken packets, lengths that lie, answers that it never reads.
// The process lives, nothing unexpected is logged, nothing is changed and nothing is left open. SEED repeats a run,
// SLUICE_SOAK_SECONDS makes it long.
import { once } from 'node:events'
import type ssh2 from 'ssh2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { eventually } from '../helpers/eventually.ts'
import {
  loginOf,
  NO_ATTRIBUTES,
  packet,
  RawSftp,
  SFTP,
  text,
  uint32,
  uint64,
} from '../helpers/raw-sftp.ts'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { randomFrom, seed } from '../helpers/seed.ts'
import { ssh } from '../helpers/ssh-client.ts'

const SECONDS = Number(process.env['SLUICE_SOAK_SECONDS'] ?? 4)
/** Requests of one session, which the last of them may have ended. */
const REQUESTS = 60

const random = randomFrom(seed)
let running: RunningSluice
let client: ssh2.Client

beforeAll(async () => {
  running = await startRunningSluice()
  client = await loginOf(running.target('full'))
})

afterAll(async () => {
  const closed = once(client, 'close')
  client.end()
  await closed
  await running.stop()
})

test(`random requests end their own session at most (SEED=${seed})`, {
  timeout: (SECONDS + 30) * 1_000,
}, async () => {
  const before = running.config
  const until = performance.now() + SECONDS * 1_000
  let sessions = 0
  for (; performance.now() < until; sessions++) {
    const sftp = await RawSftp.open(client, { greet: chance(0.9) })
    for (let count = 0; count < REQUESTS && !sftp.isClosed; count++) {
      sftp.channel.write(chance(0.8) ? request() : broken(request()))
      if (chance(0.05)) await new Promise((resolve) => setImmediate(resolve))
    }
    await sftp.close()
  }
  expect(sessions).toBeGreaterThan(1)
  await stillWell(before)
})

test('a client that asks for more and reads nothing is waited for, and costs no memory', async () => {
  const sftp = await RawSftp.open(client)
  const handle = await sftp.open(SFTP.open, text('/log'), uint32(1), NO_ATTRIBUTES)
  sftp.channel.pause()
  const read = packet(SFTP.read, uint32(7), handle, uint64(0), uint32(LIMITS.sftpReadBytesMax))
  const before = process.memoryUsage.rss()
  for (let count = 0; count < 20_000; count++) sftp.channel.write(read)
  await ssh(running.target('full'), ['show version'])
  // What was asked for is a hundred times as much.
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1_024 * 1_024)
  // What is still to come is not waited for.
  sftp.channel.close()
  sftp.channel.resume()
  await sftp.closed
  await stillWell(running.config)
})

test('what one session has open is bounded, in number and in bytes', async () => {
  const sftp = await RawSftp.open(client)
  const opened: Buffer[] = []
  for (let count = 0; count < LIMITS.sftpHandlesMax; count++)
    opened.push(await sftp.open(SFTP.open, text('/log'), uint32(1), NO_ATTRIBUTES))
  expect(await sftp.ask(SFTP.opendir, text('/'))).toMatchObject({ kind: 'status', code: 4 })
  for (const handle of opened) expect(await sftp.ask(SFTP.close, handle)).toMatchObject({ code: 0 })
  const uploads = LIMITS.sftpOpenBytesMax / LIMITS.configBytesMax
  for (let count = 0; count <= uploads; count++) {
    const handle = await sftp.open(SFTP.open, text('/config.xml'), uint32(0x1a), NO_ATTRIBUTES)
    const end = LIMITS.configBytesMax - 1
    const answer = await sftp.ask(SFTP.write, handle, uint64(end), text('x'))
    expect(answer).toMatchObject({ code: count < uploads ? 0 : 4 })
    expect(await sftp.ask(SFTP.write, handle, uint64(end + 1), text('x'))).toMatchObject({
      code: 4,
    })
  }
  await sftp.close()
})

test('a client that leaves in the middle of an upload has changed nothing', async () => {
  const before = running.config
  const sftp = await RawSftp.open(client)
  const handle = await sftp.open(SFTP.open, text('/config.xml'), uint32(0x1a), NO_ATTRIBUTES)
  await sftp.ask(SFTP.write, handle, uint64(0), text('<config/>'))
  await sftp.close()
  await stillWell(before)
})

test.each([
  ['a packet without a type', uint32(0)],
  ['a packet without a number', Buffer.concat([uint32(2), Buffer.of(3, 0)])],
  ['a packet beyond the limit', Buffer.concat([uint32(0xffff_ffff), Buffer.of(3)])],
  ['a negative length', Buffer.concat([uint32(0x8000_0000), Buffer.of(3)])],
])('%s ends the session, and not the login', async (_, bytes) => {
  const sftp = await RawSftp.open(client)
  expect(await sftp.answerTo(bytes)).toBeUndefined()
  const next = await RawSftp.open(client)
  expect(await next.ask(SFTP.stat, text('/log'))).toMatchObject({ kind: 'attributes' })
  await next.close()
})

test('a string that is longer than its packet is answered as a bad message', async () => {
  const sftp = await RawSftp.open(client)
  const lying = Buffer.concat([uint32(0xffff_ffff), uint64(0), uint32(1)])
  expect(await sftp.ask(SFTP.read, lying)).toMatchObject({ code: 5 })
  expect(await sftp.ask(SFTP.stat, text('/log'))).toMatchObject({ kind: 'attributes' })
  await sftp.close()
})

async function stillWell(config: string): Promise<void> {
  expect(running.config).toBe(config)
  expect(await ssh(running.target('readonly'), ['show version'])).toMatchObject({ status: 0 })
  const logged = running.sluice.process.logLines().map(({ event }) => event)
  expect(logged).not.toContain('unexpected')
  await eventually(() => running.sluice.ssh?.loginCount === 1, 'only the login of the test is left')
}

const PATHS = ['/', '/config.xml', '/running.xml', '/log', '/audit', '/revisions', '../x', '', '\0']

function request(): Buffer {
  const types = [...Object.values(SFTP), 0, 21, 99, 255]
  const fields = Array.from({ length: Math.floor(random() * 5) }, field)
  return packet(oneOf(types), uint32(below(0xffff_ffff)), ...fields)
}

function field(): Buffer {
  switch (below(6)) {
    case 0:
      return text(oneOf(PATHS))
    case 1:
      return text(String(below(4)))
    case 2:
      return uint32(below(64))
    case 3:
      return uint64(below(1e6))
    case 4:
      return uint32(0xffff_ffff)
    default:
      return text(Buffer.alloc(below(2_000), below(256)))
  }
}

/** Cut, doubled, or with some bytes that are others. */
function broken(bytes: Buffer): Buffer {
  const place = below(bytes.length)
  switch (below(3)) {
    case 0:
      return bytes.subarray(0, place)
    case 1:
      return Buffer.concat([bytes, bytes.subarray(place)])
    default:
      bytes[place] = below(256)
      return bytes
  }
}

function below(most: number): number {
  return Math.floor(random() * most)
}

function chance(share: number): boolean {
  return random() < share
}

function oneOf<Item>(items: readonly Item[]): Item {
  return items[below(items.length)] as Item
}
