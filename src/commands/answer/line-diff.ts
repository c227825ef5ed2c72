// Two texts compared line by line, as `diff -u` shows it: the shortest list of lines that come and go (Myers 1986), where
// there are not too many of them.
import { LIMITS } from '../../base/limits.ts'

interface Line {
  readonly mark: ' ' | '-' | '+'
  /** With its line end, if it has one. */
  readonly text: string
}

/** Lines around each change that stay the same. */
const CONTEXT = 3

/** What turns one text into the other, for people and for `patch`; '' where they are the same. */
export function unifiedDiff(
  [fromName, from]: readonly [name: string, text: string],
  [toName, to]: readonly [name: string, text: string],
): string {
  const lines = compared(linesIn(from), linesIn(to))
  const hunks = hunksOf(lines)
  if (hunks.length === 0) return ''
  const [before, after] = [placesIn(lines, '+'), placesIn(lines, '-')]
  const body = hunks.map(([start, end]) => {
    const ranges = `@@ -${rangeOf(before, start, end)} +${rangeOf(after, start, end)} @@`
    return `${ranges}\n${hunkText(lines.slice(start, end))}`
  })
  return `--- ${fromName}\n+++ ${toName}\n${body.join('')}`
}

function linesIn(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function compared(from: readonly string[], to: readonly string[]): readonly Line[] {
  const shorter = Math.min(from.length, to.length)
  let head = 0
  while (head < shorter && from[head] === to[head]) head++
  let tail = 0
  while (tail < shorter - head && from.at(-1 - tail) === to.at(-1 - tail)) tail++
  return [
    ...marked(' ', from.slice(0, head)),
    ...changed(from.slice(head, from.length - tail), to.slice(head, to.length - tail)),
    ...marked(' ', from.slice(from.length - tail)),
  ]
}

function changed(from: readonly string[], to: readonly string[]): readonly Line[] {
  const rounds = roundsOf(from, to)
  if (rounds === undefined) return [...marked('-', from), ...marked('+', to)]
  return wayThrough(rounds, from, to)
}

/** For each number of edits, how far each diagonal gets in `from`; undefined beyond the limit. */
function roundsOf(
  from: readonly string[],
  to: readonly string[],
): readonly Int32Array[] | undefined {
  const most = Math.min(from.length + to.length, LIMITS.lineEditsMax)
  const middle = most + 1
  const reached = new Int32Array(2 * middle + 1)
  const rounds: Int32Array[] = []
  for (let edits = 0; edits <= most; edits++) {
    // Of this round no more than these diagonals is ever asked for; all of them each time would be much memory.
    rounds.push(reached.slice(middle - edits - 1, middle + edits + 2))
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const [above, left] = [at(reached, middle + diagonal + 1), at(reached, middle + diagonal - 1)]
      const down = diagonal === -edits || (diagonal !== edits && left < above)
      let x = down ? above : left + 1
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x++
      reached[middle + diagonal] = x
      if (x >= from.length && x - diagonal >= to.length) return rounds
    }
  }
  return undefined
}

/** From the end back to the start, by what each round knew of the one before it. */
function wayThrough(
  rounds: readonly Int32Array[],
  from: readonly string[],
  to: readonly string[],
): readonly Line[] {
  const lines: Line[] = []
  let [x, y] = [from.length, to.length]
  for (const [edits, before] of [...rounds.entries()].toReversed()) {
    const middle = edits + 1
    const diagonal = x - y
    const [above, left] = [at(before, middle + diagonal + 1), at(before, middle + diagonal - 1)]
    const down = diagonal === -edits || (diagonal !== edits && left < above)
    const startX = edits === 0 ? 0 : down ? above : left + 1
    for (; x > startX; x--, y--) lines.push({ mark: ' ', text: from[x - 1] ?? '' })
    if (edits === 0) break
    if (down) lines.push({ mark: '+', text: to[--y] ?? '' })
    else lines.push({ mark: '-', text: from[--x] ?? '' })
  }
  return lines.toReversed()
}

function at(places: Int32Array, index: number): number {
  return places[index] ?? 0
}

function marked(mark: Line['mark'], texts: readonly string[]): readonly Line[] {
  return texts.map((text) => ({ mark, text }))
}

/** Where changes stand, with their context; those whose contexts touch are one. */
function hunksOf(lines: readonly Line[]): readonly (readonly [start: number, end: number])[] {
  const hunks: [number, number][] = []
  for (const [index, { mark }] of lines.entries()) {
    if (mark === ' ') continue
    const [start, end] = [Math.max(0, index - CONTEXT), Math.min(lines.length, index + CONTEXT + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = end
    else hunks.push([start, end])
  }
  return hunks
}

/** How many lines of one text stand before each line; `other` marks those that it has not. */
function placesIn(lines: readonly Line[], other: Line['mark']): Int32Array {
  const places = new Int32Array(lines.length + 1)
  for (const [index, { mark }] of lines.entries())
    places[index + 1] = at(places, index) + (mark === other ? 0 : 1)
  return places
}

function rangeOf(places: Int32Array, start: number, end: number): string {
  const count = at(places, end) - at(places, start)
  const first = at(places, start) + (count === 0 ? 0 : 1)
  return count === 1 ? `${first}` : `${first},${count}`
}

function hunkText(lines: readonly Line[]): string {
  return lines.map(({ mark, text }) => mark + (text.endsWith('\n') ? text : text + NO_END)).join('')
}

const NO_END = '\n\\ No newline at end of file\n'
