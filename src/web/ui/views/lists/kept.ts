// The last so many of what comes for ever, and a pause: what comes meanwhile is counted, kept as far as there is room,
// and shown when the pause is over.

/** Lines of a live list that are kept. */
export const KEPT_MAX = 1_000

export interface Kept<Item> {
  /** Oldest first. */
  readonly items: readonly Item[]
  /** What came during a pause. */
  readonly held: readonly Item[]
  readonly isPaused: boolean
  /** How many came and are shown no more, because there were too many. */
  readonly dropped: number
}

export function keptOf<Item>(items: readonly Item[] = [], most = KEPT_MAX): Kept<Item> {
  return { items: items.slice(-most), held: [], isPaused: false, dropped: 0 }
}

/**
 * They were read anew, because some may have been missed: what is looked at during a pause stays as it is, and what is not in
 * it came meanwhile.
 *
 * @param keyOf the same for the same line
 */
export function readAnew<Item>(
  kept: Kept<Item>,
  all: readonly Item[],
  keyOf: (item: Item) => string | number,
): Kept<Item> {
  if (!kept.isPaused) return keptOf(all)
  const known = new Set(kept.items.map(keyOf))
  const last = all.findLastIndex((item) => known.has(keyOf(item)))
  return { ...kept, held: all.slice(last + 1) }
}

export function withMore<Item>(
  kept: Kept<Item>,
  more: readonly Item[],
  most = KEPT_MAX,
): Kept<Item> {
  if (more.length === 0) return kept
  const { items, held, isPaused, dropped } = kept
  const all = [...(isPaused ? held : items), ...more]
  const left = all.slice(-most)
  const gone = dropped + all.length - left.length
  return isPaused ? { ...kept, held: left, dropped: gone } : { ...kept, items: left, dropped: gone }
}

export function paused<Item>(kept: Kept<Item>): Kept<Item> {
  return { ...kept, isPaused: true }
}

export function resumed<Item>(kept: Kept<Item>, most = KEPT_MAX): Kept<Item> {
  const { held } = kept
  return withMore({ ...kept, held: [], isPaused: false }, held, most)
}

export function cleared<Item>(kept: Kept<Item>): Kept<Item> {
  return { ...keptOf<Item>(), isPaused: kept.isPaused }
}
