// The order of lists: which items may stay where they are when a list gets another one, and one order out of two.

/** Longest run of indexes that already ascend; those outside of it must move. -1 stands for a new item. */
export function indexesInOrder(indexes: readonly number[]): ReadonlySet<number> {
  // ends[n] is the place in `indexes` where an ascending run of n + 1 ends with the smallest index.
  const ends: number[] = []
  const before: number[] = []
  indexes.forEach((index, place) => {
    if (index < 0) return
    const length = runsBelow(index, ends, indexes)
    before[place] = length === 0 ? -1 : (ends[length - 1] ?? -1)
    ends[length] = place
  })
  const inOrder = new Set<number>()
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place] ?? -1) {
    inOrder.add(indexes[place] ?? -1)
  }
  return inOrder
}

// Binary search: how many runs end below `index`.
function runsBelow(index: number, ends: readonly number[], indexes: readonly number[]): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((indexes[ends[middle] ?? 0] ?? 0) < index) low = middle + 1
    else high = middle
  }
  return low
}

/** Do those items that are in both lists stand in the same order? */
export function keepsOrder<Item>(before: readonly Item[], after: readonly Item[]): boolean {
  if (areAlike(before, after)) return true
  const places = new Map(before.map((item, place) => [item, place]))
  let last = -1
  return after.every((item) => {
    const place = places.get(item) ?? last
    const ascends = place >= last
    last = place
    return ascends
  })
}

/** The first list; what only the second has stands behind the one that it follows there. */
export function joinedOrder<Item>(
  first: readonly Item[],
  second: readonly Item[],
): readonly Item[] {
  if (areAlike(first, second)) return first
  const known = new Set(first)
  const front: Item[] = []
  const behind = new Map<Item, Item[]>()
  let last: Item | undefined
  for (const item of second) {
    if (known.has(item)) last = item
    else if (last === undefined) front.push(item)
    else if (behind.get(last)?.push(item) === undefined) behind.set(last, [item])
  }
  const joined = [...front]
  for (const item of first) {
    joined.push(item)
    for (const follower of behind.get(item) ?? []) joined.push(follower)
  }
  return joined
}

function areAlike<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, place) => item === other[place])
}
