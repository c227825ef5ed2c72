// The last so many seconds of a figure: a fixed number of places, the oldest one falls out.

export interface Ring {
  /** @param value null where it is not known */
  push(value: number | null): void
  /** Oldest first, always as many as the ring has places: null where nothing was known yet. */
  values(): (number | null)[]
  readonly last: number | null
}

export function createRing(places: number): Ring {
  const kept: (number | null)[] = Array.from({ length: places }, () => null)
  let next = 0
  return {
    push(value) {
      kept[next] = value
      next = (next + 1) % places
    },
    values: () => [...kept.slice(next), ...kept.slice(0, next)],
    get last() {
      return kept[(next + places - 1) % places] ?? null
    },
  }
}
