// What a test in the same process could not survive: errors that nobody catches, exits, signals. The ssh
// plane runs in a process of its own, which must be there and well at the end.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeClientKey, spawnSsh, ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { SshProcess } from '../helpers/ssh-process.ts'
import { TestTerminal } from '../helpers/terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-process-'))
const key = makeClientKey(folder, 'key')
const users = [{ name: 'op', access: 'full', keys: [key.line] } as const]
let sluice: SshProcess
let full: SshTarget

beforeAll(async () => {
  const limits = { evaluationMs: 300, keepaliveMs: 300, keepaliveMisses: 2 }
  sluice = await SshProcess.start(users, { limits, env: { TERM: 'dumb' } })
  full = { folder, port: sluice.port, user: 'op', key: key.file }
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

const WAYS = [
  ['timer', 'setTimeout(() => { throw new Error("KIND") }, 5)'],
  ['immediate', 'setImmediate(() => { throw new Error("KIND") })'],
  ['microtask', 'queueMicrotask(() => { throw new Error("KIND") })'],
  ['next tick', 'process.nextTick(() => { throw new Error("KIND") })'],
  ['rejection', 'void Promise.reject(new Error("KIND"))'],
  ['later rejection', 'setTimeout(async () => { throw new Error("KIND") }, 5); 0'],
  ['emitter', 'setTimeout(() => new (require("events"))().emit("error", new Error("KIND")), 5); 0'],
] as const

test.each(WAYS)(
  'an uncaught error of a %s is shown, logged, and ends nothing',
  async (kind, code) => {
    const line = code.replace('KIND', `shown ${kind}`)
    const { status, err } = await ssh(
      full,
      ['-T'],
      `${line}\nawait new Promise((done) => setTimeout(done, 50))\n`,
    )
    expect(status).toBe(1)
    expect(err).toMatch(new RegExp(`^Uncaught \\(async\\) Error.*shown ${kind}`))
    await sluice.printed(
      (each) => each.event === 'ssh prompt error' && String(each.reason).includes(`shown ${kind}`),
    )
  },
)

/** What still runs when its operator left: timers do not. */
const LATER = 'require("timers/promises").setTimeout(100)'

test.each([
  ['microtask', `${LATER}.then(() => queueMicrotask(() => { throw new Error("KIND") })); 0`],
  ['next tick', `${LATER}.then(() => process.nextTick(() => { throw new Error("KIND") })); 0`],
  ['rejection', `void ${LATER}.then(() => { throw new Error("KIND") })`],
  ['file', `${LATER}.then(() => require("fs").stat("/", () => { throw new Error("KIND") })); 0`],
  [
    'emitter',
    `${LATER}.then(() => process.nextTick(() => new (require("events"))().emit("error", new Error("KIND")))); 0`,
  ],
])(
  'an uncaught error of a %s after the operator left is logged with the name',
  async (kind, code) => {
    await ssh(full, ['-T'], `${code.replace('KIND', `left ${kind}`)}\n`)
    const logged = await sluice.printed((each) => String(each.reason).includes(`left ${kind}`))
    expect(logged).toMatchObject({ event: 'ssh prompt error', operator: 'op' })
    expect(sluice.alive).toBe(true)
  },
)

test('what is thrown without being an error finds its operator as well', async () => {
  const input =
    'setTimeout(() => { throw 5001 }, 5); 0\nawait new Promise((done) => setTimeout(done, 50))\n'
  await ssh(full, ['-T'], input)
  expect(await sluice.printed((each) => each.reason === '5001')).toMatchObject({ operator: 'op' })
})

test('process.exit() ends nothing, now or later', async () => {
  expect(await ssh(full, ['-T'], 'process.exit(3)\n')).toMatchObject({ status: 1 })
  expect(await ssh(full, ['-T'], 'await 1; process.exit(3)\n')).toMatchObject({ status: 1 })
  for (const line of [
    'await 1; require("node:process").exit(3)',
    '(await import("process")).exit(3)',
    '(await import("node:process")).default.exit(3)',
    'await import("process").then(({ reallyExit }) => reallyExit(3))',
    'await 1; globalThis.process.abort()',
    'module.require("process").kill(process.pid)',
    'await 1; module.require("node:process").exit(3)',
    'process.emit("SIGTERM")',
    'require("child_process"); require("process").chdir("/")',
    'process.umask(0)',
    'process.setuid(1)',
    'process.on("SIGINT", () => {})',
    'process.once("uncaughtException", () => {})',
    'process.removeAllListeners("SIGINT")',
    'process.removeAllListeners()',
    '(await import("process")).default.on("unhandledRejection", () => {})',
    'new Function("process.exit(3)")(); require("vm").runInThisContext("process.exit(3)")',
  ]) {
    const { status, err } = await ssh(full, ['-T'], `${line}\n`)
    expect({ line, status, err }).toMatchObject({
      status: 1,
      err: expect.stringMatching(/RefusedExit|not defined/),
    })
  }
  const late = 'setTimeout(process.exit, 5); 0\nawait new Promise((done) => setTimeout(done, 50))\n'
  expect(await ssh(full, ['-T'], late)).toMatchObject({ status: 1 })
  // What it does not concern goes on as ever.
  const harmless = 'process.once("warning", () => {}); process.listenerCount("SIGINT")\n'
  expect(await ssh(full, ['-T'], harmless)).toMatchObject({ status: 0, out: '1\n', err: '' })
  expect(await ssh(full, ['show groups'])).toMatchObject({ status: 0 })
})

test('Ctrl-Z does not stop the balancer, and editing works although it was started with TERM=dumb', async () => {
  const terminal = await TestTerminal.open(full)
  try {
    await terminal.shows(/sluice>\s*$/m)
    await terminal.press('C-z')
    await terminal.type('2 + 2')
    await terminal.press('Left', 'Left', 'Left', '0', 'Enter')
    await terminal.shows(/^22$|^4$/m)
    await terminal.line('20 + 22')
    await terminal.shows(/^42$/m)
    expect(stateOf(sluice.child.pid)).not.toBe('T')
  } finally {
    await terminal.close()
  }
})

test('a client that stops reading grows no memory and is gone after its keepalive', async () => {
  const child = spawnSsh(full, ['-tt'])
  child.stdout.pause()
  child.stdin.write('var spam = setInterval(() => console.log("x".repeat(400000)), 5)\n')
  await sluice.printed((each) => String(each.line).startsWith('var spam'))
  child.kill('SIGSTOP')
  const before = residentBytes(sluice.child.pid)
  await sluice.printed((each) => each.event === 'ssh logout' && each.login === lastLogin())
  // Left behind by the operator; what it prints goes nowhere.
  await ssh(full, ['-T'], 'for (const kind of process.getActiveResourcesInfo()) kind\n')
  expect(residentBytes(sluice.child.pid) - before).toBeLessThan(64 * 1_024 * 1_024)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
})

test('what a login evaluated is let go of when it ends', async () => {
  const other = await SshProcess.start(users, { env: { NODE_OPTIONS: '--max-old-space-size=96' } })
  const target = { ...full, port: other.port, folder: other.folder }
  // Five times the heap in all.
  for (let round = 0; round < 60; round++) {
    const kept = await ssh(target, ['-T'], 'var mine = new Array(1e6).fill(0); 1\nawait 2\n')
    expect(kept).toMatchObject({ status: 0, out: '1\n2\n' })
  }
  expect(await other.stop()).toBe(0)
})

test('a stop says goodbye to who is logged in', async () => {
  const other = await SshProcess.start(users)
  const terminal = await TestTerminal.open({ ...full, port: other.port, folder: other.folder })
  try {
    await terminal.shows(/sluice>\s*$/m)
    await terminal.line('1')
    await terminal.shows(/^1$/m)
    const stopped = other.stop()
    await terminal.shows(/Sluice stops now\. Goodbye\.\n\s*status=0/)
    expect(await stopped).toBe(0)
  } finally {
    await terminal.close()
  }
})

test('an interrupt stops in good order, although the prompt was used', async () => {
  // Not 130: the prompt has not taken the signal over.
  expect(await sluice.stop()).toBe(0)
  expect(sluice.lines.map((line) => line.event)).toContain('stopped')
})

function lastLogin(): unknown {
  return sluice.lines.findLast(
    (line) => line.event === 'ssh prompt input' && String(line.line).startsWith('var spam'),
  )?.login
}

function stateOf(pid = 0): string | undefined {
  return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
}

function residentBytes(pid = 0): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1_024
}
