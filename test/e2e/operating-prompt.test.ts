// The prompt of a running Sluice in real terminals and with scripts piped into it, as an operator uses and abuses it,
// and the audit log of it all at the end. The process was started from a dumb terminal.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { treeOf } from '../../scripts/bench/processes.ts'
import { auditOf, expectWholeAudit } from '../helpers/audited.ts'
import { builtSluice } from '../helpers/built-sluice.ts'
import { serviceOf, SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { makeClientKey, ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { type TerminalOptions, TestTerminal } from '../helpers/terminal.ts'
import { TestChild } from '../helpers/test-child.ts'
import { until } from '../helpers/until.ts'

const PROMPT = /sluice>\s*$/m
const WEIGHT = 'services.web.groups.main.hosts.a.weight'
const SECRET = 'opensesame-opensesame'

let sluice: SluiceProcess
let brief: SshTarget

beforeAll(async () => {
  const users = '\n    <user name="brief" access="full" />'
  const env = { TERM: 'dumb' }
  sluice = await startSluice({ services: serviceOf('web', [9, 9]), users, env })
  brief = { ...sluice.target, user: 'brief', key: join(sluice.folder, 'keys', 'brief') }
  makeClientKey(join(sluice.folder, 'keys'), 'brief')
})

test.each([
  ['the first error ends it', '1+1\nthrow 1\n2+2\n', 1, /^2\n$/, /Uncaught 1/],
  ['.exit ends it with a status of its own', '1\n.exit 7\n2\n', 7, /^1\n$/, /^$/],
  [
    'a line waits for the one before',
    'await new Promise(r=>setTimeout(r,300,"a"))\n"b"\n',
    0,
    /^'a'\n'b'\n$/,
    /^$/,
  ],
  ['half a statement is told of', 'if (1) {\n', 1, /^$/, /in the middle of a statement/],
  ['the last line needs no end', 'lb.services.web.name', 0, /^'web'\n$/, /^$/],
  ['process.exit() is refused with advice', 'process.exit(3)\n', 1, /^$/, /refused.*Ctrl-D/],
])('in a script %s', async (_, input, status, out, err) => {
  expect(await ssh(sluice.target, ['-T'], input)).toEqual({
    status,
    out: expect.stringMatching(out),
    err: expect.stringMatching(err),
  })
  expect(await sluice.command('show version')).toMatch(/^sluice /)
})

const LATER = 'require("timers/promises").setTimeout(100)'

test.each([
  ['timer', 'setTimeout(() => { throw new Error("KIND") }, 5); 0'],
  ['rejection', 'void Promise.reject(new Error("KIND"))'],
  ['microtask', 'queueMicrotask(() => { throw new Error("KIND") })'],
  ['emitter', 'setTimeout(() => new (require("events"))().emit("error", new Error("KIND")), 5); 0'],
])('an error out of a %s is told to its operator, logged, and ends nothing', async (kind, code) => {
  const script = `${code.replace('KIND', kind)}\nawait new Promise((done) => setTimeout(done, 50))\n`
  const { status, err } = await ssh(sluice.target, ['-T'], script)
  expect({ status, err }).toEqual({ status: 1, err: expect.stringMatching(/^Uncaught \(async\)/) })
  expect(await errorLogged(kind)).toMatchObject({ operator: 'op' })
})

test.each([
  ['rejection', `void ${LATER}.then(() => { throw new Error("KIND") })`],
  ['microtask', `${LATER}.then(() => queueMicrotask(() => { throw new Error("KIND") })); 0`],
  ['callback', `${LATER}.then(() => require("fs").stat("/", () => { throw Error("KIND") })); 0`],
])('an error out of a %s after its operator left is logged with the name', async (kind, code) => {
  const { status } = await ssh(sluice.target, ['-T'], `${code.replace('KIND', `left ${kind}`)}\n`)
  expect(status).toBe(0)
  expect(await errorLogged(`left ${kind}`)).toMatchObject({ operator: 'op' })
  expect(await sluice.command('show version')).toMatch(/^sluice /)
})

test('Tab lists the live names, and a long line is edited across the edge of any window', async () => {
  const terminal = await open()
  await terminal.type('services.web.groups.main.hosts.')
  await terminal.pressUntil('Tab', /^services\.web\.groups\.main\.hosts\.a\b/m)
  await terminal.press('C-c')
  await terminal.type(`"${'x'.repeat(100)}"`)
  await terminal.shows(/^sluice> "x{71}\nx{29}"$/m)
  await terminal.resize(60, 20)
  await terminal.shows(/^sluice> "x{51}\nx{49}"$/m)
  await terminal.press('Left', 'BSpace', 'End', 'Enter')
  await terminal.shows(/^'x{59}\nx{40}'$/m)
})

test('Ctrl-C gives up what is waited for, and the prompt is back', async () => {
  const terminal = await open()
  await terminal.line('await new Promise(() => {})')
  await terminal.shows(/\{\}\)$/m)
  await terminal.press('C-c')
  await terminal.shows(/^Uncaught Interrupted$/m)
  await terminal.line('1+1')
  await terminal.shows(/^2$/m)
})

test('Ctrl-D ends the editor first, and on an empty line it leaves with status 0', async () => {
  const terminal = await open()
  await terminal.line('.editor')
  await terminal.shows(/Entering editor mode/)
  await terminal.line('40 + 2')
  await terminal.press('C-d')
  await terminal.shows(/^42$/m)
  await terminal.press('C-d')
  await terminal.shows(/^status=0$/m)
})

test('Ctrl-Z stops nothing, also where Sluice was started from a shell with job control', async () => {
  const first = await startSluice({ services: '' })
  await first.stop()
  // As `sluice run &` is typed: a process group of its own, which a signal to itself would stop.
  const script = '"$@" & wait $!'
  const command = [...builtSluice(), 'run', '--config', 'config.xml']
  const shell = new TestChild('bash', ['-mc', script, 'bash', ...command], first)
  await shell.says(/Ctrl-C stops gracefully\./)
  const second = new SluiceProcess(first.folder, shell)
  const pid = treeOf(shell.pid).find((each) => each !== shell.pid) ?? 0
  const terminal = await open(second.target)
  await terminal.press('C-z')
  await terminal.line('20 + 22')
  await terminal.shows(/^42$/m)
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^State:\s+T/m)
  process.kill(pid, 'SIGTERM')
  expect(await shell.ended).toMatchObject({ status: 0 })
})

