// `batch`: commands from standard input, one a line, as if each had been typed. Together they are one act, so that
// one `undo` takes all of them back.
import { BalancerError, type ErrorCode, messageOf, notUnderstood } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { type Given, streamCommand } from '../command.ts'
import type { AskedLine, CommandContext, RunContext } from '../context.ts'
import { type Outcome, valuesIn } from '../outcome.ts'
import { type InputLine, linesOf, requireInput } from '../line/standard-input.ts'

const EXAMPLE = 'batch < commands.txt'

interface Piece {
  /** Number of the line, from 1. */
  readonly line: number
  readonly command: string
  readonly exit: number
  /** Text, or the value that `--json` answers with. */
  readonly result: unknown
  readonly error: unknown
}

export const batch = streamCommand({
  words: ['batch'],
  flags: {
    keepGoing: { summary: 'run all lines; the exit status is that of the first that failed' },
    atomic: { summary: 'all or nothing: what was changed is undone when a line fails' },
  },
  role: 'readonly',
  input: { summary: 'commands, one a line', example: 'show version' },
  mustEnd: true,
  summary:
    'run commands from standard input, one a line, up to the first that fails; # is a comment',
  examples: [EXAMPLE, 'batch --keep-going < commands.txt', 'batch --atomic < commands.txt'],
  json: { list: false, fields: ['line', 'command', 'exit', 'result', 'error'] },
  run(given, context): AsyncIterable<Piece> {
    const { keepGoing, atomic } = given
    if (keepGoing && atomic)
      throw notUnderstood('--atomic stops at a failure; leave out --keep-going')
    const lines = commandLines(requireInput(context.input, EXAMPLE))
    const runner = new Runner(context, (given as Given)['json'] === true)
    return atomic ? runAtomic(lines, runner, context) : runAll(lines, runner, keepGoing)
  },
  text: ({ result }) => String(result),
})

async function* runAll(
  lines: AsyncIterable<InputLine>,
  runner: Runner,
  keepGoing: boolean,
): AsyncGenerator<Piece> {
  for await (const line of lines) {
    yield await runner.run(line)
    if (runner.failed && !keepGoing) break
  }
  runner.finish()
}

// What is printed is done: so nothing is printed before it is sure that all of it is.
async function* runAtomic(
  lines: AsyncIterable<InputLine>,
  runner: Runner,
  { process, operator, signal }: RunContext,
): AsyncGenerator<Piece> {
  const all = await readAll(lines)
  for (const line of all) runner.requireUndoable(line)
  const pieces: Piece[] = []
  for (const line of all) {
    if (runner.failed || signal.aborted) break
    pieces.push(await runner.run(line))
  }
  if (runner.failed || signal.aborted) {
    await undoAll(async () => {
      // Edits went there while one was open; it can neither come nor go among these lines.
      await process.candidates.of(operator)?.journal.undoActUnderWay()
      await process.journal.undoActUnderWay()
    })
    yield* pieces.filter(({ exit }) => exit !== 0)
    runner.finish('nothing is changed')
  } else yield* pieces
}

/** @throws BalancerError REFUSED with what could not be taken back */
async function undoAll(undo: () => Promise<unknown>): Promise<void> {
  try {
    await undo()
  } catch (error) {
    const what = 'a line failed, and what the lines before it changed stays'
    throw new BalancerError('REFUSED', `${what}: ${messageOf(error)}`, { cause: error })
  }
}

/** @throws BalancerError VALUE_BAD */
async function readAll(lines: AsyncIterable<InputLine>): Promise<readonly InputLine[]> {
  const all: InputLine[] = []
  for await (const line of lines) {
    if (all.push(line) > LIMITS.batchLinesMax)
      throw new BalancerError('VALUE_BAD', `at most ${LIMITS.batchLinesMax} lines with --atomic`)
  }
  return all
}

/** Without comments and empty lines. @throws BalancerError VALUE_BAD */
async function* commandLines(input: AsyncIterable<Buffer>): AsyncGenerator<InputLine> {
  for await (const line of linesOf(input, LIMITS.commandBytesMax)) {
    const text = line.text.trim()
    if (text !== '' && !text.startsWith('#')) yield { ...line, text }
  }
}

