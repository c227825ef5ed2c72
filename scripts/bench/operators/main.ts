// `npm run bench:ssh`: what operators, and strangers who would like to be, cost the traffic and the memory of one
// process on the node engine. Progress goes to stderr, the report to stdout; the exit status is 1 where a target is missed.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Child, Children } from '../children.ts'
import { readEnvironment } from '../environment.ts'
import { residentBytesOf } from '../processes.ts'
import { spreadOf } from '../statistics.ts'

const PROGRAMS = join(import.meta.dirname, 'programs')
const MAIN = join(import.meta.dirname, '../../../dist/main.js')
const COLLECT = join(import.meta.dirname, '../programs/collect-on-signal.js')
const STRANGERS_PER_SECOND = 50
const MEGABYTE = 1024 * 1024

/** The promises, and what breaks them. */
const TARGETS = {
  'p99 of traffic, added by 50 strangers/s (ms)': { most: 5 },
  'commands over one connection (per s)': { least: 200 },
  '100 idle logins with a prompt (MB)': { most: 50 },
  'grown after 10,000 logins (MB)': { most: 20 },
} as const
type Figure = keyof typeof TARGETS

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    logins: { type: 'string', default: '10000' },
  },
})
const [rounds, seconds, logins] = [given.rounds, given.seconds, given.logins].map(Number)

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
const children = new Children()
process.once('SIGINT', () => void children.close())
try {
  report(await measure())
} finally {
  await children.close()
  rmSync(folder, { recursive: true })
}

async function measure(): Promise<Readonly<Record<Figure, number>>> {
  const sluice = await startSluice()
  const held = await heldMegabytes(sluice)
  say(`100 logins: ${held.toFixed(1)} MB`)
  const added: number[] = []
  for (let round = 1; round <= (rounds ?? 1); round += 1) {
    const calm = await roundTrips(sluice, false)
    const stormy = await roundTrips(sluice, true)
    added.push(stormy - calm)
    say(`round ${round}: p99 ${calm.toFixed(2)} ms alone, ${stormy.toFixed(2)} ms with strangers`)
  }
  const { done, ms } = await operators(sluice, 'commands', 4_000)
  say(`commands: ${Math.round((done / ms) * 1_000)} a second`)
  const grown = await grownMegabytes(sluice)
  return {
    'p99 of traffic, added by 50 strangers/s (ms)': spreadOf(added)?.median ?? Number.NaN,
    'commands over one connection (per s)': (done / ms) * 1_000,
    '100 idle logins with a prompt (MB)': held,
    'grown after 10,000 logins (MB)': grown,
  }
}

interface Sluice {
  readonly child: Child
  readonly port: number
  readonly sshPort: number
}

async function startSluice(): Promise<Sluice> {
  const host = program('echo-host.js', [])
  const hostPort = await said(host, /^(\d+)$/m)
  execFileSync('mkdir', ['-m', '700', join(folder, 'keys')])
  const key = join(folder, 'keys', 'op')
  execFileSync('ssh-keygen', ['-q', '-N', '', '-t', 'ed25519', '-f', key])
  writeFileSync(
    join(folder, 'config.xml'),
    `<config>
  <service name="echo">
    <listen ip="127.0.0.1:0" />
    <group name="main" enable="true"><host name="a" ip="127.0.0.1:${hostPort}" /></group>
  </service>
  <admin><ssh listen="127.0.0.1:0" enable="true" /><user name="op" access="full" /></admin>
  <logging file="sluice.log" level="warn" />
</config>
`,
    { mode: 0o600 },
  )
  const child = children.start('sluice', {
    program: process.execPath,
    args: ['--expose-gc', '--import', COLLECT, MAIN, 'run', '--config', 'config.xml'],
    folder,
  })
  const sshPort = await said(child, /ssh -i \S+ -p (\d+) /)
  const port = await said(child, /service echo listens on [^\s,]*:(\d+)/)
  return { child, port, sshPort }
}

