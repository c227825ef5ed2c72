// Documents as people write them, and what must be left of their comments after an edit.
import { NAME } from '../../src/config/read/grammar.ts'
import { type Element, attributeOf } from '../../src/config/read/parse.ts'
import type { Document } from '../../src/config/read/read.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'

export function commentsIn(text: string): string[] {
  return text.match(/<!--.*?-->/gs) ?? []
}

/** The comments that must be there after the edit: all but those inside of what was removed. */
export function survivors(document: Document, to: BalancerSnapshot): string[] {
  const gone = goneElements(document, to)
  return [...document.text.matchAll(/<!--.*?-->/gs)]
    .filter(({ index }) => !gone.some(({ start, end }) => start < index && index < end))
    .map(([comment]) => comment)
}

function goneElements({ root }: Document, to: BalancerSnapshot): Element[] {
  const services = new Map(to.services.map((service) => [service.name, service]))
  const users = new Map(to.users.map((user) => [user.name, user]))
  const gone: Element[] = []
  for (const element of root.children) {
    const service = services.get(nameOf(element))
    if (element.name === 'service' && service === undefined) gone.push(element)
    const groups = new Set(service?.groups.map(({ name }) => name))
    gone.push(
      ...element.children.filter((child) => child.name === 'group' && !groups.has(nameOf(child))),
    )
    gone.push(
      ...element.children.filter((child) => child.name === 'user' && !users.has(nameOf(child))),
    )
  }
  return gone
}

function nameOf(element: Element): string {
  return attributeOf(element, NAME.attribute)?.value ?? ''
}
