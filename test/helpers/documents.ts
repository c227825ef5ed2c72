// Documents as people write them: with comments, odd indentation, other quotes, old spellings.
import { NAME } from '../../src/config/read/grammar.ts'
import { type Element, attributeOf } from '../../src/config/read/parse.ts'
import type { Document } from '../../src/config/read/read.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'

/** The same document in another style; `style` says which, and the same number gives the same style. */
export function decorate(text: string, style: number): string {
  const random = generator(style)
  const bits = style % 64
  const lines = text.split('\n').flatMap((line, index, all) => {
    const inside = index > 0 && index < all.length - 2
    if (!inside) return [line]
    const indent = /^ */.exec(line)?.[0] ?? ''
    const comment = () => `<!-- note ${index}.${Math.floor(random() * 1e6)} -->`
    const before = random() < 0.2 ? [indent + comment()] : []
    const behind = random() < 0.2 ? ` ${comment()}` : ''
    const blank = random() < 0.1 ? [''] : []
    return [...blank, ...before, line + behind]
  })
  let styled = lines.join('\n')
  if (bits & 1) styled = styled.replace(/^( {2})+/gm, (blanks) => '\t'.repeat(blanks.length / 2))
  if (bits & 2)
    styled = styled.replace(/( \w+)="([^"']*)"/g, (whole, name, value) =>
      random() < 0.5 ? `${name}='${value}'` : whole,
    )
  if (bits & 4) styled = styled.replace(/\/>/g, () => (random() < 0.3 ? '\n  />' : '/>'))
  if (bits & 8)
    styled = styled.replaceAll('enable="true"', 'enable="Yes"').replaceAll('leastconnsrr', 'leastc')
  if (bits & 16) styled = styled.replace(/\n\s*(?=<host )/g, (gap) => (random() < 0.3 ? ' ' : gap))
  if (bits & 32) styled = styled.replaceAll('\n', '\r\n')
  return `<?xml version="1.0"?>\n<!-- on top -->\n${styled}<!-- at the end -->\n`
}

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

// A small generator of numbers from 0 to 1 (mulberry32), so that a style can be repeated.
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
