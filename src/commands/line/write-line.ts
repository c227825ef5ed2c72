// A command as it is typed, out of its parts: for whoever has values instead of a keyboard. What it writes, `input.ts` reads
// back as the same values, whatever is in them.
import { flagWord } from '../command.ts'
import { quoteWord } from './words.ts'

/** By their names in the command table: `maxSessions` is typed `--max-sessions`. True: a flag without a value. */
export type TypedFlags = Readonly<Record<string, string | true>>

export interface LineParts {
  /** Words of the command: `add host`. */
  readonly verb: string
  /** What stands behind it, as it is meant. */
  readonly words: readonly string[]
  readonly flags?: TypedFlags
}

export function writeLine({ verb, words, flags = {} }: LineParts): string {
  const [typed, switches] = [words.map(typedWord), Object.entries(flags).map(typedFlag)]
  // A value that begins as a flag does would be read as one in front of `--`.
  const isValue = words.some((word) => word.startsWith('--'))
  const rest = isValue ? [...switches, '--', ...typed] : [...typed, ...switches]
  return [verb, ...rest].join(' ')
}

/** What needs no quotes wherever it is typed; a lone `?` would ask for help. */
const PLAIN = /^[\p{L}\p{N}_./:@%+=,*[\]-]+$/u

function typedWord(word: string): string {
  return PLAIN.test(word) ? word : quoteWord(word)
}

function typedFlag([name, value]: readonly [name: string, value: string | true]): string {
  const word = flagWord(name)
  if (value === true) return word
  return value.startsWith('-') ? typedWord(`${word}=${value}`) : `${word} ${typedWord(value)}`
}
