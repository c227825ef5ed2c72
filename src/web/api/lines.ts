// Edits as typed lines: one as it is, several as one atomic batch, so that they are one act with one way back, all or
// nothing. And the same tried on a copy, where nothing of it comes into effect.
import { BalancerError, type ErrorCode, ERRORS } from '../../base/errors.ts'
import type { Trial } from '../../commands/context.ts'
import { type LineParts, writeLine } from '../../commands/line/write-line.ts'
import { rowOfChange } from '../../commands/verbs/tail.ts'
import type { Caller } from '../caller.ts'
import { type Asked, type Ran, run, type RunParts } from '../run.ts'
import { requireDone } from './answers.ts'

export type Edit = Pick<Asked, 'before' | 'trial'>

/** A line of a batch, as `batch --json` answers with it. */
interface Piece {
  readonly exit: number
  readonly result: unknown
  readonly error: { readonly name: ErrorCode; readonly message: string } | null
}

/** @returns the answer as JSON, of several lines a list. @throws BalancerError as the first line that was refused */
export async function edit(
  lines: readonly LineParts[],
  { before, trial }: Edit,
  caller: Caller,
  parts: RunParts,
): Promise<string> {
  const [first, ...more] = lines
  if (first !== undefined && more.length === 0)
    return requireDone(await run({ command: first, before, trial }, caller, parts))
  requireOneLineEach(lines)
  const pieces: Piece[] = []
  const ran = await run(
    {
      command: { verb: 'batch', words: [], flags: { atomic: true } },
      input: lines.map(writeLine).join('\n'),
      before,
      trial,
      piece: (piece) => void pieces.push(piece as Piece),
    },
    caller,
    parts,
  )
  requireAll(ran, pieces)
  return JSON.stringify(pieces.map(({ result }) => result))
}

/** What it would answer and change. @throws BalancerError as the edit would */
export async function tryOut(
  what: (trial: Trial) => Promise<string>,
  caller: Caller,
  { process }: RunParts,
): Promise<string> {
  const trial = await process.trial(caller.operator)
  const result = await what(trial)
  const changes = JSON.stringify(trial.changes.map(rowOfChange))
  return `{"dryRun":true,"result":${result || 'null'},"changes":${changes}}`
}

/** In a batch a line end begins another line, and half a character would become another one. @throws BalancerError VALUE_BAD */
export function requireOneLineEach(lines: readonly LineParts[]): void {
  const texts = lines.flatMap(({ words, flags = {} }) => [...words, ...Object.values(flags)])
  const stray = texts.find((text) => typeof text === 'string' && /[\p{Cc}\p{Cs}]/u.test(text))
  if (stray === undefined) return
  throw new BalancerError(
    'VALUE_BAD',
    `no control characters are accepted, got ${JSON.stringify(stray)}`,
  )
}

/** A batch says how many lines failed; the line itself says why. */
function requireAll(ran: Ran, pieces: readonly Piece[]): void {
  const { error } = pieces.find(({ exit }) => exit !== 0) ?? {}
  if (ran.error === undefined || error === undefined || error === null) return void requireDone(ran)
  const detail = error.message.replace(`${ERRORS[error.name].summary}: `, '')
  throw new BalancerError(error.name, detail)
}
