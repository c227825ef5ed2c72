// Why a document was not taken: its faults by line and column, out of a problem.

export interface DocumentFault {
  readonly line: number
  readonly column: number
  readonly text: string
  readonly isWarning: boolean
}

export interface DocumentRefusal {
  readonly faults: readonly DocumentFault[]
  /** What names no place. */
  readonly others: readonly string[]
}

/** `config.xml:12:5: weight is …`; the name of the file may hold anything but a line end. */
const FAULT = /^.*?:(\d+):(\d+): (.*)$/

/** @param detail of a problem; a line for each fault, or several behind each other with `; ` */
export function refusalOf(detail: string): DocumentRefusal {
  const lines = detail.split('\n').filter((line) => line.trim() !== '')
  const faults = lines.flatMap((line) => faultIn(line) ?? [])
  return { faults, others: lines.filter((line) => faultIn(line) === undefined) }
}

function faultIn(line: string): DocumentFault | undefined {
  const found = FAULT.exec(line)
  if (found === null) return undefined
  const [, row = '1', column = '1', text = ''] = found
  const isWarning = text.startsWith('warning: ')
  const said = isWarning ? text.slice('warning: '.length) : text
  return { line: Number(row), column: Number(column), text: said, isWarning }
}

/** Where a place stands in a text, for a text field that is to show it; the end where the text is shorter. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let row = 1; row < line; row++) {
    const end = text.indexOf('\n', start)
    if (end === -1) return text.length
    start = end + 1
  }
  const end = text.indexOf('\n', start)
  return Math.min(start + Math.max(0, column - 1), end === -1 ? text.length : end)
}

/** Line and column of a place in a text, both from 1. */
export function placeOf(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
