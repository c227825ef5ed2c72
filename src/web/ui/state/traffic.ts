// What goes through each service right now, and in the last two minutes. Kept as long as the page is open, so that the
// curves are there when one comes back to them.
import { listen } from '../api/events.ts'
import type { ServiceTraffic, TrafficEvent } from '../api/types.ts'
import { createRing, type Ring } from './ring.ts'
import { createStore, type Store } from './store.ts'

/** One place for each second. */
export const HISTORY_SECONDS = 120

export const traffic: Store<TrafficEvent | undefined> = createStore<TrafficEvent | undefined>(
  undefined,
)

export interface History {
  readonly sessions: Ring
  /** Both ways together. */
  readonly bytes: Ring
  readonly failed: Ring
  readonly open: Ring
}

const histories = new Map<string, History>()

/** @returns ends it */
export function followTraffic(): () => void {
  return listen('traffic', (event) => {
    const missed = missedSeconds(traffic.get()?.time, event.time)
    for (const [name, figures] of Object.entries(event.services)) {
      const history = historyOf(name)
      for (let second = 0; second < missed; second++) skip(history)
      note(history, figures)
    }
    for (const name of Array.from(histories.keys())) {
      if (!Object.hasOwn(event.services, name)) histories.delete(name)
    }
    traffic.set(event)
  })
}

export function historyOf(service: string): History {
  const known = histories.get(service)
  if (known !== undefined) return known
  const [sessions, bytes, failed, open] = [ring(), ring(), ring(), ring()]
  const made = { sessions, bytes, failed, open }
  histories.set(service, made)
  return made
}

function note(history: History, figures: ServiceTraffic): void {
  history.sessions.push(figures.sessionsPerSecond)
  history.bytes.push(figures.bytesFromClientPerSecond + figures.bytesFromHostPerSecond)
  history.failed.push(figures.failedPerSecond)
  history.open.push(figures.open)
}

/** A time without a connection is a gap in the curve. */
function skip(history: History): void {
  for (const each of Object.values(history) as Ring[]) each.push(null)
}

/** Seconds between two events of which nothing is known, no more than a curve shows. */
export function missedSeconds(
  before: TrafficEvent['time'] | undefined,
  now: TrafficEvent['time'],
): number {
  if (before === undefined) return 0
  const seconds = Math.round((new Date(now).getTime() - new Date(before).getTime()) / 1_000)
  return Math.min(Math.max(seconds - 1, 0), HISTORY_SECONDS)
}

function ring(): Ring {
  return createRing(HISTORY_SECONDS)
}
