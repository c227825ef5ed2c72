// The bench as a whole, as small as it gets: two columns, one row, one round of one second.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { Operator } from '../../scripts/bench/operator.ts'
import {
  commandLineOf,
  cpuNsOf,
  residentBytesOf,
  threadsCpuNsOf,
  treeOf,
  userBytesOf,
} from '../../scripts/bench/processes.ts'
import { Rig } from '../../scripts/bench/rig.ts'

const COMMAND = ['--import', 'tsx', 'scripts/bench/main.ts', '--quick']
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a run prints its table, writes its samples and leaves nothing behind', async () => {
  const json = join(folder, 'samples.json')
  const bench = start('--only', 'direct,bare', '--scenarios', 'bulk', '--json', json)
  const [report, status] = await Promise.all([text(bench.stdout), ended(bench)])
  expect(status).toBe(0)
  expect(report).toMatch(/transfer 64 MB +GB\/s +[\d.]+ +[\d.]+\n/)
  expect(JSON.parse(readFileSync(json, 'utf8')).samples).toHaveLength(2)
  expect(leftIn(folder)).toEqual([])
})

test('an interrupted run stops what it started', async () => {
  const bench = start('--only', 'bare', '--scenarios', 'bulk', '--seconds', '60')
  const errors = text(bench.stderr)
  await started(bench)
  const children = startedBy(bench.pid ?? 0)
  bench.kill('SIGTERM')
  expect(await ended(bench)).toBe(130)
  expect(await errors).toContain('bench: interrupted')
  expect(children.length).toBeGreaterThan(1)
  await expect.poll(() => children.filter(exists)).toEqual([])
  expect(leftIn(folder)).toEqual([])
})

test('CPU time and memory of a process tree are seen', () => {
  const pids = treeOf(process.pid)
  const before = cpuNsOf(pids)
  const deadline = performance.now() + 50
  while (performance.now() < deadline) Math.sqrt(deadline)
  expect(cpuNsOf(pids)).toBeGreaterThan(before + 10e6)
  expect(residentBytesOf(pids)).toBeGreaterThan(10e6)
  expect(userBytesOf(pids)).toBeGreaterThan(10e6)
  expect(userBytesOf(pids)).toBeLessThan(residentBytesOf(pids))
})

test('CPU time of threads is found by their name', () => {
  expect(threadsCpuNsOf(process.pid, 'sluice-io')).toBeUndefined()
  // Whatever the main thread is called, it has used some.
  const name = readFileSync(`/proc/${process.pid}/comm`, 'utf8').trim()
  expect(threadsCpuNsOf(process.pid, name)).toBeGreaterThan(10e6)
})

test('an operator of the bench loops at the prompt until Sluice cuts the loop', async () => {
  const rig = new Rig({ engine: 'node' })
  onTestFinished(() => rig.stop())
  expect(await rig.start(['sluice'], ['looped'])).toEqual([])
  const operator = await Operator.login(rig, rig.relay('sluice', 'looped'))
  await operator.loop()
  expect(operator.cut).toBe(false)
  await operator.looped()
  expect(operator.cut).toBe(true)
  await operator.logout()
})

function start(...args: string[]) {
  const env = { ...process.env, TMPDIR: folder }
  return spawn(process.execPath, [...COMMAND, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function ended(bench: ReturnType<typeof start>): Promise<number | null> {
  return new Promise((resolve) => bench.once('close', resolve))
}

/** Resolves when a first load is on its way. */
async function started(bench: ReturnType<typeof start>): Promise<void> {
  await new Promise<void>((resolve) => {
    bench.stderr.on('data', (piece: Buffer) => {
      if (String(piece).includes('warming up')) resolve()
    })
  })
}

/** All below the bench but the compiler that tsx keeps beside it, and what has ended since it was listed. */
function startedBy(pid: number): number[] {
  const below = treeOf(pid).filter((each) => each !== pid)
  return below.filter((each) => {
    const line = commandLineOf(each)
    return line !== '' && !line.includes('esbuild')
  })
}

/** tsx keeps its cache in the same place. */
function leftIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('sluice-bench'))
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
