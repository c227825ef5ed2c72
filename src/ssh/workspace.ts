// What one session evaluates with: its limits, its interrupt, its author and its way of printing. Knows
// nothing of lines and keys; a prompt, a piped script and `js` over exec each have one.
import { inspect, types } from 'node:util'
import type vm from 'node:vm'
import { factsOf, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import type { Process } from '../commands/context.ts'
import { type Outcome, runLine } from '../commands/run.ts'
import type { OperatorChannel } from './channel.ts'
import { type Evaluated, type Evaluation, evaluation } from './evaluation.ts'
import { runLimited } from './limited.ts'
import { claimFile, PromptOwner } from './prompt-owners.ts'
import { stockEvaluator } from './repl-private.ts'
import { masked } from './secrets.ts'

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

/** Characters that one result prints at most, whatever its shape. */
const RESULT_MAX = 256 * 1_024

export class Workspace {
  readonly #channel: OperatorChannel
  readonly #options: PromptOptions
  readonly #owner: PromptOwner
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
    channel.ended.addEventListener('abort', () => {
      this.#owner.leave()
      this.interrupt()
    })
  }

  /** Run one typed command. */
  async runCommand(line: string): Promise<Outcome> {
    const { role, operator } = this.#channel.login
    this.#logLine('ssh prompt command', line)
    return this.#interruptible(async (signal) => {
      const columns = this.#channel.terminal?.columns ?? 0
      const context = { process: this.#options.process, operator, role, signal, columns }
      const interrupted: Outcome = { exit: 130, out: '', err: 'Interrupted\n' }
      const done = withOrigin(`ssh:${operator}`, () => runLine(line, context))
      const outcome = await Promise.race([done, abortOf(signal).then(() => interrupted)])
      if (outcome.fault !== undefined) this.#logFault(line, outcome.fault)
      return outcome
    })
  }

  /** Evaluate code with the author known, the time limited and Ctrl-C at hand. Never rejects. */
  async evaluate(code: string, context: vm.Context): Promise<Evaluated> {
    this.#logLine('ssh prompt input', code)
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

  /** Give up what runs now, if anything does. */
  interrupt(): void {
    this.#interrupt?.abort()
  }

  /** A value as the operator sees it: short, and within the time limit even if it prints itself. */
  format(
    value: unknown,
    { colors, columns }: { readonly colors: boolean; readonly columns: number },
  ): string {
    if (isPlainError(value)) return `${value.name}: ${value.message}`.replace(/: $/, '')
    try {
      const shown = this.#limited(() =>
        inspect(value, {
          colors,
          depth: 2,
          breakLength: columns,
          maxArrayLength: LIMITS.promptArrayMax,
          maxStringLength: LIMITS.promptStringMax,
        }),
      )
      const text = types.isNativeError(value) ? withoutInside(shown) : shown
      return text.length <= RESULT_MAX
        ? text
        : `${text.slice(0, RESULT_MAX)}\n… ${text.length} characters in all`
    } catch (error) {
      return `[cannot be printed: ${messageOf(error)}]`
    }
  }

  #start(code: string, context: vm.Context): Evaluation {
    const file = claimFile(this.#owner)
    return evaluation((callback) => {
      // The origin is set outside of what can be cut: cut code restores nothing.
      withOrigin(`ssh:${this.#owner.operator}`, () => {
        this.#limited(() => stockEvaluator()(code, context, file, callback))
      })
    })
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

/** Errors whose sentence says it all; a stack would only bury it. */
function isPlainError(
  value: unknown,
): value is { readonly name: string; readonly message: string } {
  if (typeof value !== 'object' || value === null || !(value instanceof Error)) return false
  return ['BalancerError', 'Interrupted', 'CutEvaluation', 'RefusedExit'].includes(value.name)
}

/** The frames of a stack that say how the prompt evaluates, which nobody asked for. */
const INSIDE = /^\P{L}*at .*(?:node:(?:vm|repl|async_hooks)|\blimited:1|\/ssh\/[a-z-]+\.[jt]s):\d/u

function withoutInside(stack: string): string {
  const lines = stack.split('\n').filter((line) => !INSIDE.test(line))
  return lines.join('\n')
}
