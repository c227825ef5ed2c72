// `show checks`: the looks that are taken at each host, how the last ones went, and when the next one is.
import { LIMITS } from '../../base/limits.ts'
import type { CheckView, LookResult } from '../../model/check-view.ts'
import type { Host } from '../../model/host.ts'
import type { Column } from '../answer/columns.ts'
import { spanOf } from '../answer/figures.ts'
import { listCommand } from '../answer/list.ts'
import { inScope, scope } from '../line/paths.ts'

type Row = ReturnType<typeof rowOf>

/** One sign for each result, oldest first. */
const SIGNS: Readonly<Record<LookResult['outcome'], string>> = { good: '+', bad: '-', blind: '?' }

/** A program is given all that are known. */
const SHOWN = LIMITS.checkResultsShown

const COLUMNS: readonly Column<Row>[] = [
  { title: 'HOST', of: ({ path }) => path, field: 'path' },
  { title: 'CHECK', of: ({ check }) => check },
  { title: 'HEALTH', of: ({ health }) => health },
  { title: 'GOOD', of: ({ good, rise }) => outOf(good, rise), right: true },
  { title: 'BAD', of: ({ bad, fall }) => outOf(bad, fall), right: true },
  { title: `LAST ${SHOWN}`, of: ({ results }) => results.slice(-SHOWN), field: 'results' },
  { title: 'TOOK', of: ({ tookMs }) => msOf(tookMs), field: 'tookMs', right: true },
  { title: 'NEXT', of: ({ nextMs }) => msOf(nextMs), field: 'nextMs', right: true },
  { title: 'REASON', of: ({ reason }) => reason },
]

export const showChecks = listCommand({
  words: ['show', 'checks'],
  arguments: { scope: { kind: scope, summary: 'only below this path', optional: true } },
  role: 'readonly',
  summary: 'list the looks taken at each host: streaks, the last results, when the next one is',
  examples: ['show checks', 'show checks web/main/a', 'show checks --where bad>0'],
  fields: [
    'path',
    'check',
    'health',
    'good',
    'bad',
    'rise',
    'fall',
    'goodTotal',
    'badTotal',
    'blindTotal',
    'results',
    'lastAt',
    'tookMs',
    'nextMs',
    'reason',
  ],
  columns: COLUMNS,
  run({ scope: within }, { process }) {
    const hosts = process.balancer.hostList.filter(({ path }) => inScope(path, within))
    return hosts.flatMap((host) => {
      return process
        .checksOf(host)
        .filter(tells)
        .map((check) => rowOf(host, check))
    })
  },
  empty({ scope: within }) {
    const where = within === undefined ? '' : ` of ${within.path}`
    const next = 'only the connects of clients tell; add one with: add check SERVICE/GROUP TYPE'
    return `no check looks at the hosts${where}: ${next}\n`
  },
})

/** Connects of clients are worth a line only where some failed. */
export function tells({ check, bad }: CheckView): boolean {
  return check !== 'clients' || bad > 0
}

function rowOf({ path, health }: Host, view: CheckView) {
  const { check, good, bad, rise, fall, totals, nextMs, results } = view
  const last = results.at(-1)
  return {
    path,
    check,
    health,
    good,
    bad,
    rise,
    fall,
    goodTotal: totals.good,
    badTotal: totals.bad,
    blindTotal: totals.blind,
    results: results.map(({ outcome }) => SIGNS[outcome]).join(''),
    lastAt: last === undefined ? null : new Date(last.time).toISOString(),
    tookMs: last?.tookMs ?? null,
    nextMs,
    reason: last?.reason ?? '',
  }
}

/** `2/3`, or the count alone where it decides nothing. */
function outOf(count: number, most: number): string {
  return most === 0 ? String(count) : `${count}/${most}`
}

function msOf(ms: number | null): string {
  return ms === null ? '' : spanOf(ms)
}
