// Commits one after the other on one service, while sessions stream through another: no session ends, every byte comes
// back as it was sent, and memory stays. SLUICE_COMMITS=1000 is the long form: 200 sessions, a minute.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { testFolder } from '../helpers/folder.ts'
import { echoHost } from '../helpers/hosts.ts'
import { seed } from '../helpers/seed.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { spawnSsh } from '../helpers/ssh-client.ts'
import { TestChild } from '../helpers/test-child.ts'
import { until } from '../helpers/until.ts'
import type { Streamed } from './programs/streaming-clients.ts'

const COMMITS = Number(process.env['SLUICE_COMMITS'] ?? 100)
const LONG = COMMITS >= 1_000
const [SESSIONS, SECONDS] = LONG ? [200, 60] : [60, 10]
const WARM_UP_COMMITS = 20
/**
 * Bytes of heap that may be more in the end. Acts, log lines and audit lines are kept up to their limits, which the
 * commits of the warm-up do not reach: 4 kB for each commit, and something for what is under way.
 */
const HEAP_GROWTH_MAX = COMMITS * 4_096 + 4_000_000
/** The system keeps pages that the heap once had. */
const RESIDENT_GROWTH_MAX = 64_000_000
const STREAM = fileURLToPath(new URL('./programs/streaming-clients.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

test(`${COMMITS} commits on one service leave ${SESSIONS} sessions of another alone (SEED=${seed})`, {
  timeout: SECONDS * 2_000 + 90_000,
}, async () => {
  const host = await echoHost()
  onTestFinished(() => host.close())
  const services = [serviceOf('stream', [host.address]), serviceOf('edited', [9, 19, 29])]
  const sluice = await startSluice({ services: services.join('') })
  const streaming = stream(sluice)
  await until(async () => host.sockets.size >= SESSIONS, 'all sessions are open')
  const operator = new Operator(sluice)
  await commitAll(operator, 'warm-up', { commits: WARM_UP_COMMITS, withinMs: 0 })
  const before = await figuresOf(sluice)

  const begunAt = performance.now()
  await commitAll(operator, 'commit', { commits: COMMITS, withinMs: SECONDS * 800 })
  const tookMs = Math.round(performance.now() - begunAt)
  const open = host.sockets.size
  const after = await figuresOf(sluice)
  await operator.leave()
  const streamed = await streamedBy(streaming)
  process.stdout.write(
    `commits: ${JSON.stringify({ seed, commits: COMMITS, tookMs, before, after, ...streamed })}\n`,
  )

  expect(open).toBe(SESSIONS)
  expect(streamed).toMatchObject({ sessions: SESSIONS, wrong: 0, errors: [] })
  expect(host.accepted).toBe(SESSIONS)
  expect(tookMs).toBeLessThan(LONG ? SECONDS * 1_000 : Infinity)
  expect(after.heapBytes).toBeLessThan(before.heapBytes + HEAP_GROWTH_MAX)
  expect(after.residentBytes).toBeLessThan(before.residentBytes + RESIDENT_GROWTH_MAX)
  expect(sluice.config).toContain(`weight="${weightOf(COMMITS)}"`)
  const [newest] = JSON.parse(await sluice.command('history --json'))
  expect(newest?.comment).toBe(`commit ${COMMITS}`)
  await sluice.stop()
})

/** Another one each time. */
function weightOf(number: number): number {
  return 2 + (number % 200)
}

/** One login that commits one candidate after the other, evenly over a time. */
async function commitAll(
  operator: Operator,
  name: string,
  { commits, withinMs }: { readonly commits: number; readonly withinMs: number },
): Promise<void> {
  const begunAt = performance.now()
  for (let number = 1; number <= commits; number++) {
    await operator.does('begin')
    await operator.does(`set host edited/main/a weight ${weightOf(number)}`)
    if (number % 2 === 1) await operator.does('add host edited/main/more 127.0.0.1:39')
    else await operator.does('remove host edited/main/more')
    await operator.does(`commit --comment '${name} ${number}'`)
    await pause(Math.max(0, begunAt + (withinMs * number) / commits - performance.now()))
  }
}

/** Asks over json-rpc, one line at a time. */
class Operator {
  readonly #ssh: ReturnType<typeof spawnSsh>
  readonly #answers: AsyncIterator<string>

  constructor({ target }: SluiceProcess) {
    this.#ssh = spawnSsh(target, ['-s', 'json-rpc'])
    this.#answers = createInterface({ input: this.#ssh.stdout })[Symbol.asyncIterator]()
    onTestFinished(() => void this.#ssh.kill())
  }

  /** Run a command that must succeed. */
  async does(command: string): Promise<void> {
    this.#ssh.stdin.write(`${JSON.stringify({ id: 1, command })}\n`)
    const { value } = await this.#answers.next()
    const { exit, error } = JSON.parse(String(value))
    assert.deepEqual({ command, exit, error }, { command, exit: 0, error: undefined })
  }

  async leave(): Promise<void> {
    this.#ssh.stdin.end()
    assert.equal((await this.#answers.next()).done, true)
  }
}

function stream(sluice: SluiceProcess): TestChild {
  const args = ['--import', TSX, STREAM, sluice.addressOf('stream'), String(seed), String(SESSIONS)]
  return new TestChild(process.execPath, args, { folder: testFolder() })
}

async function streamedBy(clients: TestChild): Promise<Streamed> {
  const { status, out, err } = await clients.stop('SIGTERM')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return JSON.parse(out) as Streamed
}

/** What the process holds, garbage left out. */
async function figuresOf(sluice: SluiceProcess) {
  const heapBytes = Number((await sluice.command(`js ${LOOK_INSIDE}`)).trim())
  const status = readFileSync(`/proc/${sluice.child.pid}/status`, 'utf8')
  const residentBytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024
  return { heapBytes, residentBytes }
}

/** Evaluated inside the process, so one expression on one line. */
const LOOK_INSIDE = `(() => {
  require('node:v8').setFlagsFromString('--expose-gc');
  const gc = require('node:vm').runInNewContext('gc');
  gc(); gc();
  return process.memoryUsage().heapUsed;
})()`.replaceAll(/\n\s*/g, ' ')
