// What is wrong in a document, and where. A fault refuses the document, a warning lets it load.
// Nothing here knows what a document means.
import { LIMITS } from '../../base/limits.ts'

export type Severity = 'fault' | 'warning'

export interface Fault {
  readonly severity: Severity
  readonly file: string
  /** Counts from 1. */
  readonly line: number
  /** Counts from 1, in characters as editors count them; a tab is one. */
  readonly column: number
  /** What was found and what is accepted, in one sentence. */
  readonly message: string
}

/** `run/config.xml:12:5: weight is a whole number from 0 to 256, got "x"` */
export function formatFault({ severity, file, line, column, message }: Fault): string {
  const mark = severity === 'warning' ? 'warning: ' : ''
  return `${file}:${line}:${column}: ${mark}${message}`
}

/** Collects what is found while one text is read, and knows lines and columns. */
export class FaultList {
  readonly #file: string
  readonly #text: string
  readonly #found: { readonly offset: number; readonly fault: Fault }[] = []
  readonly #counts = { fault: 0, warning: 0 }

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
  }

  /** Was anything found that refuses the document? */
  get refused(): boolean {
    return this.#counts.fault > 0
  }

  /** Were so many faults found that reading gives up? */
  get full(): boolean {
    return this.#counts.fault >= LIMITS.configFaultsMax
  }

  /** Everything that was found, in the order of the text; no more of a kind than the limit. */
  get list(): readonly Fault[] {
    return this.#found.toSorted((a, b) => a.offset - b.offset).map(({ fault }) => fault)
  }

  fault(offset: number, message: string): void {
    this.#note('fault', offset, message)
  }

  warn(offset: number, message: string): void {
    this.#note('warning', offset, message)
  }

  /** `line 12`, for messages that point at a second place. */
  lineOf(offset: number): string {
    return `line ${placeOf(this.#text, offset).line}`
  }

  #note(severity: Severity, offset: number, message: string): void {
    this.#counts[severity]++
    if (this.#counts[severity] > LIMITS.configFaultsMax) return
    const place = placeOf(this.#text, offset)
    this.#found.push({ offset, fault: { severity, file: this.#file, ...place, message } })
  }
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line++
    start = end + 1
  }
  return { line, column: offset - start + 1 }
}
