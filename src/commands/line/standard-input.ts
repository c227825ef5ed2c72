// What comes along on standard input: a whole document, or one line after the other. Bounded either way, and
// refused in words that say what to type.
import { BalancerError } from '../../base/errors.ts'

export type Input = AsyncIterable<Buffer>

export interface InputLine {
  /** Counts from 1. */
  readonly number: number
  readonly text: string
}

/** @throws BalancerError NOT_UNDERSTOOD where a command cannot have one, as at a prompt */
export function requireInput(input: Input | undefined, example: string): Input {
  if (input !== undefined) return input
  const next = `run it over ssh, as in: ${example}`
  throw new BalancerError('NOT_UNDERSTOOD', `there is no standard input here; ${next}`)
}

/** All of it. @throws BalancerError VALUE_BAD beyond `most` bytes; then the rest is not read */
export async function wholeInput(input: Input, most: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of input) {
    length += piece.length
    if (length > most) throw new BalancerError('VALUE_BAD', `at most ${most} bytes are accepted`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** Without their line ends; a last line needs none. @throws BalancerError VALUE_BAD for a line beyond `most` bytes */
export async function* linesOf(input: Input, most: number): AsyncGenerator<InputLine> {
  let number = 0
  let begun: Buffer[] = []
  let length = 0
  const whole = (end: Buffer): InputLine => {
    const text = Buffer.concat([...begun, end])
      .toString('utf8')
      .replace(/\r$/, '')
    begun = []
    length = 0
    return { number: ++number, text }
  }
  for await (const piece of input) {
    let start = 0
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      if (length + end - start > most) throw tooLong(number + 1, most)
      yield whole(piece.subarray(start, end))
      start = end + 1
    }
    const rest = piece.subarray(start)
    length += rest.length
    if (length > most) throw tooLong(number + 1, most)
    if (rest.length > 0) begun.push(rest)
  }
  if (length > 0) yield whole(Buffer.alloc(0))
}

function tooLong(number: number, most: number): BalancerError {
  return new BalancerError('VALUE_BAD', `line ${number}: a line has at most ${most} bytes`)
}
