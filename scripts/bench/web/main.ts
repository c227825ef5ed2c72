// `npm run bench:web`: what the page, the API and the metrics cost with a thousand hosts and ten thousand sessions. Each part
// is a process of its own, one after the other. Progress goes to stderr, one table to stdout; the exit status is 1 where
// a target is missed.
import { join } from 'node:path'
import { Children } from '../children.ts'
import { raiseDescriptors } from '../descriptors.ts'
import { readEnvironment } from '../environment.ts'
import { spreadOf } from '../statistics.ts'
import { formatSpread, NONE, table } from '../table.ts'
import { type Figure, say } from './figures.ts'
import { type Part, readOptions } from './options.ts'
import { verdictOn } from './verdict.ts'

/** From here on others take so much of this machine that times by the clock say more about them. */
const BUSY_LOAD = 0.5
const BUSY = 'Others work on this machine: what misses by the clock is judged by its CPU time.'

const { only, rounds, engine } = readOptions(process.argv.slice(2))
const children = new Children()
process.once('SIGINT', () => void children.close())
raiseDescriptors()
const { node, cpu, kernel, load } = readEnvironment()
const isBusy = load > BUSY_LOAD
try {
  const rows: string[][] = []
  for (const part of only) rows.push(...(await measure(part)).map((figure) => rowOf(part, figure)))
  console.log(`node ${node}, ${cpu}, kernel ${kernel}, load ${load.toFixed(2)} at the start`)
  if (isBusy) console.log(BUSY)
  const title = `${rounds} round(s), engine ${engine}; measured: median of the rounds (min–max)`
  const head = ['of', 'figure', 'measured', 'CPU ms', 'target', 'verdict']
  console.log(['', title, '', ...table(head, rows)].join('\n'))
} finally {
  await children.close()
}

async function measure(part: Part): Promise<readonly Figure[]> {
  say(`${part} …`)
  const args = [
    '--import',
    'tsx',
    join(import.meta.dirname, `${part}.ts`),
    ...process.argv.slice(2),
  ]
  const startedAt = performance.now()
  const command = { program: process.execPath, args, folder: import.meta.dirname }
  const found = await children.run(part, command)
  say(`${part}: ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`)
  return JSON.parse(found) as readonly Figure[]
}

function rowOf(part: Part, figure: Figure): string[] {
  const { name, most, values, cpuMs = [] } = figure
  const verdict = verdictOn(figure, isBusy)
  if (verdict === 'MISSED') process.exitCode = 1
  const inCpu = spreadOf(cpuMs)?.median.toFixed(1) ?? NONE
  const target = most === undefined ? NONE : `< ${most}`
  return [part, name, formatSpread(spreadOf(values)), inCpu, target, verdict ?? NONE]
}
