// Typed commands through the real OpenSSH client: results, messages and exit statuses kept apart, and
// what Sluice does not offer refused without ending anything.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resultOf, spawnSsh, ssh, type SshTarget } from '../../helpers/ssh-client.ts'
import { type SshOperators, startSshOperators } from '../../helpers/ssh-operators.ts'

/** What ssh2's client has and its declarations have not. */
interface Inside {
  readonly _protocol: { session(id: number, window: number, packetSize: number): void }
}

let sluice: SshOperators
let full: SshTarget
let view: SshTarget

beforeAll(async () => {
  sluice = await startSshOperators({ limits: { evaluationMs: 300 } })
  ;({ full, view } = sluice)
})

afterAll(() => sluice.stop())

test('a command prints its result and ends with status 0', async () => {
  const { status, out, err } = await ssh(full, ['show hosts'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toMatch(/^HOST .*\nweb\/main\/a /)
})

test('data for scripts comes on standard output alone', async () => {
  const { status, out, err } = await ssh(full, ['show hosts --json'])
  expect(JSON.parse(out).map((host: { name: string }) => host.name)).toEqual(['a', 'b', 'c'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
})

test.each([
  ['nope', 2, /nope/],
  ['set host web/main/zz weight 1', 4, /zz/],
  ['set host web/main/a weight 5x', 2, /whole number/],
  ["show 'hosts", 2, /quote/],
])('%s ends with status %d and says why on standard error only', async (line, status, why) => {
  const result = await ssh(full, [line])
  expect(result).toMatchObject({ status, out: '' })
  expect(result.err).toMatch(why)
})

test('a command changes the balancer with its author known', async () => {
  const origins: string[] = []
  const unfollow = sluice.balancer.follow(({ origin }) => origins.push(origin))
  expect(await ssh(full, ['set host web/main/a weight 5'])).toMatchObject({ status: 0, err: '' })
  unfollow()
  expect(sluice.balancer.service('web').group('main').host('a').weight).toBe(5)
  expect(origins).toEqual(['ssh:op'])
})

test('a role that may not gets status 3, changes nothing and is in the log', async () => {
  const host = sluice.balancer.service('web').group('main').host('b')
  expect(await ssh(view, ['set host web/main/b weight 7'])).toMatchObject({ status: 3, out: '' })
  expect(host.weight).toBe(1)
  expect(sluice.log.of('ssh exec')).toContainEqual(
    expect.objectContaining({ operator: 'view', line: 'set host web/main/b weight 7' }),
  )
})

test('js evaluates for the role full and for nobody else', async () => {
  expect(await ssh(full, ['js lb.services.web.name'])).toEqual({
    status: 0,
    out: "'web'\n",
    err: '',
  })
  expect(await ssh(full, ["js 'await Promise.resolve(40 + 2)'"])).toMatchObject({
    status: 0,
    out: '42\n',
  })
  const failed = await ssh(full, ['js null.x'])
  expect(failed).toMatchObject({ status: 1, out: '' })
  expect(failed.err).toMatch(/^Uncaught TypeError.*\n\s+at REPL\d+:1:6\n$/)
  expect(await ssh(view, ['js 1'])).toMatchObject({ status: 3, out: '' })
})

test('an endless loop is cut and the balancer goes on', async () => {
  const before = performance.now()
  const { status, err } = await ssh(full, ["js 'while(true){}'"])
  expect(status).toBe(1)
  expect(err).toMatch(/CutEvaluation: cut after 300ms/)
  expect(performance.now() - before).toBeLessThan(2_000)
  expect(await ssh(full, ['show hosts'])).toMatchObject({ status: 0 })
})

test('input that nobody reads does not hold a command up', async () => {
  const input = Buffer.alloc(20_000_000)
  expect(await ssh(full, ['show hosts'], input)).toMatchObject({ status: 0, err: '' })
})

test('a command with a terminal prints lines that do not make stairs', async () => {
  const { status, out } = await ssh(full, ['-tt', 'show hosts'])
  expect(status).toBe(0)
  expect(out).toMatch(/^HOST .*\r\n(web.*\r\n){3}$/)
})

test('Ctrl-C in a terminal ends a command with 130', async () => {
  const child = spawnSsh(full, ['-tt', "js 'await new Promise(() => {})'"])
  await expect.poll(() => sluice.log.of('ssh prompt input').length).toBeGreaterThan(0)
  child.stdin.end('\u0003')
  expect(await resultOf(child)).toMatchObject({ status: 130 })
})

test('a client that leaves ends what it waits for', async () => {
  const logouts = sluice.log.of('ssh logout').length
  const child = spawnSsh(full, ["js 'await new Promise(() => {})'"])
  const line = 'await new Promise(() => {})'
  await expect
    .poll(() => sluice.log.of('ssh prompt input').filter((facts) => facts.line === line).length)
    .toBe(2)
  child.kill('SIGINT')
  await resultOf(child)
  await expect.poll(() => sluice.log.of('ssh logout').length).toBeGreaterThan(logouts)
  await expect.poll(() => sluice.server.loginCount).toBe(0)
})

test('a line longer than a packet may be ends its own connection and nothing else', async () => {
  const long = `js '${'1 + '.repeat(20_000)}1'`
  expect(await ssh(full, [long])).toMatchObject({ status: 255, out: '' })
  expect(await ssh(full, ['show groups'])).toMatchObject({ status: 0 })
})

test('unknown subsystems and forwarding are refused and the session itself goes on', async () => {
  expect(await ssh(full, ['-s', 'netconf'])).toMatchObject({ status: 255, out: '' })
  expect(await ssh(full, ['-A', '-X', 'show groups'])).toMatchObject({ status: 0 })
  const remote = await ssh(
    { ...full, options: ['ExitOnForwardFailure=no', 'RemoteForward=127.0.0.1:0 127.0.0.1:1'] },
    ['show groups'],
  )
  expect(remote).toMatchObject({ status: 0 })
  expect(await ssh({ ...full, options: ['ForwardAgent=yes'] }, ['-W127.0.0.1:22'])).toMatchObject({
    status: 255,
  })
  const requests = sluice.log.of('ssh request refused').map((facts) => facts.request)
  expect(requests).toEqual(expect.arrayContaining(['subsystem netconf', 'tcpip-forward']))
})

test('a client that opens a channel with packets of no size cannot hang the process', async () => {
  const client = new ssh2.Client()
  client.on('error', () => {})
  const closed = new Promise<void>((resolve) => client.on('close', () => resolve()))
  client.on('ready', () => {
    // What no honest client does: the number after the window is the largest packet it takes.
    const { _protocol: protocol } = client as unknown as Inside
    protocol.session(0, 65_536, 0)
  })
  client.connect({
    host: '127.0.0.1',
    port: sluice.port,
    username: 'view',
    privateKey: readFileSync(sluice.key.file),
  })
  await closed
  expect(await ssh(full, ['show groups'])).toMatchObject({ status: 0 })
})

test('the same port says goodbye to what is no ssh', async () => {
  const socket = connect(sluice.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.end('GET / HTTP/1.1\r\n\r\n')
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
})
