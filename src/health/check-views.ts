// What is remembered of the looks at one host, for people and scripts. Counts nothing and sets nothing.
import type { CheckView } from '../model/check-view.ts'
import type { Look } from './looks.ts'
import type { JobKey, Watched } from './roster.ts'

/** A row for each kind of look, and one for the connects of clients. */
export function checkViewsOf(watched: Watched, looks: readonly Look[]): readonly CheckView[] {
  return [...looks.map((look) => viewOf(watched, look)), clientsOf(watched)]
}

function viewOf({ jobs }: Watched, { key, intervalMs, rise, fall }: Look): CheckView {
  const job = jobs.get(key)
  return {
    check: nameOf(key),
    good: job?.streak.good ?? 0,
    bad: job?.streak.bad ?? 0,
    rise,
    fall,
    nextMs: job?.nextInMs(intervalMs) ?? intervalMs,
    results: [...(job?.results ?? [])],
  }
}

// Engines report the connects that fail; those that succeed are not counted one by one.
function clientsOf({ connects, group }: Watched): CheckView {
  const { maxFails: fall } = group
  return { check: 'clients', good: 0, bad: connects.bad, rise: 0, fall, nextMs: null, results: [] }
}

function nameOf(key: JobKey): string {
  if (typeof key === 'string') return key
  if (key.type === 'http') return `http ${key.path}`
  return key.type === 'exec' ? `exec ${key.command}` : key.type
}
