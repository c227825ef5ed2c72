// What is remembered of the looks at one host, for people and scripts. Counts nothing and sets nothing.
import type { CheckView } from '../model/check-view.ts'
import type { Look } from './looks.ts'
import type { JobKey, Watched } from './roster.ts'

/** A row for each kind of look, and one for the connects of clients. */
export function checkViewsOf(watched: Watched, looks: readonly Look[]): readonly CheckView[] {
  return [...looks.map((look) => viewOf(watched, look)), clientsOf(watched)]
}

function viewOf(watched: Watched, { key, intervalMs, rise, fall }: Look): CheckView {
  const job = watched.jobs.get(key)
  return {
    check: nameOf(key),
    good: job?.streak.good ?? 0,
    bad: job?.streak.bad ?? 0,
    rise,
    fall,
    nextMs: job?.nextInMs(intervalMs) ?? intervalMs,
    results: [...(job?.results ?? [])],
    totals: watched.totalsOf(key),
  }
}

// Engines report the connects that fail; those that succeed are only counted, with the host.
function clientsOf({ connects, group, host }: Watched): CheckView {
  const { total, failed } = host.counters
  return {
    check: 'clients',
    good: 0,
    bad: connects.bad,
    rise: 0,
    fall: group.maxFails,
    nextMs: null,
    results: [],
    totals: { good: total, bad: failed, blind: 0 },
  }
}

function nameOf(key: JobKey): string {
  if (typeof key === 'string') return key
  if (key.type === 'http') return `http ${key.path}`
  return key.type === 'exec' ? `exec ${key.command}` : key.type
}
