// Where things of a snapshot stand in the text of their document.
import type { AnyField } from './grammar.ts'
import { type Element, attributeOf, childrenOf } from './parse.ts'

/** One service, group, host … of a snapshot, and its element. */
export interface Placed<Item> {
  readonly element: Element
  readonly item: Item
}

/** The items of a list with their elements, which the reader keeps in the same order. */
export function placed<Item>(
  parent: Element,
  name: string,
  items: readonly Item[],
): readonly Placed<Item>[] {
  return childrenOf(parent, name).flatMap((element, index) => {
    const item = items[index]
    return item === undefined ? [] : [{ element, item }]
  })
}

/** Where the value of a field is written, or its element where it is left to the default. */
export function placeOf(element: Element, { attribute }: Pick<AnyField, 'attribute'>): number {
  return attributeOf(element, attribute)?.start ?? element.start
}