/** @returns the p99 of round trips through the service, in milliseconds */
async function roundTrips({ port, sshPort }: Sluice, strangers: boolean): Promise<number> {
  const storm = strangers
    ? program('strangers.js', [String(sshPort), String(STRANGERS_PER_SECOND)])
    : undefined
  // The first second is not looked at: processes start in it.
  await sleep(1_000)
  const clients = program('round-trips.js', [String(port)])
  await sleep((seconds ?? 1) * 1_000)
  await clients.stop()
  await storm?.stop()
  if (storm !== undefined) say(`strangers: ${storm.output.trim()}`)
  const times = (JSON.parse(clients.output) as number[]).toSorted((a, b) => a - b)
  return (times[Math.floor(times.length * 0.99)] ?? 0) / 1_000
}

async function operators({ sshPort }: Sluice, what: string, count: number) {
  const child = program('logins.js', [
    String(sshPort),
    join(folder, 'keys', 'op'),
    what,
    String(count),
  ])
  const status = await child.ended
  if (status !== 0) throw new Error(`${what} ended with ${status}: ${child.lastWords}`)
  return JSON.parse(child.output) as { readonly done: number; readonly ms: number }
}

async function heldMegabytes(sluice: Sluice): Promise<number> {
  const before = await residentMegabytes(sluice.child)
  const holder = program('logins.js', [
    String(sluice.sshPort),
    join(folder, 'keys', 'op'),
    'hold',
    '100',
  ])
  await said(holder, /"held":(100)/)
  const after = await residentMegabytes(sluice.child)
  await holder.stop()
  return after - before
}

/** What is in use: garbage is collected first, and freed pages are given a moment to go. */
async function residentMegabytes(child: Child): Promise<number> {
  child.signal('SIGUSR2')
  await sleep(2_000)
  return residentBytesOf([child.pid]) / MEGABYTE
}

// Memory that is only waiting to be collected is not growth: the first half of the logins warms up, the second
// half is looked at.
async function grownMegabytes(sluice: Sluice): Promise<number> {
  const half = Math.ceil((logins ?? 2) / 2)
  const { child } = sluice
  await operators(sluice, 'churn', half)
  const before = await residentMegabytes(child)
  say(`${half} logins: ${before.toFixed(1)} MB, ${descriptorsOf(child.pid)} descriptors`)
  await operators(sluice, 'churn', half)
  const after = await residentMegabytes(child)
  say(`${2 * half} logins: ${after.toFixed(1)} MB, ${descriptorsOf(child.pid)} descriptors`)
  return after - before
}

function descriptorsOf(pid: number): number {
  return execFileSync('ls', [`/proc/${pid}/fd`], { encoding: 'utf8' })
    .trim()
    .split('\n').length
}

function program(file: string, args: readonly string[]): Child {
  const path = join(PROGRAMS, file)
  return children.start(file, {
    program: process.execPath,
    args: [path, ...args],
    folder: dirname(MAIN),
  })
}

async function said(child: Child, pattern: RegExp): Promise<number> {
  for (;;) {
    const found = pattern.exec(child.output)?.[1]
    if (found !== undefined) return Number(found)
    if (!child.running) throw new Error(`${child.name} ended: ${child.lastWords}`)
    await sleep(50)
  }
}

function report(figures: Readonly<Record<Figure, number>>): void {
  const { node, cpu, kernel, load } = readEnvironment()
  console.log(`node ${node}, ${cpu}, kernel ${kernel}, load ${load.toFixed(2)}`)
  for (const [figure, value] of Object.entries(figures) as [Figure, number][]) {
    const target: { readonly most?: number; readonly least?: number } = TARGETS[figure]
    const { most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY } = target
    const met = value <= most && value >= least
    const bound = target.most === undefined ? `at least ${least}` : `at most ${most}`
    console.log(
      `${figure.padEnd(48)} ${value.toFixed(2).padStart(10)}   ${bound}: ${met ? 'met' : 'MISSED'}`,
    )
    if (!met) process.exitCode = 1
  }
}

function say(line: string): void {
  console.error(line)
}
