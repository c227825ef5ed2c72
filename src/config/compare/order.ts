// Which items of a list may stay where they are when the list gets another order.

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
