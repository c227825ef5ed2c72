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
  const before = new Map(from.map((item) => [nameOf(item), item]))
  const after = new Set(to.map(nameOf))
  return {
    kept: to.flatMap((item) => {
      const old = before.get(nameOf(item))
      return old === undefined ? [] : [[old, item] as const]
    }),
    added: to.filter((item) => !before.has(nameOf(item))),
    removed: from.filter((item) => !after.has(nameOf(item))),
  }
}
