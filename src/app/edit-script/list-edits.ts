// From one list to another of things that have no names and are called by their places: checks, keys. What comes is
// put in before what goes is taken out, where both have room at once.
import { indexesInOrder } from '../../config/compare/order.ts'

/** `at` counts from 1, in the list as the edits before have left it. */
export type ListEdit<Item> =
  | { readonly action: 'add'; readonly at: number; readonly isLast: boolean; readonly item: Item }
  | { readonly action: 'remove'; readonly at: number; readonly item: Item }
  | { readonly action: 'change'; readonly at: number; readonly was: Item; readonly item: Item }

export interface ListComparison<Item> {
  readonly from: readonly Item[]
  readonly to: readonly Item[]
  /** Items with the same text are the same. */
  readonly textOf: (item: Item) => string
  /** May one be changed into the other where it stands? Default: none may. */
  readonly alike?: (was: Item, item: Item) => boolean
  /** As many as there may be. */
  readonly most: number
}

export function listEdits<Item>(comparison: ListComparison<Item>): readonly ListEdit<Item>[] {
  const stretches = stretchesOf(comparison)
  const rows = stretches.flatMap((stretch) => rowsOf(stretch, comparison.alike))
  const added = rows.filter(({ was, item }) => was === undefined && item !== undefined).length
  return editsOf(rows, comparison.from.length + added > comparison.most)
}

/** What goes and what comes in front of one that stays, or at the end. */
interface Stretch<Item> {
  readonly gone: readonly Item[]
  readonly come: readonly Item[]
  readonly stays: boolean
}

/** What becomes of one place; `same` where nothing does. */
interface Row<Item> {
  readonly was?: Item
  readonly item?: Item
  readonly same?: true
}

function stretchesOf<Item>({ from, to, textOf }: ListComparison<Item>): readonly Stretch<Item>[] {
  const sources = sourcesOf(from.map(textOf), to.map(textOf))
  const staying = indexesInOrder(sources)
  const stretches: Stretch<Item>[] = []
  let [gone, come] = [0, 0]
  sources.forEach((source, place) => {
    if (!staying.has(source)) return
    stretches.push({ gone: from.slice(gone, source), come: to.slice(come, place), stays: true })
    gone = source + 1
    come = place + 1
  })
  return [...stretches, { gone: from.slice(gone), come: to.slice(come), stays: false }]
}

function sourcesOf(from: readonly string[], to: readonly string[]): readonly number[] {
  const unused = new Map<string, number[]>()
  from.forEach((text, index) => unused.set(text, [...(unused.get(text) ?? []), index]))
  return to.map((text) => unused.get(text)?.shift() ?? -1)
}

function rowsOf<Item>(
  { gone, come, stays }: Stretch<Item>,
  alike: ListComparison<Item>['alike'] = () => false,
): readonly Row<Item>[] {
  const rows: Row<Item>[] = []
  let [left, waiting]: [readonly Item[], Item[]] = [gone, []]
  const settle = (until: number) => {
    rows.push(...left.slice(0, until).map((was) => ({ was })), ...waiting.map((item) => ({ item })))
    waiting = []
  }
  for (const item of come) {
    const at = left.findIndex((was) => alike(was, item))
    const was = left[at]
    if (was === undefined) {
      waiting.push(item)
    } else {
      settle(at)
      rows.push({ was, item })
      left = left.slice(at + 1)
    }
  }
  settle(left.length)
  return stays ? [...rows, { same: true }] : rows
}

/** @param isTight there is no room for what comes before what goes has gone */
function editsOf<Item>(rows: readonly Row<Item>[], isTight: boolean): readonly ListEdit<Item>[] {
  const removals: ListEdit<Item>[] = []
  const others: ListEdit<Item>[] = []
  // Places in the list as it becomes, and as it was.
  let [next, old] = [1, 1]
  let length = rows.filter(({ was, same }) => same === true || was !== undefined).length
  if (isTight)
    length -= rows.filter(({ was, item }) => was !== undefined && item === undefined).length
  for (const { was, item, same } of rows) {
    if (was !== undefined && item === undefined) {
      removals.unshift({ action: 'remove', at: isTight ? old : next, item: was })
      next += isTight ? 0 : 1
    } else if (was === undefined && item !== undefined) {
      others.push({ action: 'add', at: next, isLast: next > length, item })
      next++
      length++
    } else {
      if (was !== undefined && item !== undefined)
        others.push({ action: 'change', at: next, was, item })
      next++
    }
    if (was !== undefined || same === true) old++
  }
  return isTight ? [...removals, ...others] : [...others, ...removals]
}
