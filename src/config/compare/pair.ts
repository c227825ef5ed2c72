// Two lists of named things laid side by side.

export type Pair<Item> = readonly [before: Item, after: Item]

export interface Pairs<Item> {
  /** In both, in the order of the second list. */
  readonly kept: readonly Pair<Item>[]
  readonly added: readonly Item[]
  readonly removed: readonly Item[]
}

export function pairUp<Item>(
  from: readonly Item[],
  to: readonly Item[],
  nameOf: (item: Item) => string,
): Pairs<Item> {
  const names = from.map(nameOf)
  // Nearly always: nothing came, went or was put elsewhere.
  if (from.length === to.length && to.every((item, at) => nameOf(item) === names[at]))
    return { kept: from.map((item, at) => [item, to[at] ?? item]), added: [], removed: [] }
  const before = new Map(from.map((item, at) => [names[at], item]))
  const after = new Set(to.map(nameOf))
  const kept: Pair<Item>[] = []
  for (const item of to) {
    const old = before.get(nameOf(item))
    if (old !== undefined) kept.push([old, item])
  }
  return {
    kept,
    added: to.filter((item) => !before.has(nameOf(item))),
    removed: from.filter((item) => !after.has(nameOf(item))),
  }
}
