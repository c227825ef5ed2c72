// What one session evaluates with: its limits, its interrupt, its author and its way of printing. Knows
// nothing of lines and keys; a prompt, a piped script and `js` over exec each have one.
import { types } from 'node:util'
import vm from 'node:vm'
import { masked } from '../../audit/secrets.ts'
import { factsOf } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import { whileNoted, withOrigin } from '../../base/origin.ts'
import type { Process } from '../../commands/context.ts'
import { type Outcome, runLine } from '../../commands/run.ts'
import type { Screen } from '../../commands/screen/screen.ts'
import type { OperatorChannel } from '../channel.ts'
import { contextOf, INTERRUPTED } from '../operator-context.ts'
import { EnteredCode } from './entered-code.ts'
import { type Evaluated, type Evaluation, evaluation } from './evaluation.ts'
import { missingName, refuseLostWrite, type Roots } from './hints.ts'
import { runLimited } from './limited.ts'
import { claimFile, PromptOwner } from './owners.ts'
import { stockEvaluator } from './repl-private.ts'
import { textOf } from './value-text.ts'

/** What a prompt needs of the process; the same for every login. */
export interface PromptOptions {
  readonly process: Process
  readonly log: Log
  readonly historyFolder?: string
  /** Extra names bound at the prompt. */
  readonly prompt: Readonly<Record<string, unknown>>
}

/** Thrown in place of what was waited for, when the operator pressed Ctrl-C. */
class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

export class Workspace {
  readonly #channel: OperatorChannel
  readonly #options: PromptOptions
  readonly #owner: PromptOwner
  readonly #entered: EnteredCode
  #interrupt: AbortController | undefined

  /** @param onLateError is told of errors that surface after their line was done, while the channel lives */
  constructor(
    channel: OperatorChannel,
    options: PromptOptions,
    onLateError: (error: unknown) => void,
  ) {
    this.#channel = channel
    this.#options = options
    this.#owner = new PromptOwner(channel.login, options.log, onLateError)
    this.#entered = new EnteredCode(channel.login, options.process.audit)
    channel.ended.addEventListener('abort', () => {
      this.#owner.leave()
      this.interrupt()
    })
  }

  /** Run one typed command, on the whole screen if it wants that. */
  async runCommand(line: string, screen?: Screen): Promise<Outcome> {
    const { operator } = this.#channel.login
    this.#logLine('ssh prompt command', line)
    return this.#interruptible(async (signal) => {
      const context = contextOf(this.#channel, this.#options.process, { signal, screen })
      const interrupted: Outcome = { exit: INTERRUPTED, out: '', err: 'Interrupted\n' }
      const done = withOrigin(`ssh:${operator}`, () => runLine(line, context))
      const outcome = await Promise.race([done, abortOf(signal).then(() => interrupted)])
      if (outcome.fault !== undefined) this.#logFault(line, outcome.fault)
      return outcome
    })
  }

  /** Evaluate code with the author known, the time limited and Ctrl-C at hand. Never rejects. */
  async evaluate(code: string, context: vm.Context): Promise<Evaluated> {
    this.#logLine('ssh prompt input', code)
    try {
      this.#entered.note(code)
    } catch (error) {
      return { kind: 'error', error }
    }
    const evaluate = () => whileNoted(() => this.#evaluateNow(code, context))
    const evaluated = await withOrigin(`ssh:${this.#owner.operator}`, evaluate)
    this.#entered.ended(code, evaluated)
    return evaluated
  }

  #evaluateNow(code: string, context: vm.Context): Promise<Evaluated> {
    return this.#interruptible(async (signal) => {
      const interrupted: Evaluated = { kind: 'error', error: new Interrupted() }
      const evaluating = this.#start(code, context)
      try {
        return await Promise.race([
          settled(evaluating.result),
          abortOf(signal).then(() => interrupted),
        ])
      } finally {
        evaluating.forget()
      }
    })
  }

  /** Evaluate without a trace: what completion asks for. */
  async peek(code: string, context: vm.Context): Promise<Evaluated> {
    return this.#start(code, context).result
  }

  /** What to say of a line that came to nothing because a name in it is not there. */
  hint(code: string, evaluated: Evaluated, context: vm.Context): string {
    if (evaluated.kind === 'unfinished') return ''
    if (evaluated.kind === 'value' && evaluated.value !== undefined) return ''
    const missing = missingName(code, this.#rootsOf(context))
    return missing === undefined ? '' : `${missing}\n`
  }

  /** Give up what runs now, if anything does. */
  interrupt(): void {
    this.#interrupt?.abort()
  }

  /** A value as the operator sees it: short, and within the time limit even if it prints itself. */
  format(
    value: unknown,
    { colors, columns }: { readonly colors: boolean; readonly columns: number },
  ): string {
    return textOf(value, { colors, columns, limitMs: this.#channel.limits.evaluationMs })
  }

  #start(code: string, context: vm.Context): Evaluation {
    const file = claimFile(this.#owner)
    return evaluation((callback) => {
      refuseLostWrite(code, this.#rootsOf(context))
      // The origin is set outside of what can be cut: cut code restores nothing.
      withOrigin(`ssh:${this.#owner.operator}`, () => {
        this.#limited(() => stockEvaluator()(code, context, file, callback))
      })
    })
  }

  #rootsOf(context: vm.Context): Roots {
    const { balancer } = this.#options.process
    return (name) => {
      // Not the property of the context: what `const` binds at the prompt stands in front of it.
      const value: unknown = this.#limited(() => vm.runInContext(name, context))
      return value === balancer || value === balancer.services ? value : undefined
    }
  }

  #limited<Result>(task: () => Result): Result {
    return runLimited(task, this.#channel.limits.evaluationMs)
  }

  async #interruptible<Result>(task: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const interrupt = new AbortController()
    this.#interrupt = interrupt
    try {
      return await task(interrupt.signal)
    } finally {
      if (this.#interrupt === interrupt) this.#interrupt = undefined
    }
  }

  #logLine(event: string, line: string): void {
    const { operator, id } = this.#channel.login
    this.#options.log.info(event, { operator, login: id, line: masked(line) })
  }

  #logFault(line: string, fault: unknown): void {
    const facts = { what: 'command', line: masked(line), ...factsOf(fault) }
    this.#options.log.error('unexpected', facts)
  }
}

// A line whose value is a promise is done when the promise is: an operator waits for the outcome, and Ctrl-C
// ends the waiting.
async function settled(evaluating: Promise<Evaluated>): Promise<Evaluated> {
  const evaluated = await evaluating
  if (evaluated.kind !== 'value' || !types.isPromise(evaluated.value)) return evaluated
  try {
    return { kind: 'value', value: await evaluated.value }
  } catch (error) {
    return { kind: 'error', error }
  }
}

/** Resolves when the signal aborts; waits for ever without holding anything otherwise. */
function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve())
  })
}
