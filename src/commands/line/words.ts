// A typed line taken apart as a POSIX shell does: blanks, single quotes, double quotes, backslash, bars;
// nothing is expanded. An own one, because completion needs positions and half-open quotes.
import { BalancerError } from '../../base/errors.ts'

export interface Word {
  /** What it means: quotes and backslashes are taken away. */
  readonly text: string
  /** Where it stands in the line, `end` being the first place behind it. */
  readonly start: number
  readonly end: number
  /** It is a `|` without quotes, which is a word of its own wherever it stands. */
  readonly bar?: true
}

/** What waits for its other half at the end of the line; '' where nothing does. */
export type Open = "'" | '"' | '\\' | ''

export interface SplitLine {
  readonly words: readonly Word[]
  readonly open: Open
}

// Every character begins one of these pieces, so a match is found at every place up to the end.
const PIECE =
  /(?<blank>[ \t\r\n]+)|'(?<single>[^']*)(?<singleEnd>'?)|"(?<double>(?:[^"\\]|\\[^])*)\\?(?<doubleEnd>"?)|\\(?<escaped>[^]?)|(?<bar>\|)|(?<plain>[^ \t\r\n'"\\|]+)/gy

/** The words of a line, half-open ones included. */
export function splitLine(line: string): SplitLine {
  const words: Word[] = []
  let open: Open = ''
  for (const piece of line.matchAll(PIECE)) {
    const { blank, single, singleEnd, double, doubleEnd, escaped, bar, plain } = piece.groups ?? {}
    if (blank !== undefined) continue
    if (bar !== undefined) {
      words.push({ text: bar, start: piece.index, end: piece.index + 1, bar: true })
      continue
    }
    const last = words.at(-1)
    const joins = last?.end === piece.index && last.bar !== true
    const text = plain ?? single ?? escaped ?? unescaped(double ?? '')
    const start = joins ? last.start : piece.index
    if (joins) words.pop()
    words.push({ text: (joins ? last.text : '') + text, start, end: piece.index + piece[0].length })
    if (singleEnd === '') open = "'"
    if (doubleEnd === '') open = '"'
    if (escaped === '') open = '\\'
  }
  return { words, open }
}

/** The words of a complete line. @throws BalancerError NOT_UNDERSTOOD where a quote is not closed */
export function wordsOf(line: string): readonly Word[] {
  const { words, open } = splitLine(line)
  if (open === '') return words
  const what = open === '\\' ? 'nothing follows the last backslash' : `unterminated quote ${open}`
  throw new BalancerError('NOT_UNDERSTOOD', what)
}

/** A line taken apart at its bars: the words of the command, then those of each pipe. */
export function stagesOf(words: readonly Word[]): readonly (readonly Word[])[] {
  const stages: Word[][] = [[]]
  for (const word of words) {
    if (word.bar === true) stages.push([])
    else stages.at(-1)?.push(word)
  }
  return stages
}

/** What to type so that an unfinished word goes on with `rest`. */
export function continueWord(rest: string, open: Open): string {
  switch (open) {
    case "'":
      return rest.replaceAll("'", String.raw`'\''`)
    case '"':
      return rest.replace(/["\\$`]/g, String.raw`\$&`)
    case '':
    case '\\':
      return rest.replace(/[ \t\r\n'"\\|]/g, String.raw`\$&`)
    default:
      return open satisfies never
  }
}

/** A word as it is typed, whatever is in it. */
export function quoteWord(text: string): string {
  return `'${continueWord(text, "'")}'`
}

// Between double quotes a backslash is itself, except in front of what it can protect.
function unescaped(text: string): string {
  return text.replace(/\\(["\\$`])/g, '$1')
}
