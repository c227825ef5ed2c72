// A day of an operator with single commands: one ssh for each, against one running Sluice, with results, refusals and
// exit statuses as a script would see them, and the audit log of it all at the end.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectWholeAudit } from '../helpers/audited.ts'
import { connectTo, exchange } from '../helpers/clients.ts'
import { echoHost, type TestHost } from '../helpers/hosts.ts'
import { pathOf } from '../helpers/programs.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import {
  makeClientKey,
  resultOf,
  spawnSsh,
  ssh,
  type SshResult,
  type SshTarget,
} from '../helpers/ssh-client.ts'
import { until } from '../helpers/until.ts'

const run = promisify(execFile)
const SECRET = 'opensesame-opensesame'

let host: TestHost
let sluice: SluiceProcess
let view: SshTarget

beforeAll(async () => {
  host = await echoHost()
  const users = '\n    <user name="view" access="readonly" />'
  const services = serviceOf('web', [host.address, host.address])
  sluice = await startSluice({ services, users })
  view = { ...sluice.target, user: 'view', key: join(sluice.folder, 'keys', 'view') }
  makeClientKey(join(sluice.folder, 'keys'), 'view')
})

afterAll(async () => {
  await sluice.stop()
  await host.close()
})

test('a command answers in one line with exit status 0', async () => {
  const answer = await sluice.ssh('show version')
  expect(answer).toEqual({ status: 0, out: expect.stringMatching(/^sluice [^\n]+\n$/), err: '' })
})

test('what a script reads is JSON on standard output, and nothing is on standard error', async () => {
  const { status, out, err } = await sluice.ssh('show hosts --json')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(JSON.parse(out)).toMatchObject([{ path: 'web/main/a' }, { path: 'web/main/b' }])
})

test.each([
  ['nope', 2, /no command "nope"/],
  ['shwo hosts', 2, /did you mean show\?/],
  ['set host web/main/zz weight 1', 4, /zz/],
  ['set host web/main/a weight 5x', 2, /whole number from 0 to 256/],
  ["show 'hosts", 2, /quote/],
  ["js 'null.x'", 1, /TypeError/],
])('%s says why on standard error only, with exit status %d', async (line, status, why) => {
  const answer = await sluice.ssh(line)
  expect(answer).toEqual({ status, out: '', err: expect.stringMatching(why) })
  expect(await fieldOf('web/main/a', 'weight')).toBe(1)
})

test('a value in quotes keeps its blank and loses its quotes', async () => {
  await sluice.command("add check web/main http --match 'all is well'")
  expect(await sluice.command('show config')).toContain('match="all is well"')
  await sluice.command('remove check web/main 1')
})

test('a role that may not gets exit status 3, and nothing changes', async () => {
  const answer = await as(view, 'set host web/main/a weight 7')
  expect(answer).toMatchObject({ status: 3, out: '', err: expect.stringMatching(/not allowed/) })
  expect(await fieldOf('web/main/a', 'weight')).toBe(1)
})

test('JavaScript is for the role full: nobody else gets a number out of it', async () => {
  expect(await sluice.command('js lb.services.web.name')).toBe("'web'\n")
  expect(await as(view, 'js 1')).toMatchObject({ status: 3, out: '' })
  const piped = await ssh(view, ['-T'], 'process.pid\n')
  expect(piped).toMatchObject({ status: 2, out: '' })
})

test('a loop is cut while clients are served, and the process is the same one afterwards', async () => {
  const before = await pidSaid()
  const client = await connectTo(sluice.addressOf('web'))
  const received = client.received()
  const looping = sluice.ssh("js 'while(true){}'")
  client.socket.end('through it all')
  expect(await looping).toMatchObject({ status: 1, err: expect.stringMatching(/cut after/) })
  expect((await received).toString()).toBe('through it all')
  expect(await exchange(sluice.addressOf('web'), 'and after it')).toBe('and after it')
  expect(await pidSaid()).toBe(before)
})

test('input that nobody asked for holds no command up, however much it is', async () => {
  const zeros = await ssh(sluice.target, ['show version'], Buffer.alloc(20_000_000))
  expect(zeros).toMatchObject({ status: 0, err: '' })
  const endless = spawnSsh(sluice.target, ['show version'])
  endless.stdin.on('error', () => {})
  const say = () => endless.stdin.write('y\n'.repeat(10_000), (error) => error ?? say())
  say()
  expect(await resultOf(endless)).toMatchObject({ status: 0, err: '' })
})

test('an answer of more than a hundred megabytes is given up when its client left', async () => {
  const child = spawnSsh(sluice.target, ['batch'])
  child.stdin.on('error', () => {})
  child.stdin.end(`${'show limits --json\n'.repeat(10_000)}set host web/main/b weight 9\n`)
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  await once(child, 'close')
  await untilAlone()
  // The last line was not reached.
  expect(await fieldOf('web/main/b', 'weight')).toBe(1)
})

test('what goes on ends by itself where only its beginning is asked for', async () => {
  const { status, out, err } = await sluice.ssh('tail log | head 1')
  expect({ status, out, err }).toEqual({
    status: 0,
    out: expect.stringMatching(/^[^\n]+\n$/),
    err: '',
  })
})

test('who follows the log and leaves with Ctrl-C leaves nothing behind', async () => {
  const before = await timersOf()
  for (let count = 0; count < 5; count++) {
    const child = spawnSsh(sluice.target, ['tail log'])
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    await once(child, 'close')
  }
  await untilAlone()
  expect(await timersOf()).toBe(before)
})

