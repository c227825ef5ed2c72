// One start tag of a document, taken apart with the place of every attribute, which fast-xml-parser
// does not tell. Edits of the text rely on these places.
import { LIMITS } from '../../base/limits.ts'

export interface Attribute {
  readonly name: string
  /** Decoded: what was meant, not what was written. */
  readonly value: string
  /** From the first character of the name … */
  readonly start: number
  /** … to behind the closing quote. */
  readonly end: number
  /** The written value, between its quotes. */
  readonly valueStart: number
  readonly valueEnd: number
}

export interface StartTag {
  readonly name: string
  readonly attributes: readonly Attribute[]
  /** Offset of `<`. */
  readonly start: number
  /** Behind the last attribute, or behind the name: where a further attribute goes. */
  readonly attributesEnd: number
  /** Behind `>`. */
  readonly end: number
  readonly selfClosing: boolean
}

/** A text that is not XML; reading cannot go on behind it. */
export class MarkupError extends Error {
  override readonly name = 'MarkupError'
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

// What XML 1.0 lets a name be made of (productions 4 and 4a), so that whatever reads XML reads our documents.
const NAME_START =
  ':A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}'
const NAME_PART = `${NAME_START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}`
const ANY_NAME = `[${NAME_START}][${NAME_PART}]*`
/** What is blank to XML; `\s` is more. */
const BLANK = '[ \\t\\r\\n]'
const NAME = new RegExp(ANY_NAME, 'uy')
// A value holds no `<`, so that a forgotten quote is found on its own line and not at the end of the file.
const ATTRIBUTE = new RegExp(`${BLANK}+(${ANY_NAME})${BLANK}*=${BLANK}*("[^"<]*"|'[^'<]*')`, 'uy')
const END = /[ \t\r\n]*(\/?)>/y
const BREAK = /[\r\n\t]/

/** Read the start tag at `start`, where `<` is. @throws MarkupError */
export function scanStartTag(text: string, start: number): StartTag {
  const name = matchAt(NAME, text, start + 1)?.[0]
  if (name === undefined)
    throw new MarkupError(start, 'no element name behind <, write &lt; for the character')
  requireShort(name, start + 1)
  const attributes: Attribute[] = []
  let at = start + 1 + name.length
  for (let found = matchAt(ATTRIBUTE, text, at); found; found = matchAt(ATTRIBUTE, text, at)) {
    at += found[0].length
    const attribute = attributeEndingAt(at, found)
    requireShort(attribute.name, attribute.start)
    attributes.push(attribute)
  }
  const end = matchAt(END, text, at)
  if (end === undefined) throw whyNotClosed(text, at, start, name)
  const selfClosing = end[1] === '/'
  return { name, attributes, start, attributesEnd: at, end: at + end[0].length, selfClosing }
}

/** The name of the end tag at `start`, and where it ends. @throws MarkupError */
export function scanEndTag(text: string, start: number): { name: string; end: number } {
  const name = matchAt(NAME, text, start + 2)?.[0]
  if (name === undefined) throw new MarkupError(start, 'no element name behind </')
  requireShort(name, start + 2)
  const end = matchAt(END, text, start + 2 + name.length)
  if (end === undefined || end[1] === '/')
    throw new MarkupError(start, `the end tag </${name} is not closed by >`)
  return { name, end: start + 2 + name.length + end[0].length }
}

const PREDEFINED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

/** The character meant by `amp`, `#233` or `#xE9`; undefined where it is none that XML knows without a DTD. */
export function characterOf(reference: string): string | undefined {
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(reference)
  if (digits === null)
    return Object.hasOwn(PREDEFINED, reference) ? PREDEFINED[reference] : undefined
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16)
  const permitted =
    code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
  return permitted && (code >= 0x20 || code === 9 || code === 10 || code === 13)
    ? String.fromCodePoint(code)
    : undefined
}

/** The text with its references replaced; one that is not known stays as it is written. */
export function decode(written: string): string {
  if (!written.includes('&')) return written
  return written.replace(
    /&([^;&\s]{1,32});/g,
    (whole, reference) => characterOf(reference) ?? whole,
  )
}

// Names stand in messages, and are compared with those that may have been meant.
function requireShort(name: string, offset: number): void {
  const most = LIMITS.configNameLengthMax
  if (name.length > most)
    throw new MarkupError(
      offset,
      `a name of ${name.length} characters, at most ${most} are accepted`,
    )
}

function attributeEndingAt(end: number, found: RegExpExecArray): Attribute {
  const [matched, name = '', quoted = ''] = found
  const written = quoted.slice(1, -1)
  // XML reads a line end or tab inside a value as a blank.
  const value = decode(BREAK.test(written) ? written.replace(/\r\n|[\r\n\t]/g, ' ') : written)
  const start = end - matched.trimStart().length
  return { name, value, start, end, valueStart: end - quoted.length + 1, valueEnd: end - 1 }
}

function whyNotClosed(text: string, at: number, start: number, name: string): MarkupError {
  const rest = text.slice(at, at + 200)
  const place = at + rest.length - rest.trimStart().length
  const attribute = matchAt(NAME, text, place)?.[0]
  if (attribute !== undefined) requireShort(attribute, place)
  if (attribute === undefined)
    return new MarkupError(start, `the tag <${name}> is not closed by > or />`)
  if (place === at)
    return new MarkupError(at, `a blank is missing before ${attribute} in <${name}>`)
  const opened = /^\s*=\s*["']/.test(rest.trimStart().slice(attribute.length))
  const problem = opened
    ? 'has a quote that is not closed before the next <, which is written &lt; in a value'
    : `needs a value in quotes: ${attribute}="…"`
  return new MarkupError(place, `${attribute} in <${name}> ${problem}`)
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}
