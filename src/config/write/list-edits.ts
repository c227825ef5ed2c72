// Edits of a list of like elements (the hosts of a group, the groups of a service): which stay and are
// edited in place, which go, which come, and where.
import type { Steps } from '../../base/steps.ts'
import { type Kinship, sourcesOf } from '../compare/kin.ts'
import { indexesInOrder } from '../compare/order.ts'
import type { Element } from '../read/parse.ts'
import type { Shape } from './shape.ts'
import { type Place, TextEdits } from './text-edits.ts'

export interface ListChange<Item> extends Kinship<Item> {
  readonly parent: Element
  /** The elements of `from`, in the same order. */
  readonly elements: readonly Element[]
  /** Does the order of the list mean something? Otherwise nothing is moved. */
  readonly ordered: boolean
  /** May an item that comes take over the element of one that goes? */
  readonly reuse: boolean
  /** Where the first element of its kind goes. */
  readonly place: 'first' | 'last'
  readonly shape: (item: Item) => Shape
  /** In steps where an item has lists of its own. */
  readonly edit: (edits: TextEdits, change: ItemChange<Item>) => Steps<void> | undefined
}

export interface ItemChange<Item> {
  readonly element: Element
  readonly from: Item
  readonly to: Item
  /** Place in the list, before and after. */
  readonly fromIndex: number
  readonly toIndex: number
}

export function* editList<Item>(edits: TextEdits, change: ListChange<Item>): Steps<void> {
  const { elements, from, to, ordered } = change
  const sources = elementsFor(change)
  const staying = ordered ? indexesInOrder(sources) : new Set(sources)
  elements.forEach((element, index) => {
    if (!staying.has(index)) edits.remove(element)
  })
  let place = firstPlace(change, staying)
  for (const [toIndex, item] of to.entries()) {
    yield
    const fromIndex = sources[toIndex] ?? -1
    const [element, before] = [elements[fromIndex], from[fromIndex]]
    if (element === undefined || before === undefined) {
      edits.insert(change.parent, place, change.shape(item))
      continue
    }
    const itemChange = { element, from: before, to: item, fromIndex, toIndex }
    if (staying.has(fromIndex)) {
      yield* change.edit(edits, itemChange) ?? []
      if (ordered) place = { behind: element }
    } else {
      edits.insert(change.parent, place, yield* movedText(edits, change, itemChange))
    }
  }
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
function elementsFor<Item>(change: ListChange<Item>): readonly number[] {
  const sources = sourcesOf(change)
  if (!change.reuse) return sources
  const used = new Set(sources)
  const left = [...change.from.keys()].filter((index) => !used.has(index))
  return sources.map((source) => (source < 0 ? (left.shift() ?? -1) : source))
}

function* movedText<Item>(
  edits: TextEdits,
  change: ListChange<Item>,
  itemChange: ItemChange<Item>,
): Steps<string> {
  const { start, end } = itemChange.element
  const inside = edits.another()
  yield* change.edit(inside, itemChange) ?? []
  return inside.apply(start, end)
}
