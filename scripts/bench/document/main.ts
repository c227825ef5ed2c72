// `npm run bench:document`: what a large document costs to load and to save, and how long traffic waits for it. Progress
// goes to stderr, the report to stdout; the exit status is 1 where a target is missed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Children } from '../children.ts'
import { readEnvironment } from '../environment.ts'
import { spreadOf } from '../statistics.ts'
import type { Shape } from './documents.ts'
import type { Figures } from './figures.ts'

const ROUND = join(import.meta.dirname, 'programs', 'round.ts')
/** Both of 10,000 hosts, for which the targets are. */
const SHAPES: readonly Shape[] = [
  { services: 10, hosts: 1_000 },
  { services: 1, hosts: 10_000 },
]
/** The most that a document may have; for information. */
const LARGEST: Shape = { services: 10, hosts: 10_000 }

interface Row {
  readonly name: string
  /** Milliseconds. */
  readonly most?: number
  /** Is the worst of all rounds judged, or the median? */
  readonly judged?: 'worst' | 'median'
  readonly of: (figures: Figures) => readonly number[]
}

const ROWS: readonly Row[] = [
  { name: 'load and validate', most: 1_000, judged: 'median', of: ({ loadMs }) => [loadMs] },
  { name: 'save one weight', most: 100, judged: 'median', of: ({ saveMs }) => saveMs },
  {
    name: 'longest block by a save',
    most: 50,
    judged: 'worst',
    of: ({ blocks }) => blocks.map(({ ms }) => ms),
  },
  { name: '  of that computed', of: ({ blocks }) => blocks.map(({ cpuMs }) => cpuMs) },
  { name: 'longest block, nothing to do', of: ({ idle }) => [idle.ms] },
  { name: 'sync timer, nothing changed', of: ({ tickMs }) => [tickMs] },
]

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    saves: { type: 'string', default: '10' },
  },
})

const children = new Children()
process.once('SIGINT', () => void children.close())
try {
  const { node, cpu, kernel, load } = readEnvironment()
  console.log(`node ${node}, ${cpu}, kernel ${kernel}, load ${load.toFixed(2)}`)
  for (const shape of SHAPES) report(shape, await rounds(shape, Number(given.rounds)), true)
  report(LARGEST, await rounds(LARGEST, 1), false)
} finally {
  await children.close()
}

async function rounds(shape: Shape, count: number): Promise<readonly Figures[]> {
  const found: Figures[] = []
  for (let round = 1; round <= count; round++) {
    console.error(`${titleOf(shape)}: round ${round} of ${count}`)
    found.push(await oneRound(shape))
  }
  return found
}

async function oneRound({ services, hosts }: Shape): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  try {
    const numbers = [services, hosts, given.saves].map(String)
    const args = ['--import', 'tsx', ROUND, folder, ...numbers]
    const child = children.start('round', {
      program: process.execPath,
      args,
      folder: import.meta.dirname,
    })
    const status = await child.ended
    if (status !== 0) throw new Error(`the round ended with ${status}: ${child.lastWords}`)
    return JSON.parse(child.output) as Figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function report(shape: Shape, found: readonly Figures[], judge: boolean): void {
  console.log(`\n${titleOf(shape)}`)
  for (const { name, most, judged, of } of ROWS) {
    const spread = spreadOf(found.flatMap(of))
    if (spread === undefined) continue
    const { median, max } = spread
    const figures = `median ${formatMs(median)}, worst ${formatMs(max)}`
    console.log(`  ${name.padEnd(30)} ${figures}${judge ? verdict(spread, most, judged) : ''}`)
  }
}

function verdict(
  { median, max }: { readonly median: number; readonly max: number },
  most: number | undefined,
  judged: Row['judged'],
): string {
  if (most === undefined) return ''
  const met = (judged === 'worst' ? max : median) <= most
  if (!met) process.exitCode = 1
  return `   ${judged} at most ${most} ms: ${met ? 'met' : 'MISSED'}`
}

function titleOf({ services, hosts }: Shape): string {
  return `${services} x ${hosts} hosts`
}

function formatMs(value: number): string {
  return `${value.toFixed(1).padStart(7)} ms`
}
