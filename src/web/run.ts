// The one door from the web to the command table: a line is written out of values, run for the caller as if typed, and
// its answer is JSON. Roles, audit, candidates and journal are those of every typed line.
import { masked } from '../audit/secrets.ts'
import { type ErrorCode, ERRORS, factsOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import type { CommandContext, Process, Trial } from '../commands/context.ts'
import { type LineParts, writeLine } from '../commands/line/write-line.ts'
import { valueIn } from '../commands/outcome.ts'
import { runLine } from '../commands/run.ts'
import type { Caller } from './caller.ts'

export interface RunParts {
  readonly process: Process
  readonly log: Log
}

export interface Asked {
  /** A command in its parts, or a whole line. */
  readonly command: LineParts | string
  /** What the command reads from standard input. */
  readonly input?: string | Buffer | undefined
  /** It is tried on this instead of being done. */
  readonly trial?: Trial | undefined
  /** Called once, right before anything is done. @throws to keep it from being done */
  readonly before?: (() => void) | undefined
  /** Interrupts it, besides the end of the caller's log-in. */
  readonly signal?: AbortSignal | undefined
  /** Told of progress, a line each. */
  readonly note?: ((text: string) => void) | undefined
  /** Told of each piece of a command that answers piece by piece. Awaited, so that a slow reader slows it down. */
  readonly piece?: ((value: unknown) => Promise<void> | void) | undefined
}

/** How a command ended. */
export interface Ran {
  /** As over ssh: 0 done, 1 refused or failed, 2 not understood, 3 not allowed, 4 no such object, 5 not done in time. */
  readonly exit: number
  /** The answer as JSON, as it came; '' where there was none. */
  readonly json: string
  /** Why it was not done; undefined where it was. */
  readonly error: RanError | undefined
}

export interface RanError {
  readonly code: ErrorCode
  /** Without the summary that the table of errors has. */
  readonly detail: string
}

/** Never throws, but what `before` threw is the error of the answer. */
export async function run(
  { command, ...asked }: Asked,
  caller: Caller,
  { process, log }: RunParts,
): Promise<Ran> {
  const line = typeof command === 'string' ? command : writeLine(command)
  const either = eitherOf(caller.ended, asked.signal)
  const context = contextOf({ ...asked, signal: either.signal }, caller, process)
  const { exit, out, err, fault } = await withOrigin(caller.origin, () => runLine(line, context))
  either.release()
  if (fault !== undefined)
    log.error('unexpected', { what: 'web command', line: masked(line), ...factsOf(fault) })
  return { exit, json: out, error: exit === 0 ? undefined : errorIn(err) }
}

function contextOf(
  { input, trial, before, signal, note, piece }: Omit<Asked, 'command'> & Interrupted,
  { operator, role, login, address }: Caller,
  process: Process,
): CommandContext {
  return {
    process,
    operator,
    role,
    login,
    address,
    key: '',
    signal,
    json: true,
    trial,
    before: once(before),
    columns: 0,
    print: async (text) => {
      for (const line of text.trimEnd().split('\n')) await piece?.(valueIn(line))
    },
    note: async (text) => note?.(text.trimEnd()),
    input: input === undefined ? undefined : inputOf(input),
    screen: undefined,
  }
}

interface Interrupted {
  readonly signal: AbortSignal
}

/** Aborted with the first of both. Not AbortSignal.any, of which a log-in or token that lasts would keep a trace for each call. */
function eitherOf(
  ended: AbortSignal,
  signal: AbortSignal | undefined,
): Interrupted & { release(): void } {
  if (signal === undefined) return { signal: ended, release: () => {} }
  const either = new AbortController()
  const abort = () => either.abort()
  const both = [ended, signal]
  for (const each of both) each.addEventListener('abort', abort)
  if (both.some(({ aborted }) => aborted)) abort()
  const release = () => {
    for (const each of both) each.removeEventListener('abort', abort)
  }
  return { signal: either.signal, release }
}

// The lines of a batch come by one after the other; it is the first that finds things as the caller saw them.
function once(check: (() => void) | undefined): (() => void) | undefined {
  let done = false
  if (check === undefined) return undefined
  return () => {
    if (done) return
    done = true
    check()
  }
}

/** A refusal as `--json` prints it. */
function errorIn(err: string): RanError {
  const { error } = (valueIn(err) ?? {}) as {
    readonly error?: { readonly name: ErrorCode; readonly message: string }
  }
  if (error === undefined) return { code: 'INTERNAL', detail: err.trim() }
  const { summary } = ERRORS[error.name]
  return { code: error.name, detail: error.message.replace(`${summary}: `, '') }
}

async function* inputOf(input: string | Buffer): AsyncGenerator<Buffer> {
  yield typeof input === 'string' ? Buffer.from(input) : input
}
