// The first look at a text: is it XML, and XML that is safe to read? fast-xml-parser is built to take
// whatever it is given (two roots, missing ends, DTDs that define entities), so everything that is
// refused is refused here, with its place, in one pass that never looks at a character twice.
import { LIMITS } from '../../base/limits.ts'
import type { Steps } from '../../base/steps.ts'
import type { FaultList } from './fault.ts'
import { MarkupError, type StartTag, characterOf, scanEndTag, scanStartTag } from './start-tag.ts'

/** Start tags by the offset of their `<`. */
export type StartTags = ReadonlyMap<number, StartTag>

/** Look at the whole text. @returns its start tags, or undefined where reading stopped at a fault */
export function* scanMarkup(text: string, faults: FaultList): Steps<StartTags | undefined> {
  const scan = new MarkupScan(text, faults)
  try {
    yield* scan.run()
    return scan.tags
  } catch (error) {
    if (!(error instanceof MarkupError)) throw error
    faults.fault(error.offset, error.message)
    return undefined
  }
}

const BLANK = '[ \\t\\r\\n]'
const SAID_TO_BE = (name: string, value: string) =>
  `${BLANK}+${name}${BLANK}*=${BLANK}*["']${value}["']`
const DECLARATION = new RegExp(
  `^\\uFEFF?(?:<\\?xml${SAID_TO_BE('version', '1\\.\\d')}(?:${SAID_TO_BE('encoding', '([A-Za-z][\\w.-]{0,39})')})?(?:${SAID_TO_BE('standalone', '(?:yes|no)')})?${BLANK}*\\?>)?`,
)
const READ_AS_UTF_8 = /^(?:utf-?8|us-ascii)$/i
const NOT_ASCII = /[^\0-\x7f\uFEFF]/
// What XML does not permit, escaped or not.
// oxlint-disable-next-line no-control-regex
const NOT_A_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\p{Cs}\ufffe\uffff]/u

const REFERENCE = /&(?:([^;&\s]{1,32});)?/g

const COMMENT = '<!--'
const CDATA = '<![CDATA['

class MarkupScan {
  readonly tags = new Map<number, StartTag>()
  readonly #text: string
  readonly #faults: FaultList
  /** Elements that are open at this place, outermost first. */
  readonly #open: StartTag[] = []
  #rootEnded = false
  readonly #references: Upcoming
  readonly #cdataEnds: Upcoming

  constructor(text: string, faults: FaultList) {
    this.#text = text
    this.#faults = faults
    this.#references = new Upcoming(text, '&')
    this.#cdataEnds = new Upcoming(text, ']]>')
  }

  *run(): Steps<void> {
    const text = this.#text
    const bad = text.search(NOT_A_CHARACTER)
    if (bad >= 0)
      throw new MarkupError(bad, `a character that XML does not permit: ${codeOf(text, bad)}`)
    let at = this.#takeDeclaration()
    while (at < text.length) {
      const next = text.indexOf('<', at)
      const end = next < 0 ? text.length : next
      this.#takeText(at, end)
      at = end === text.length ? end : this.#takeMarkup(end)
      yield
    }
    this.#requireEnd()
  }

  #takeDeclaration(): number {
    const [declaration = '', encoding = 'utf-8'] = DECLARATION.exec(this.#text) ?? []
    if (!READ_AS_UTF_8.test(encoding)) this.#requireAscii(encoding)
    return declaration.length
  }

  // Old documents name an encoding that they need nothing of.
  #requireAscii(encoding: string): void {
    const other = this.#text.search(NOT_ASCII)
    if (other < 0) return
    const next = 'save the document in UTF-8 and say encoding="UTF-8"'
    this.#faults.fault(other, `not ASCII, in a document that calls itself ${encoding}: ${next}`)
  }

  #takeText(start: number, end: number): void {
    if (this.#open.length === 0) this.#requireBlank(start, end)
    this.#requireKnownReferences(start, end)
    const stray = this.#cdataEnds.within(start, end)
    if (stray !== undefined)
      throw new MarkupError(stray, ']]> outside of a CDATA section, write ]]&gt; for it')
  }

  #requireBlank(start: number, end: number): void {
    const at = this.#text.slice(start, end).search(/[^ \t\r\n]/)
    if (at >= 0) throw new MarkupError(start + at, 'text outside the root element')
  }

  #takeMarkup(at: number): number {
    const text = this.#text
    if (text.startsWith(COMMENT, at)) return this.#skipComment(at)
    if (text.startsWith(CDATA, at)) return this.#skipCdata(at)
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
    if (this.tags.size >= LIMITS.configElementsMax) {
      throw new MarkupError(
        at,
        `more than ${LIMITS.configElementsMax} elements, the most there may be`,
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

  #skipComment(at: number): number {
    const dashes = this.#text.indexOf('--', at + COMMENT.length)
    if (dashes < 0) throw new MarkupError(at, notClosed('comment', '-->'))
    if (this.#text[dashes + 2] === '>') return dashes + '-->'.length
    throw new MarkupError(dashes, '-- inside a comment, which XML permits at its end alone')
  }

  #skipCdata(at: number): number {
    if (this.#open.length === 0) throw new MarkupError(at, 'text outside the root element')
    const end = this.#text.indexOf(']]>', at + CDATA.length)
    if (end < 0) throw new MarkupError(at, notClosed('CDATA section', ']]>'))
    return end + ']]>'.length
  }

  // Entities other than these need a DTD, and a DTD can expand without end or read files.
  #requireKnownReferences(start: number, end: number): void {
    if (this.#references.within(start, end) === undefined) return
    for (const { index, 1: name = '' } of this.#text.slice(start, end).matchAll(REFERENCE)) {
      if (this.#faults.full) return
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

function notClosed(what: string, closing: string): string {
  return `the ${what} that starts here is not closed by ${closing}`
}

/** The next place of something of which most documents have little: looked for in the whole text, not in each piece. */
class Upcoming {
  readonly #text: string
  readonly #what: string
  /** At or behind the place that was looked at last; the length of the text where there is none. */
  #next = -1

  constructor(text: string, what: string) {
    this.#text = text
    this.#what = what
  }

  /** Where it first stands from `start` to `end`. The pieces that are asked for come in the order of the text. */
  within(start: number, end: number): number | undefined {
    if (this.#next < start) {
      const next = this.#text.indexOf(this.#what, start)
      this.#next = next < 0 ? this.#text.length : next
    }
    return this.#next < end ? this.#next : undefined
  }
}

function codeOf(text: string, at: number): string {
  return `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`
}
