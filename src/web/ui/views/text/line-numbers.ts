// A text of many lines as a list: each line with its number, and no line so long that it fills the window.
import { visible } from './visible.ts'

/** Characters of one line that are shown; the others are counted. */
const LINE_MAX = 2_000

export function linesOf(text: string): readonly string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line) => line.replace(/\r$/, ''))
}

/** One line as it can be shown. */
export function lineText(line: string): string {
  const rest = line.length - LINE_MAX
  return rest > 0 ? `${visible(line.slice(0, LINE_MAX))} … ${rest} more characters` : visible(line)
}

/** Characters that the number of the last line takes. */
export function numberWidth(count: number): number {
  return Math.max(2, String(count).length)
}

/** Places of the lines that hold a text, from 0; none for ''. */
export function linesWith(lines: readonly string[], text: string): readonly number[] {
  if (text === '') return []
  const wanted = text.toLowerCase()
  return lines.flatMap((line, index) => (line.toLowerCase().includes(wanted) ? [index] : []))
}
