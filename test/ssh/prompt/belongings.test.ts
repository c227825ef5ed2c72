// What the code of a login left running ends with the login, in whatever way that ended.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../helpers/free-port.ts'
import { type SshBalancer, startSshBalancer } from '../../helpers/ssh-balancer.ts'
import { makeClientKey, resultOf, spawnSsh, ssh, type SshTarget } from '../../helpers/ssh-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-belongings-'))
const key = makeClientKey(folder, 'key')
/** What the code at the prompt tells the test. */
const told: string[] = []
let sluice: SshBalancer
let full: SshTarget

beforeAll(async () => {
  sluice = await startSshBalancer([{ name: 'op', access: 'full', keys: [key.line] }], {
    prompt: { tell: (text: string) => told.push(text) },
  })
  full = { folder, port: sluice.port, user: 'op', key: key.file }
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

/** Long enough for everything that a prompt left behind to show itself. */
const aWhile = () => ssh(full, ["js 'await new Promise((done) => setTimeout(done, 2_200))'"])

test('timers go on while the operator is there and end when they leave', async () => {
  const script = [
    'setInterval(() => tell("interval"), 5)',
    'setTimeout(() => tell("once"), 5); 0',
    'setTimeout((a, b) => tell(a + b), 5, "with ", "words"); 0',
    'require("timers").setInterval(() => tell("module"), 5); 0',
    'await new Promise((done) => setTimeout(done, 60))',
    'setTimeout(() => tell("too late"), 2_000); 0',
    'await require("util").promisify(setTimeout)(1, "promised")',
    'clearTimeout(setTimeout(() => tell("cleared"), 1)); 0',
    'await new Promise((done) => setImmediate(done, 7))',
  ]
  const { status, out } = await ssh(full, ['-T'], `${script.join('\n')}\n`)
  expect({ status, out }).toEqual({
    status: 0,
    out: "[timer of this prompt]\n0\n0\n0\n0\n'promised'\n0\n7\n",
  })
  expect(told).toEqual(expect.arrayContaining(['interval', 'once', 'with words', 'module']))
  const before = told.length
  await aWhile()
  expect(told.length).toBe(before)
  expect(told).not.toContain('too late')
  expect(told).not.toContain('cleared')
})

test('followers of the balancer end with the login, those of others do not', async () => {
  const others: string[] = []
  const unfollow = sluice.balancer.follow(({ path }) => others.push(path))
  const host = sluice.balancer.service('web').group('main').host('a')
  const input = 'lb.follow(async ({ field }) => tell(`follow ${field}`)); 0\n'
  const child = spawnSsh(full, ['-T'])
  child.stdin.write(input)
  await expect
    .poll(() =>
      sluice.log.of('ssh prompt input').some(({ line }) => String(line).startsWith('lb.follow')),
    )
    .toBe(true)
  await expect
    .poll(() => {
      host.weight = (host.weight % 9) + 1
      return told.includes('follow weight')
    })
    .toBe(true)
  child.kill('SIGKILL')
  await resultOf(child)
  await expect.poll(() => sluice.server.loginCount).toBe(0)
  const before = told.length
  host.weight = 77
  expect(told.length).toBe(before)
  expect(others.at(-1)).toBe('web/main/a')
  unfollow()
})

test('servers and sockets that were opened by require end with the login', async () => {
  const port = await freePort()
  const silent = await silentServer()
  const { port: silentPort } = silent.address() as { readonly port: number }
  const child = spawnSsh(full, ['-T'])
  child.stdin.write(
    [
      `require("net").createServer((socket) => socket.resume()).listen(${port}, "127.0.0.1", () => tell("listens")); 0`,
      `require("node:net").connect(${silentPort}, "127.0.0.1").on("close", () => {}); 0`,
      `require("http").get("http://127.0.0.1:${silentPort}").on("error", () => {}); 0`,
      '',
    ].join('\n'),
  )
  await expect.poll(() => told.includes('listens')).toBe(true)
  await expect.poll(() => connectionsOf(silent)).toBe(2)
  const client = connect(port, '127.0.0.1')
  await new Promise((resolve) => client.once('connect', resolve))
  const closed = new Promise((resolve) => client.once('close', resolve))
  client.on('error', () => {})
  client.resume()
  child.stdin.end()
  expect(await resultOf(child)).toMatchObject({ status: 0 })
  await closed
  await expect.poll(() => connectionsOf(silent)).toBe(0)
  await expect.poll(() => refused(port)).toBe(true)
  await new Promise((resolve) => silent.close(resolve))
})

function silentServer(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume()
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
}

function refused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('error', () => resolve(true))
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })
}
