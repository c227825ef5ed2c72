// How long all metrics take to collect, and how long everything else waits for it, in a process with many hosts. Open
// sessions are not part of it: no metric looks at them one by one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sluice } from '../../../src/app/run.ts'
import { Metrics } from '../../../src/web/metrics/metrics.ts'
import { LoopProbe } from '../document/loop-probe.ts'
import { type Figure, say, tell } from './figures.ts'
import { readOptions } from './options.ts'

/** The targets are those of the first one; the other one is for information. */
const HOSTS = [1_000, 10_000] as const
const MOST_MS = 50
const MOST_BLOCK_MS = 20
const PER_ROUND = 4
/** Hosts of one service. */
const SHARE = 100
/** No look is taken while it is measured. */
const CHECK = { type: 'tcp', intervalMs: 3_600_000 } as const

const { rounds } = readOptions(process.argv.slice(2))
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-metrics-'))
try {
  const found: Figure[] = []
  for (const hosts of HOSTS) found.push(...(await measure(hosts)))
  tell(found)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(hosts: number): Promise<readonly Figure[]> {
  const config = join(folder, `${hosts}.xml`)
  const log = join(folder, 'sluice.log')
  writeFileSync(config, `<config><logging file="${log}" level="error" /></config>\n`)
  const sluice = await Sluice.start({ config, engine: 'node', demo: false, readOnlyConfig: true })
  try {
    await fill(sluice, hosts)
    return figuresOf(hosts, await allRounds(sluice))
  } finally {
    await sluice.stop(0)
  }
}

async function fill({ core: { balancer } }: Sluice, hosts: number): Promise<void> {
  for (let service = 0; service < hosts / SHARE; service++) {
    const group = (await balancer.addService(`service-${service}`)).addGroup('main')
    for (let host = 0; host < SHARE; host++)
      group.addHost(`host-${host}`, `10.${service >> 8}.${service & 255}.${host}:80`)
    group.checks = [CHECK]
  }
}

interface Round {
  readonly ms: number
  readonly cpuMs: number
  /** The longest turn of the loop meanwhile, by the clock and as computed. */
  readonly blockMs: number
  readonly blockCpuMs: number
  readonly bytes: number
  readonly lines: number
}

async function allRounds({ process }: Sluice): Promise<readonly Round[]> {
  const found: Round[] = []
  // Each one asks anew, as the first scraper after a while.
  for (let round = 0; round <= rounds * PER_ROUND; round++)
    found.push(await oneRound(new Metrics(process)))
  // The first one compiles.
  return found.slice(1)
}

async function oneRound(metrics: Metrics): Promise<Round> {
  // What came before is over, and its garbage is not charged to this.
  await new Promise((done) => setTimeout(done, 50))
  const probe = new LoopProbe()
  const [start, cpuBefore] = [performance.now(), process.cpuUsage()]
  const { body } = await metrics.text()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpuBefore)
  const { ms: blockMs, cpuMs: blockCpuMs } = probe.stop()
  const lines = body.split('\n').length - 1
  return {
    ms,
    cpuMs: (user + system) / 1_000,
    blockMs,
    blockCpuMs,
    bytes: Buffer.byteLength(body),
    lines,
  }
}

function figuresOf(hosts: number, found: readonly Round[]): readonly Figure[] {
  const bytes = found[0]?.bytes ?? 0
  say(`  ${hosts} hosts: ${Math.round(bytes / 1_000)} kB, ${found[0]?.lines ?? 0} lines`)
  const isJudged = hosts === HOSTS[0]
  return [
    {
      name: `${hosts} hosts, in all (ms)`,
      ...(isJudged ? { most: MOST_MS } : {}),
      values: found.map(({ ms }) => ms),
      cpuMs: found.map(({ cpuMs }) => cpuMs),
    },
    {
      name: `${hosts} hosts, longest block (ms)`,
      ...(isJudged ? { most: MOST_BLOCK_MS } : {}),
      values: found.map(({ blockMs }) => blockMs),
      cpuMs: found.map(({ blockCpuMs }) => blockCpuMs),
    },
  ]
}
