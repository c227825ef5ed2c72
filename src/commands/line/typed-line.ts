// A typed line before anything is looked up: the words of the command, and those of the pipes behind it. A question
// (`?`, `--help`) is turned into the `help` that answers it.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { splitLine, stagesOf, type Word, wordsOf } from './words.ts'

export interface TypedLine {
  readonly words: readonly string[]
  /** The words of each pipe. */
  readonly pipes: readonly (readonly string[])[]
}

/** @throws BalancerError NOT_UNDERSTOOD */
export function readTypedLine(line: string): TypedLine {
  if (Buffer.byteLength(line) > LIMITS.commandBytesMax) {
    throw new BalancerError('NOT_UNDERSTOOD', `a line has at most ${LIMITS.commandBytesMax} bytes`)
  }
  const [words = [], ...pipes] = stagesOf(wordsOf(line))
  const asked = pipes.at(-1)
  if (asked !== undefined && endsWithQuestion(asked, line)) {
    return { words: ['help', ...jsonIn(words), 'pipes'], pipes: [] }
  }
  return { words: questionOf(words, line), pipes: pipes.map(textsOf) }
}

/** Does a script ask for JSON, also in a line that cannot be read? */
export function asksForJson(line: string): boolean {
  const [words = [], ...pipes] = stagesOf(splitLine(line).words)
  return jsonIn(words).length > 0 || pipes.some(([first]) => first?.text === 'json')
}

// `?`, `set host ?` and `set host --help` are asked as `help` and `help set host`.
function questionOf(words: readonly Word[], line: string): readonly string[] {
  const texts = textsOf(words)
  // Behind `--` stand values.
  const values = texts.indexOf('--')
  const typed = values === -1 ? texts : texts.slice(0, values)
  if (!endsWithQuestion(words, line) && !typed.includes('--help')) return texts
  const topic = texts.filter((text) => text !== 'help' && text !== '?' && !text.startsWith('--'))
  return ['help', ...jsonIn(words), '--', ...topic]
}

function endsWithQuestion(words: readonly Word[], line: string): boolean {
  const last = words.findLast(({ text }) => text !== '--json')
  return last !== undefined && line.slice(last.start, last.end) === '?'
}

function jsonIn(words: readonly Word[]): readonly string[] {
  return textsOf(words).filter((text) => text === '--json')
}

function textsOf(words: readonly Word[]): readonly string[] {
  return words.map(({ text }) => text)
}
