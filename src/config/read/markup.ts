// The first look at a text: is it XML, and XML that is safe to read? fast-xml-parser is built to take
// whatever it is given (two roots, missing ends, DTDs that define entities), so everything that is
// refused is refused here, with its place, in one pass that never looks at a character twice.
import { LIMITS } from '../../base/limits.ts'
import type { FaultList } from './fault.ts'
import { MarkupError, type StartTag, characterOf, scanEndTag, scanStartTag } from './start-tag.ts'

/** Start tags by the offset of their `<`. */
export type StartTags = ReadonlyMap<number, StartTag>

/** Look at the whole text. @returns its start tags, or undefined where reading stopped at a fault */
export function scanMarkup(text: string, faults: FaultList): StartTags | undefined {
  const scan = new MarkupScan(text, faults)
  try {
    scan.run()
    return scan.tags
  } catch (error) {
    if (!(error instanceof MarkupError)) throw error
    faults.fault(error.offset, error.message)
    return undefined
  }
}

const DECLARATION = /^\uFEFF?(?:<\?xml\s[^?<]*\?>)?/
// What XML does not permit, escaped or not.
const NOT_A_CHARACTER = /(?![\t\n\r\u007f-\u009f])[\p{Cc}\p{Cs}\ufffe\uffff]/u

const REFERENCE = /&(?:([^;&\s]{1,32});)?/g

class MarkupScan {
  readonly tags = new Map<number, StartTag>()
  readonly #text: string
  readonly #faults: FaultList
  /** Elements that are open at this place, outermost first. */
  readonly #open: StartTag[] = []
  #rootEnded = false

  constructor(text: string, faults: FaultList) {
    this.#text = text
    this.#faults = faults
  }

  run(): void {
    const text = this.#text
    const bad = text.search(NOT_A_CHARACTER)
    if (bad >= 0)
      throw new MarkupError(bad, `a character that XML does not permit: ${codeOf(text, bad)}`)
    let at = DECLARATION.exec(text)?.[0].length ?? 0
    while (at < text.length) {
      const next = text.indexOf('<', at)
      const end = next < 0 ? text.length : next
      this.#takeText(at, end)
      at = end === text.length ? end : this.#takeMarkup(end)
    }
    this.#requireEnd()
  }

  #takeText(start: number, end: number): void {
    const written = this.#text.slice(start, end)
    if (this.#open.length === 0 && written.trim() !== '') {
      const offset = start + written.length - written.trimStart().length
      throw new MarkupError(offset, 'text outside the root element')
    }
    this.#requireKnownReferences(start, end)
  }

  #takeMarkup(at: number): number {
    const text = this.#text
    if (text.startsWith('<!--', at)) return this.#skip(at, '-->', 'the comment')
    if (text.startsWith('<![CDATA[', at)) return this.#skip(at, ']]>', 'the CDATA section')
    if (text.startsWith('<!', at)) {
      throw new MarkupError(
        at,
        'a DOCTYPE or other declaration: documents are read without a DTD, remove it',
      )
    }
    if (text.startsWith('<?', at)) {
      throw new MarkupError(
        at,
        'a processing instruction: only <?xml …?> at the very start is accepted',
      )
    }
    return text.startsWith('</', at) ? this.#takeEnd(at) : this.#takeStart(at)
  }

  #takeStart(at: number): number {
    const tag = scanStartTag(this.#text, at)
    if (this.#rootEnded)
      throw new MarkupError(at, `a second root element <${tag.name}>, one is accepted`)
    if (this.#open.length >= LIMITS.configDepthMax) {
      throw new MarkupError(
        at,
        `elements are nested more than ${LIMITS.configDepthMax} deep, the most there may be`,
      )
    }
    // fast-xml-parser refuses these names by throwing, to keep prototypes clean.
    if (tag.name in Object.prototype || tag.name === 'prototype') {
      throw new MarkupError(at, `<${tag.name}> is not accepted as a name`)
    }
    for (const { valueStart, valueEnd } of tag.attributes)
      this.#requireKnownReferences(valueStart, valueEnd)
    this.tags.set(at, tag)
    if (!tag.selfClosing) this.#open.push(tag)
    this.#rootEnded = this.#open.length === 0
    return tag.end
  }

  #takeEnd(at: number): number {
    const { name, end } = scanEndTag(this.#text, at)
    const tag = this.#open.pop()
    if (tag === undefined) throw new MarkupError(at, `</${name}> closes nothing`)
    if (tag.name !== name) {
      const open = `<${tag.name}> of ${this.#faults.lineOf(tag.start)} is still open`
      throw new MarkupError(at, `</${name}> is not expected here: ${open}`)
    }
    this.#rootEnded = this.#open.length === 0
    return end
  }

  #skip(at: number, closing: string, what: string): number {
    const end = this.#text.indexOf(closing, at)
    if (end < 0) throw new MarkupError(at, `${what} that starts here is not closed by ${closing}`)
    return end + closing.length
  }

  // Entities other than these need a DTD, and a DTD can expand without end or read files.
  #requireKnownReferences(start: number, end: number): void {
    for (const { index, 1: name = '' } of this.#text.slice(start, end).matchAll(REFERENCE)) {
      if (characterOf(name) !== undefined) continue
      const found =
        name === '' ? '& alone, write &amp; for the character' : `&${name}; is not known`
      const accepted = 'accepted are &lt; &gt; &amp; &quot; &apos; and numbers such as &#233;'
      this.#faults.fault(start + index, `${found}; ${accepted}`)
    }
  }

  #requireEnd(): void {
    const unclosed = this.#open.at(-1)
    if (unclosed !== undefined) {
      throw new MarkupError(
        unclosed.start,
        `<${unclosed.name}> is not closed by </${unclosed.name}>`,
      )
    }
    if (!this.#rootEnded) throw new MarkupError(0, 'no element: a document is <config> … </config>')
  }
}

function codeOf(text: string, at: number): string {
  return `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`
}
