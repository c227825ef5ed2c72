// A table of words and figures as lines of text, for every report of the bench.
import type { Spread } from './statistics.ts'

export type Cells = readonly string[]

export const NONE = '-'

export function formatSpread(spread: Spread | undefined): string {
  if (!spread) return NONE
  const [median, min, max] = [spread.median, spread.min, spread.max].map((each) => each.toFixed(2))
  return `${median} (${min}–${max})`
}

/** Words to the left, everything from the third column on to the right. A name is not repeated. */
export function table(head: Cells, rows: readonly Cells[]): string[] {
  if (rows.length === 0) return []
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  )
  const line = (cells: Cells) =>
    cells
      .map((cell, column) =>
        column < 2 ? cell.padEnd(at(widths, column)) : cell.padStart(at(widths, column)),
      )
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return [line(head), rule, ...rows.map((cells, index) => line(sparse(cells, rows[index - 1])))]
}

function sparse(cells: Cells, above: Cells | undefined): Cells {
  return cells[0] === above?.[0] ? ['', ...cells.slice(1)] : cells
}

function at(widths: readonly number[], column: number): number {
  return widths[column] ?? 0
}
