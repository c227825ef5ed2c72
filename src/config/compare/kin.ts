// Which item of one list became which of another: by the same name, or, where it is called otherwise, by what it has
// kept.

export interface Kinship<Item> {
  readonly from: readonly Item[]
  readonly to: readonly Item[]
  /** Two items are the same thing when this is the same text. */
  readonly identity: (item: Item) => string
  /** What stays of an item that is renamed: one that comes is the one that goes of which it has most. Default: nothing */
  readonly marks?: ((item: Item) => readonly string[]) | undefined
}

/** Of items that all have the same mark, so many are looked at: what everybody has tells nobody apart. */
const ALIKE_MAX = 16

/** For each item of `to`, the index of the one in `from` that it was; -1 where it is new. Each is used once. */
export function sourcesOf<Item>({ from, to, identity, marks }: Kinship<Item>): readonly number[] {
  const left = indexesByIdentity(from, identity)
  const sources = to.map((item) => left.get(identity(item))?.shift() ?? -1)
  if (marks === undefined) return sources
  const going = [...left.values()].flat().map((index) => from[index] as Item)
  const coming = to.filter((_, at) => sources[at] === -1)
  if (going.length === 0 || coming.length === 0) return sources
  const became = kinOf(inOrderOf(identity, going), inOrderOf(identity, coming), marks)
  const indexes = new Map(from.map((item, index) => [item, index]))
  return sources.map((source, at) => {
    const kin = source < 0 ? became.get(to[at] as Item) : undefined
    return kin === undefined ? source : (indexes.get(kin) ?? -1)
  })
}

function indexesByIdentity<Item>(
  items: readonly Item[],
  identity: (item: Item) => string,
): ReadonlyMap<string, number[]> {
  const indexes = new Map<string, number[]>()
  items.forEach((item, index) => {
    const alike = indexes.get(identity(item))
    if (alike === undefined) indexes.set(identity(item), [index])
    else alike.push(index)
  })
  return indexes
}

// Kinship must not depend on the order of a list: that is edited too.
function inOrderOf<Item>(textOf: (item: Item) => string, items: readonly Item[]): readonly Item[] {
  const texts = new Map(items.map((item) => [item, textOf(item)]))
  const text = (item: Item) => texts.get(item) ?? ''
  return items.toSorted((a, b) => (text(a) < text(b) ? -1 : Number(text(a) > text(b))))
}

/** For those that come, the one that goes with which it has most marks in common: first those that have kept them all. */
function kinOf<Item>(
  going: readonly Item[],
  coming: readonly Item[],
  marksOf: (item: Item) => readonly string[],
): ReadonlyMap<Item, Item> {
  const marked = new Marked(going, marksOf)
  const became = new Map<Item, Item>()
  for (const share of [1, 0.5]) {
    for (const item of coming) {
      const kin = became.has(item) ? undefined : marked.take(marksOf(item), share)
      if (kin !== undefined) became.set(item, kin)
    }
  }
  return became
}

/** Items by their marks, until they are taken. */
class Marked<Item> {
  readonly #byMark = new Map<string, Item[]>()
  readonly #sizes = new Map<Item, number>()

  constructor(items: readonly Item[], marksOf: (item: Item) => readonly string[]) {
    for (const item of items) {
      const marks = new Set(marksOf(item))
      this.#sizes.set(item, marks.size)
      for (const mark of marks) {
        const alike = this.#byMark.get(mark)
        if (alike === undefined) this.#byMark.set(mark, [item])
        else alike.push(item)
      }
    }
  }

  /**
   * The one with most of these, the first of equals.
   *
   * @param share how much of what it has, or of what is asked for, must be in common: 1 is all of both
   */
  take(given: readonly string[], share: number): Item | undefined {
    const marks = new Set(given)
    const counts = new Map<Item, number>()
    for (const mark of marks)
      for (const item of this.#alike(mark)) counts.set(item, (counts.get(item) ?? 0) + 1)
    let kin: Item | undefined
    let most = 0
    for (const [item, count] of counts) {
      const sizes = [marks.size, this.#sizes.get(item) ?? 0]
      const asked = share === 1 ? Math.max(...sizes) : share * Math.min(...sizes)
      if (count >= asked && count > most) [kin, most] = [item, count]
    }
    if (kin !== undefined) this.#sizes.delete(kin)
    return kin
  }

  #alike(mark: string): readonly Item[] {
    const all = this.#byMark.get(mark) ?? []
    const first: Item[] = []
    let looked = 0
    for (const item of all) {
      looked++
      if (this.#sizes.has(item) && first.push(item) === ALIKE_MAX) break
    }
    // Those that are taken by now are not passed again by the next one who asks.
    if (looked - first.length > ALIKE_MAX) this.#byMark.set(mark, [...first, ...all.slice(looked)])
    return first
  }
}
