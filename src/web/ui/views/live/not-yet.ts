// Lines that came by themselves while the earlier ones were read: those of them that were not read as well.

export function notYet<Item>(
  read: readonly Item[],
  came: readonly Item[],
  keyOf: (item: Item) => string | number,
): readonly Item[] {
  const known = new Set(read.map(keyOf))
  return came.filter((item) => !known.has(keyOf(item)))
}
