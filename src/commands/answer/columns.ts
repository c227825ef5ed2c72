// Text for people: aligned columns, and nothing in them that could steer a terminal.

export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => string | number | boolean
  /** The field of the JSON answer that it shows; left out where that is called as the title. */
  readonly field?: string
  /** Figures stand to the right. */
  readonly right?: true
}

const GAP = '  '
/** No column is cut below this many characters. */
const CUT_MIN = 8

/**
 * A heading and a line for each row.
 *
 * @param width columns of the terminal, beyond which the widest cells are cut; 0 cuts nothing
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): string {
  const titles = columns.map(({ title }) => title)
  const lines = [titles, ...rows.map((row) => columns.map(({ of }) => cellOf(of(row))))]
  const widths = widthsFor(lines, width)
  const aligned = lines.map((cells) => {
    const padded = cells.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.right))
    return padded.join(GAP).trimEnd()
  })
  return `${aligned.join('\n')}\n`
}

/** Text on one line in which every control character can be seen instead of taking effect. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, visible)
}

/** As `printable`, for text of many lines: line ends and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(/(?!\n|\t|\r\n)\p{Cc}/gu, visible)
}

/** One cell, uncut. */
export function cellOf(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === '' ? '-' : printable(String(value))
}

/** The widest cell of each column; then the widest columns give way until a line fits. */
function widthsFor(lines: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = (lines[0] ?? []).map((_, index) => {
    return lines.reduce((widest, cells) => Math.max(widest, lengthOf(cells[index] ?? '')), 0)
  })
  const room = width - GAP.length * (widths.length - 1)
  while (width > 0 && sum(widths) > room) {
    const widest = Math.max(...widths)
    if (widest <= CUT_MIN) break
    widths[widths.indexOf(widest)] = widest - 1
  }
  return widths
}

function pad(cell: string, width: number, right: true | undefined): string {
  const cut =
    lengthOf(cell) > width
      ? `${Array.from(cell)
          .slice(0, width - 1)
          .join('')}…`
      : cell
  const blanks = ' '.repeat(width - lengthOf(cut))
  return right ? blanks + cut : cut + blanks
}

function lengthOf(text: string): number {
  return Array.from(text).length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