test('two prompts of one operator keep the lines of both, in a file for nobody else, without secrets', async () => {
  const [one, two] = [await open(brief), await open(brief)]
  for (const [terminal, word] of [
    [one, 'one'],
    [two, 'two'],
    [one, 'three'],
    [two, 'four'],
  ] as const) {
    await terminal.line(`"${word}"`)
    await terminal.shows(new RegExp(`^'${word}'$`, 'm'))
  }
  await one.line(`var password = "${SECRET}"`)
  await one.shows(/opensesame"\n+sluice>\s*$/)
  for (const terminal of [one, two]) {
    await terminal.press('C-d')
    await terminal.shows(/^status=0$/m)
  }
  const again = await open(brief)
  await again.press('Up', 'Up', 'Up', 'Up')
  await again.shows(/sluice> "one"$/m)
  const file = join(sluice.folder, 'history', 'brief')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain(SECRET)
})

test('names belong to one prompt, and what is changed at one is seen at the other', async () => {
  const [one, two] = [await open(), await open(brief)]
  await one.line('const x = 1')
  await one.shows(/const x = 1\n+sluice>\s*$/)
  await two.line('typeof x')
  await two.shows(/^'undefined'$/m)
  await one.line(`${WEIGHT} = 5`)
  await one.shows(/^5$/m)
  await two.line(`"weight " + ${WEIGHT}`)
  await two.shows(/^'weight 5'$/m)
})

test('what is typed does nothing before Enter', async () => {
  const terminal = await open()
  const before = await sluice.command(`js ${WEIGHT}`)
  await terminal.type(`(() => { ${WEIGHT} = 77 })()`)
  await terminal.shows(/77 \}\)\(\)$/m)
  expect(await sluice.command(`js ${WEIGHT}`)).toBe(before)
  await terminal.press('C-c')
  await terminal.line('1+1')
  await terminal.shows(/^2$/m)
  expect(await sluice.command(`js ${WEIGHT}`)).toBe(before)
})

test('colours and escape codes are what the terminal of the operator takes', async () => {
  const plain = await open()
  await plain.line('42')
  await plain.shows(/^42$/m)
  expect(await plain.coloredScreen()).toContain('\u001b[33m42')

  const asked = { ...sluice.target, options: ['SendEnv=NO_COLOR'] }
  const colourless = await open(asked, { environment: { NO_COLOR: '1' } })
  await colourless.line('42')
  await colourless.shows(/^42$/m)
  expect(await colourless.coloredScreen()).not.toContain('\u001b[33m')

  const dumb = await open(sluice.target, { type: 'dumb' })
  await dumb.line('40 + 2')
  expect(await dumb.shows(/^42$/m)).not.toMatch(/\[\d*[GJm]/)
  await dumb.press('C-d')
  await dumb.shows(/^status=0$/m)
})

test('Ctrl-C where Sluice was started stops it in good order, after all that was done at its prompt', async () => {
  expect(await sluice.child.stop('SIGINT')).toMatchObject({ status: 0, err: '' })
  expect(existsSync(sluice.controlPath)).toBe(false)
})

test('the audit log has every line that was evaluated, every change, and no secret', async () => {
  const typed = { event: 'javascript', operator: 'op' }
  await expectWholeAudit(
    sluice,
    [
      { ...typed, line: '1+1' },
      { ...typed, line: 'throw 1' },
      { ...typed, line: 'process.exit(3)' },
      { ...typed, line: `${WEIGHT} = 5` },
      { event: 'change', origin: 'ssh:op', path: 'web/main/a', field: 'weight', after: 5 },
      { event: 'stop' },
    ],
    [SECRET],
  )
  const lines = auditOf(sluice).map(({ line }) => String(line))
  // What nobody sent was not evaluated, and is told of nowhere.
  expect(lines.filter((line) => line.includes('77'))).toEqual([])
})

/** A prompt in a terminal of its own, until the test is over. */
async function open(
  target: SshTarget = sluice.target,
  options: TerminalOptions = {},
): Promise<TestTerminal> {
  const terminal = await TestTerminal.open(target, options)
  onTestFinished(() => terminal.close())
  await terminal.shows(PROMPT)
  return terminal
}

async function errorLogged(reason: string): Promise<Readonly<Record<string, unknown>>> {
  return until(async () => {
    const errors = sluice.logged('ssh prompt error')
    return errors.find((line) => String(line.reason).includes(reason))
  }, `the error is logged: ${reason}`)
}