/** Verbs whose changes the journal can take back. What only looks changes nothing. */
const UNDOABLE = new Set(
  'add remove move rename set enable disable drain listen pause resume user key token'.split(' '),
)

/** Runs lines one after the other, tells of each failure, and remembers the first. */
class Runner {
  readonly #outer: RunContext
  readonly #context: CommandContext
  readonly #json: boolean
  #first: { readonly line: number; readonly exit: number } | undefined
  #done = 0
  #failed = 0

  constructor(outer: RunContext, json: boolean) {
    this.#outer = outer
    this.#json = json
    // Its standard input is that of the batch.
    this.#context = { ...outer, input: undefined, screen: undefined, columns: 0, json }
  }

  get failed(): boolean {
    return this.#failed > 0
  }

  async run({ number: line, text: command }: InputLine): Promise<Piece> {
    const outcome = await this.#outcomeOf(command)
    const { exit, out, err } = outcome
    if (exit === 0) {
      this.#done++
    } else {
      this.#failed++
      this.#first ??= { line, exit }
      if (!this.#json) await this.#outer.note(`line ${line}: ${err}`)
    }
    const { result, error } = this.#json ? valuesIn(outcome) : { result: out, error: null }
    return { line, command, exit, result, error }
  }

  /** @throws BalancerError NOT_UNDERSTOOD, NOT_ALLOWED, with the number of the line */
  requireUndoable({ number, text }: InputLine): void {
    try {
      const asked = this.#outer.readLine(text, this.#context)
      const whyNot = whyNotHere(asked)
      if (whyNot !== undefined) throw notUnderstood(whyNot)
      const { words, looks, rest } = asked
      const [verb = ''] = words
      if (looks) return
      const what = words.join(' ')
      if (!UNDOABLE.has(verb)) {
        const accepted = `accepted: ${[...UNDOABLE].join(', ')}, and what only looks`
        throw notUnderstood(`${what} cannot be undone; ${accepted}`)
      }
      if (rest.includes('--wait'))
        throw notUnderstood(`${what} --wait cannot be undone; leave out --wait`)
    } catch (error) {
      if (!(error instanceof BalancerError)) throw error
      throw new BalancerError(error.code, `line ${number}: ${error.detail}; nothing was run`)
    }
  }

  /** @throws BalancerError with the exit status of the first line that failed */
  finish(otherwise = `${this.#done} done`): void {
    if (this.#first === undefined) return
    const { line, exit } = this.#first
    const failed = this.#failed === 1 ? `line ${line} failed` : `${this.#failed} lines failed`
    throw new BalancerError(CODES[exit] ?? 'REFUSED', `${failed}, ${otherwise}`)
  }

  async #outcomeOf(text: string): Promise<Outcome> {
    const whyNot = this.#refusalOf(text)
    if (whyNot === undefined) return this.#outer.runLine(text, this.#context)
    const { message } = notUnderstood(whyNot)
    const error = { code: 2, name: 'NOT_UNDERSTOOD', message }
    return { exit: 2, out: '', err: this.#json ? JSON.stringify({ error }) : `${message}\n` }
  }

  #refusalOf(text: string): string | undefined {
    let asked: AskedLine
    try {
      asked = this.#outer.readLine(text, this.#context)
    } catch {
      // Whoever runs it says what is wrong.
      return undefined
    }
    return whyNotHere(asked)
  }
}

/** Why a line cannot stand in a batch; undefined where it can. */
function whyNotHere({ words, endless }: AskedLine): string | undefined {
  const what = words.join(' ')
  if (what === 'batch') return 'a batch cannot stand in a batch'
  return endless ? `${what} goes on until you leave, so it cannot stand in a batch` : undefined
}

/** By exit status, for a batch that ends as one of its lines did. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  2: 'NOT_UNDERSTOOD',
  3: 'NOT_ALLOWED',
  4: 'NOT_FOUND',
  5: 'TIMED_OUT',
}
