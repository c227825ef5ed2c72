// Edits of a list of like elements (the hosts of a group, the groups of a service): which stay and are
// edited in place, which go, which come, and where.
import { indexesInOrder } from '../compare/order.ts'
import type { Element } from '../read/parse.ts'
import type { Shape } from './shape.ts'
import { type Place, TextEdits } from './text-edits.ts'

export interface ListChange<Item> {
  readonly parent: Element
  /** The elements of `from`, in the same order. */
  readonly elements: readonly Element[]
  readonly from: readonly Item[]
  readonly to: readonly Item[]
  /** Two items are the same thing when this is the same text. */
  readonly identity: (item: Item) => string
  /** What stays of an item that is renamed: one that comes is the one that goes of which it has most. Default: nothing */
  readonly marks?: (item: Item) => readonly string[]
  /** Does the order of the list mean something? Otherwise nothing is moved. */
  readonly ordered: boolean
  /** May an item that comes take over the element of one that goes? */
  readonly reuse: boolean
  /** Where the first element of its kind goes. */
  readonly place: 'first' | 'last'
  readonly shape: (item: Item) => Shape
  readonly edit: (edits: TextEdits, change: ItemChange<Item>) => void
}

export interface ItemChange<Item> {
  readonly element: Element
  readonly from: Item
  readonly to: Item
  /** Place in the list, before and after. */
  readonly fromIndex: number
  readonly toIndex: number
}

export function editList<Item>(edits: TextEdits, change: ListChange<Item>): void {
  const { elements, from, to, ordered } = change
  const sources = sourcesOf(change)
  const staying = ordered ? indexesInOrder(sources) : new Set(sources)
  elements.forEach((element, index) => {
    if (!staying.has(index)) edits.remove(element)
  })
  let place = firstPlace(change, staying)
  to.forEach((item, toIndex) => {
    const fromIndex = sources[toIndex] ?? -1
    const [element, before] = [elements[fromIndex], from[fromIndex]]
    if (element === undefined || before === undefined) {
      edits.insert(change.parent, place, change.shape(item))
      return
    }
    const itemChange = { element, from: before, to: item, fromIndex, toIndex }
    if (staying.has(fromIndex)) {
      change.edit(edits, itemChange)
      if (ordered) place = { behind: element }
    } else {
      edits.insert(change.parent, place, movedText(edits, change, itemChange))
    }
  })
}

function firstPlace<Item>(
  { elements, ordered, place }: ListChange<Item>,
  staying: ReadonlySet<number>,
): Place {
  const stay = elements.filter((_, index) => staying.has(index))
  const [first, last] = [stay.at(0), stay.at(-1)]
  if (first === undefined || last === undefined) return place
  return ordered ? { before: first } : { behind: last }
}

// For each item that is wanted, the index of the one whose element it gets; -1 where it is new.
function sourcesOf<Item>({
  from,
  to,
  identity,
  reuse,
  marks,
}: ListChange<Item>): readonly number[] {
  const unused = new Set(from.keys())
  const use = (index = -1) => {
    unused.delete(index)
    return index
  }
  const same = indexesBy(from, (item) => [identity(item)], unused)
  const known = to.map((item) => use(same.get(identity(item))?.shift()))
  const going = marks === undefined ? new Map() : indexesBy(from, marks, unused)
  const kin = known.map((source, at) => {
    const item = to[at]
    if (source >= 0 || item === undefined || marks === undefined) return source
    return use(mostCommon(marks(item), going, unused))
  })
  if (!reuse) return kin
  const left = [...unused]
  return kin.map((source) => (source < 0 ? (left.shift() ?? -1) : source))
}

/** Indexes of items by their texts, in their order. */
function indexesBy<Item>(
  items: readonly Item[],
  textsOf: (item: Item) => readonly string[],
  indexes: Iterable<number>,
): ReadonlyMap<string, number[]> {
  const byText = new Map<string, number[]>()
  for (const index of indexes) {
    const item = items[index]
    for (const text of item === undefined ? [] : textsOf(item)) {
      const list = byText.get(text) ?? []
      list.push(index)
      byText.set(text, list)
    }
  }
  return byText
}

/** The unused index that has most of these texts, the first of equals; undefined where none has any. */
function mostCommon(
  texts: readonly string[],
  byText: ReadonlyMap<string, readonly number[]>,
  unused: ReadonlySet<number>,
): number | undefined {
  const counts = new Map<number, number>()
  for (const index of texts.flatMap((text) => byText.get(text) ?? []))
    if (unused.has(index)) counts.set(index, (counts.get(index) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return [...counts].find(([, count]) => count === most)?.[0]
}

function movedText<Item>(
  edits: TextEdits,
  change: ListChange<Item>,
  itemChange: ItemChange<Item>,
): string {
  const { start, end } = itemChange.element
  const inside = edits.another()
  change.edit(inside, itemChange)
  return inside.apply(start, end)
}
