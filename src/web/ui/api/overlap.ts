// Two streams at once, while one takes the place of the other: what both tell of the same moment counts once. Pure but for
// the clock.

/** Events that are remembered; of more the oldest are forgotten. */
const KEPT_MAX = 1_000
/** How long the second may be behind the first, in milliseconds. */
const KEPT_MS = 5_000

export interface Overlap {
  /** Told by the stream that is about to be left. */
  readonly note: (event: string) => void
  /** Did the one that was left tell it? Once: the same may happen again. */
  readonly wasTold: (event: string) => boolean
}

/** @param nowMs of a clock that never goes back */
export function createOverlap(nowMs: () => number = () => performance.now()): Overlap {
  const told = new Map<string, number>()
  return {
    note(event) {
      told.delete(event)
      told.set(event, nowMs())
      const [oldest] = told.keys()
      if (told.size > KEPT_MAX && oldest !== undefined) told.delete(oldest)
    },
    wasTold(event) {
      const at = told.get(event)
      if (at === undefined) return false
      told.delete(event)
      return nowMs() - at <= KEPT_MS
    },
  }
}
