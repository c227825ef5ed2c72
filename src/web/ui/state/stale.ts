// When what was read is old: something was changed, by me or by somebody else, or events were missed. Many changes at once
// are one.
import { listen } from '../api/events.ts'

/** Reading again costs the server something; an act that changes a hundred things is worth one look. */
const GATHER_MS = 120
/** At most this often, however much is changed. */
const PAUSE_MS = 1_000

const listeners = new Set<() => void>()
let planned: ReturnType<typeof setTimeout> | undefined
let toldAt = Number.NEGATIVE_INFINITY
let release: (() => void) | undefined

/** @returns ends it */
export function onStale(listener: () => void): () => void {
  listeners.add(listener)
  release ??= follow()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    release?.()
    release = undefined
  }
}

/** Everybody reads again: now, or when the pause since the last time is over. */
export function markStale(): void {
  if (planned !== undefined) return
  const wait = Math.max(GATHER_MS, toldAt + PAUSE_MS - performance.now())
  planned = setTimeout(() => {
    planned = undefined
    toldAt = performance.now()
    for (const listener of Array.from(listeners)) listener()
  }, wait)
}

function follow(): () => void {
  const ends = [listen('change', markStale), listen('reset', markStale)]
  return () => ends.forEach((end) => end())
}
