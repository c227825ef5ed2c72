// Commands that answer piece by piece and commands that read what comes along, through the real client: who
// reads slowly slows only the command, and who leaves ends it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seen } from '../helpers/probe-commands.ts'
import { type SshBalancer, startSshBalancer } from '../helpers/ssh-balancer.ts'
import { makeClientKey, resultOf, spawnSsh, ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { TestTerminal } from '../helpers/terminal.ts'

vi.mock('../../src/commands/table.ts', async (original) => {
  const { COMMANDS } = await original<typeof import('../../src/commands/table.ts')>()
  const { PROBES } = await import('../helpers/probe-commands.ts')
  return { COMMANDS: [...COMMANDS, ...PROBES] }
})

const folder = mkdtempSync(join(tmpdir(), 'sluice-streams-'))
const key = makeClientKey(folder, 'key')
let sluice: SshBalancer
let full: SshTarget

beforeAll(async () => {
  // Longer than anybody here takes to type, on a machine that has other work.
  const limits = { idleMs: 2_000 }
  sluice = await startSshBalancer([{ name: 'op', access: 'full', keys: [key.line] }], { limits })
  full = { folder, port: sluice.port, user: 'op', key: key.file }
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

const streamsOpen = () => seen.streamsOpen

test('a command gets all that is piped into it, and nothing at a prompt', async () => {
  const input = Buffer.alloc(5_000_003, 'x')
  expect(await ssh(full, ['swallow'], input)).toEqual({
    status: 0,
    out: '5000003 bytes\n',
    err: '',
  })
  expect(await ssh(full, ['swallow'], '')).toMatchObject({ out: '0 bytes\n' })
  expect(await ssh(full, ['-T'], 'swallow\nshow groups\n')).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^no input\nGROUP/),
  })
})

test('half of an input is a fault, not an end', async () => {
  const child = spawnSsh(full, ['swallow'])
  child.stdin.write('x'.repeat(1_000))
  await expect.poll(() => seen.inputBytes).toBe(1_000)
  child.kill('SIGKILL')
  await resultOf(child)
  await expect.poll(() => seen.inputFault).toMatch(/the client left before all of its input/)
})

test.each([
  ['a command', ['swallow'], 5],
  ['sftp', ['-s', 'sftp'], 1],
  ['json-rpc', ['-s', 'json-rpc'], 5],
  ['a script', [], 1],
] as const)(
  '%s that waits for a client who sends nothing ends after the idle time',
  async (_what, words, status) => {
    const child = spawnSsh(full, ['-T', ...words])
    const ended = await resultOf(child)
    expect(ended.status).toBe(status)
    expect(ended.out + ended.err).toContain('nothing came for 2s')
    await expect.poll(() => [...sluice.server.operators.list()]).toEqual([])
  },
)

test('a stream ends when its reader leaves', async () => {
  const child = spawnSsh(full, ['chatter'])
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGTERM')
  await resultOf(child)
  await expect.poll(streamsOpen).toBe(0)
})

test('a reader that stands still holds the stream, not the memory', async () => {
  const child = spawnSsh(full, ['chatter'])
  child.stdout.pause()
  let before = -1
  await expect
    .poll(
      () => {
        const still = seen.pieces > 0 && seen.pieces === before
        before = seen.pieces
        return still
      },
      { interval: 100, timeout: 8_000 },
    )
    .toBe(true)
  // What the client's window and the pipes between take, in lines of a thousand characters.
  expect(seen.pieces).toBeLessThan(10_000)
  child.kill('SIGKILL')
  child.stdout.destroy()
  await expect.poll(streamsOpen).toBe(0)
})

test('Ctrl-C ends a stream in a terminal with 130, and a signal does where there is none', async () => {
  const child = spawnSsh(full, ['-tt', 'linger'])
  await expect.poll(streamsOpen).toBe(1)
  child.stdin.write('\u0003')
  expect(await resultOf(child)).toMatchObject({ status: 130, out: 'waiting\r\n' })
  await expect.poll(streamsOpen).toBe(0)
  const left = spawnSsh(full, ['linger'])
  await expect.poll(streamsOpen).toBe(1)
  left.kill('SIGINT')
  await resultOf(left)
  await expect.poll(streamsOpen).toBe(0)
})

test('at the prompt Ctrl-C ends a stream, and the idle time does not count while it runs', async () => {
  const terminal = await TestTerminal.open(full)
  try {
    await terminal.shows(/sluice>\s*$/m)
    await terminal.line('linger')
    await terminal.shows(/^waiting$/m)
    // Longer than the idle time of this server.
    await ssh(full, ["js 'await new Promise((done) => setTimeout(done, 2_500))'"])
    await terminal.press('C-c')
    await terminal.shows(/^Interrupted\nsluice>\s*$/m)
    await expect.poll(streamsOpen).toBe(0)
    await terminal.line('chatter')
    await terminal.shows(/^\d+ x+$/m)
    await terminal.press('C-c')
    await terminal.shows(/^Interrupted\nsluice>\s*$/m)
    await terminal.shows(/Nothing was typed for 2s\. Goodbye\.\n\s*status=0/)
  } finally {
    await terminal.close()
  }
})