test('Ctrl-C in a terminal ends what goes on, with exit status 130', async () => {
  const child = spawnSsh(sluice.target, ['-tt', 'tail log'])
  await once(child.stdout, 'data')
  child.stdin.write('\u0003')
  expect(await resultOf(child)).toMatchObject({ status: 130 })
})

test('a document is compared without anything being done, and one beyond the limit is refused', async () => {
  const running = await sluice.command('show config')
  const document = running.replace('name="a"', 'name="a" weight="9"')
  const dry = await ssh(sluice.target, ['apply --dry-run --json'], document)
  expect(dry).toMatchObject({ status: 0, err: '' })
  expect(JSON.parse(dry.out)).toMatchObject({
    dryRun: true,
    differences: [{ path: 'web/main/a', field: 'weight' }],
  })
  expect(await fieldOf('web/main/a', 'weight')).toBe(1)
  const zeros = await ssh(sluice.target, ['apply --dry-run'], Buffer.alloc(9_000_000))
  expect(zeros).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/8388608|8 MiB/) })
})

test('a program asks four things over one login, and each answer has its id', async () => {
  const lines = [
    { id: 1, command: 'show version' },
    { id: 2, command: 'set host web/main/b weight 3' },
    '{"id": 3,',
    { id: 4, command: 'nope' },
  ].map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const { status, out, err } = await ssh(sluice.target, ['-s', 'json-rpc'], lines.join('\n'))
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const answers = out.trim().split('\n')
  expect(answers.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { id: 1, exit: 0, result: { version: expect.any(String) } },
    { id: 2, exit: 0, result: { after: 3 } },
    { id: null, exit: 2 },
    { id: 4, exit: 2 },
  ])
})

test('PuTTY and Dropbear pass the exit status on', async () => {
  const { folder, port, key = '' } = sluice.target
  const own = join(folder, 'dropbear-key')
  await run('dropbearconvert', ['openssh', 'dropbear', key, own])
  const args = ['-y', '-y', '-T', '-i', own, '-p', String(port), 'op@127.0.0.1']
  const dbclient = (line: string) => statusOf(pathOf('dbclient'), [...args, line])
  expect(await dbclient('show version')).toBe(0)
  expect(await dbclient('set host web/main/zz weight 1')).toBe(4)
  const ppk = join(folder, 'op.ppk')
  await run(pathOf('puttygen'), [key, '-o', ppk, '-O', 'private'], { env: { HOME: folder } })
  const [{ fingerprint } = { fingerprint: '' }] = await hostKeysShown()
  const login = ['-ssh', '-batch', '-hostkey', fingerprint, '-i', ppk, '-P', String(port)]
  const plink = (line: string) =>
    statusOf(pathOf('plink'), [...login, '-l', 'op', '127.0.0.1', line])
  expect(await plink('show version')).toBe(0)
  expect(await plink('nope')).toBe(2)
})

test('the audit log has what was refused and what was changed, and no secret', async () => {
  expect(await as(view, `user set view --password ${SECRET}`)).toMatchObject({ status: 3 })
  const by = { operator: 'view', address: '127.0.0.1' }
  const refused = { ...by, event: 'refused' }
  const weightOfB = { event: 'change', origin: 'ssh:op', path: 'web/main/b', field: 'weight' }
  await expectWholeAudit(
    sluice,
    [
      { event: 'start' },
      { ...refused, line: 'set host web/main/a weight 7' },
      { ...refused, line: 'js 1' },
      { event: 'result', operator: 'op', exit: 2 },
      { event: 'javascript', operator: 'op', line: 'while(true){}' },
      { event: 'command', operator: 'op', line: 'set host web/main/b weight 3' },
      { ...weightOfB, before: 1, after: 3 },
    ],
    [SECRET, readFileSync(sluice.target.key ?? '', 'utf8').split('\n')[2] ?? SECRET],
  )
})

function as(target: SshTarget, line: string): Promise<SshResult> {
  return ssh(target, [line])
}

async function fieldOf(path: string, field: string): Promise<unknown> {
  const hosts = await sluice.show<Readonly<Record<string, unknown>>>('hosts')
  return hosts.find((shown) => shown.path === path)?.[field]
}

async function engineShown(): Promise<{
  pid: number
  hostKeys: readonly { fingerprint: string }[]
}> {
  return JSON.parse(await sluice.command('show engine --json'))
}

async function hostKeysShown(): Promise<readonly { fingerprint: string }[]> {
  return (await engineShown()).hostKeys
}

async function pidSaid(): Promise<number> {
  const { pid } = await engineShown()
  expect(pid).toBe(sluice.child.pid)
  return pid
}

/** Nobody is logged in but the one who asks. */
async function untilAlone(): Promise<void> {
  await until(async () => (await sluice.show('operators')).length === 1, 'nobody else is there')
}

async function timersOf(): Promise<string> {
  const kinds = 'process.getActiveResourcesInfo()'
  return sluice.command(`js '${kinds}.filter((kind) => kind === "Timeout").length'`)
}

async function statusOf(program: string, args: readonly string[]): Promise<number> {
  const env = { ...process.env, HOME: sluice.folder }
  return run(program, [...args], { env }).then(
    () => 0,
    (error: { readonly code: number }) => error.code,
  )
}
