// Documents as people write them: with comments and notes, odd indentation, other quotes, attributes in any order, old
// spellings, references and CDATA, Windows line ends. Made anew out of the tree of a document.
import { NAME } from '../../src/config/read/grammar.ts'
import { type Element, attributeOf } from '../../src/config/read/parse.ts'
import { requireDocument } from '../../src/config/read/read.ts'
import { SCHEDULER_ALIASES } from '../../src/model/scheduler-names.ts'
import { Choices } from './choices.ts'

/** The same document in another style; `style` says which, and the same number gives the same style. */
export function decorate(text: string, style: number): string {
  return decorateTree(requireDocument(text, 'plain.xml').root, style)
}

/** The same out of the tree of a document. */
export function decorateTree(root: Element, style: number): string {
  return new Decoration(style).document(root)
}

/** Where comments may stand: what is in here is never replaced as a whole. */
const CONTAINERS: ReadonlySet<string> = new Set(
  'config pdconfig service group admin manager user'.split(' '),
)
const YES = ['true', 'Yes', 'ON', 'enable', '1'] as const
const NO = ['false', 'no', 'Off', 'DISABLE', '0'] as const

class Decoration {
  readonly #choices: Choices
  readonly #step: string
  readonly #newline: string
  /** How wild it is: 0 is as Sluice writes it. */
  readonly #wildness: number
  #comments = 0

  constructor(style: number) {
    this.#choices = new Choices(style)
    this.#step = this.#choices.oneOf(['  ', '    ', '\t', ''])
    this.#newline = this.#choices.oneOf(['\n', '\n', '\r\n'])
    this.#wildness = this.#choices.below(4)
  }

  document(root: Element): string {
    const mark = this.#often(9) ? '\uFEFF' : ''
    const top = this.#often(3) ? `<?xml version='1.0' encoding="utf-8" ?>${this.#newline}` : ''
    return `${mark}${top}<!-- on top -->${this.#newline}${this.#element(root, '')}<!-- at the end -->${this.#newline}`
  }

  /** Once in so many times, more often in wilder documents. */
  #often(most: number): boolean {
    return this.#choices.below(most * 3) < this.#wildness
  }

  #element(element: Element, indent: string, index = 0): string {
    const { name, children, text } = element
    const end = this.#often(4) ? `</${name} >` : `</${name}>`
    const start = `<${name}${this.#attributes(element, indent, index)}`
    if (name === 'key') return `${start}>${this.#keyText(text)}${end}`
    if (children.length === 0) return this.#childless(start, end, CONTAINERS.has(name))
    const inner = indent + this.#step
    const places = new Map<string, number>()
    const inside = children.map((child) => {
      const place = places.get(child.name) ?? 0
      places.set(child.name, place + 1)
      return this.#between(inner) + this.#element(child, inner, place)
    })
    return `${start}>${inside.join('')}${this.#lastGap(indent)}${end}`
  }

  #childless(start: string, end: string, container: boolean): string {
    if (container && this.#often(3)) return `${start}>${this.#comment()}${end}`
    if (this.#often(4))
      return `${start}>${this.#choices.oneOf(['', ' ', this.#newline, '<note/>'])}${end}`
    return `${start}${this.#choices.oneOf([' />', '/>', this.#often(3) ? `${this.#newline}/>` : ' />'])}`
  }

  #between(indent: string): string {
    if (this.#often(8)) return this.#choices.oneOf(['', ' ', '\t'])
    const line = this.#newline + indent
    const before = this.#often(4) ? line + this.#comment() : ''
    const note = this.#often(9) ? `${line}<note a='1'>x<b/>&lt;<!-- in a note --></note>` : ''
    const stray = this.#often(12) ? `${line}stray <![CDATA[ <host/> ]]>` : ''
    const blank = this.#often(4) ? this.#newline + this.#choices.oneOf(['', '  ']) : ''
    const trailing = this.#often(5) ? ` ${this.#comment()}` : ''
    return trailing + blank + before + note + stray + line
  }

  #lastGap(indent: string): string {
    const trailing = this.#often(5) ? ` ${this.#comment()}` : ''
    const own = this.#often(6) ? `${this.#newline}${indent}  ${this.#comment()}` : ''
    return this.#often(9) ? trailing : `${trailing}${own}${this.#newline}${indent}`
  }

  #comment(): string {
    const inside = this.#choices.oneOf(['', ' <host name="x" ip="y:1"/>', ' & > "', '\n two lines'])
    return `<!-- note ${++this.#comments}${inside} -->`
  }

  #attributes(element: Element, indent: string, index: number): string {
    const texts = element.tag.attributes
      .filter(({ name, value }) => !this.#dispensable(element, name, value, index))
      .map(({ name, value }) => `${name}${this.#equals()}${this.#value(name, value)}`)
    if (this.#often(2)) texts.sort(() => this.#choices.below(3) - 1)
    return texts.map((text) => this.#gap(indent) + text).join('')
  }

  /** A host may go without the name that its place gives it. */
  #dispensable(element: Element, name: string, value: string, index: number): boolean {
    const placed = element.name === 'host' && name === NAME.attribute && value === `host.${index}`
    return placed && attributeOf(element, name) !== undefined && this.#often(1)
  }

  #gap(indent: string): string {
    if (!this.#often(4)) return ' '
    return this.#choices.oneOf(['  ', '\t', `${this.#newline}${indent}   `])
  }

  #equals(): string {
    return this.#often(9) ? this.#choices.oneOf([' =', '= ', ' = ']) : '='
  }

  #value(name: string, value: string): string {
    const spelled = this.#often(2) ? this.#spelled(name, value) : value
    const quote = this.#often(2) ? "'" : '"'
    const written = Array.from(spelled, (character) => {
      const needed = character === '&' || character === '<' || character === quote
      if (character < ' ') return `&#${character.codePointAt(0)};`
      return needed || this.#often(40) ? this.#reference(character) : character
    })
    return quote + written.join('') + quote
  }

  #reference(character: string): string {
    const code = character.codePointAt(0) ?? 0
    const known = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }[
      character
    ]
    const forms = [`&#${code};`, `&#x${code.toString(16)};`] as const
    return known !== undefined && this.#choices.below(2) === 0 ? known : this.#choices.oneOf(forms)
  }

  #spelled(name: string, value: string): string {
    const old = Object.entries(SCHEDULER_ALIASES).find(([, now]) => now === value)
    if (name === 'scheduler' && old !== undefined) return old[0]
    if (value === 'true') return name === 'enable' ? this.#choices.oneOf(YES) : value
    return value === 'false' && name === 'enable' ? this.#choices.oneOf(NO) : value
  }

  #keyText(text: string): string {
    const [before, behind] = this.#often(3) ? [this.#newline, ` ${this.#newline}`] : ['', '']
    const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    return before + (this.#often(2) ? `<![CDATA[${text}]]>` : plain) + behind
  }
}
