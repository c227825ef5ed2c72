// Whose fault an error is that nobody caught. Evaluated code has file names REPL1, REPL2 … in its stack,
// each given out once, so an error that surfaces much later still finds the operator who typed it.
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { currentOrigin } from '../base/origin.ts'
import type { Login } from './channel.ts'

/** What is left of a session when its last timer fires: small, because thousands are remembered. */
export class PromptOwner {
  readonly operator: string
  readonly #login: number
  readonly #log: Log
  /** Shows an error to the operator while there is one. */
  #show: ((error: unknown) => void) | undefined

  constructor({ operator, id }: Login, log: Log, show: (error: unknown) => void) {
    this.operator = operator
    this.#login = id
    this.#log = log
    this.#show = show
  }

  /** Log an error, and show it if the operator is still there. Never throws. */
  report(error: unknown): void {
    const { operator } = this
    const facts = { operator, login: this.#login, reason: reasonOf(error), stack: stackOf(error) }
    this.#log.warn('ssh prompt error', facts)
    this.#show?.(error)
  }

  /** The session ended. */
  leave(): void {
    this.#show = undefined
  }
}

/** Lines that are remembered. Older ones may still throw; then it is nobody's. */
const FILES_MAX = 10_000
/** Characters of a stack or a reason that are looked at and logged. */
const STACK_MAX = 4_000
const FRAME = /\bREPL\d+(?=:\d+(?::\d+)?\b)/g

const owners = new Map<string, PromptOwner>()
let lastNumber = 0

/** A file name for a piece of code that this session is about to run. */
export function claimFile(owner: PromptOwner): string {
  const file = `REPL${++lastNumber}`
  owners.set(file, owner)
  if (owners.size > FILES_MAX) owners.delete(owners.keys().next().value ?? '')
  return file
}

/** Called by main.ts from its one uncaughtException/unhandledRejection handler: true when a prompt session owned the error and was shown it. */
export function showToPrompt(error: unknown): boolean {
  const owner = ownerOf(error)
  owner?.report(error)
  return owner !== undefined
}

function ownerOf(error: unknown): PromptOwner | undefined {
  const stack = stackOf(error)
  if (stack !== undefined) return firstOwner(stack.match(FRAME) ?? [])
  // What has no stack (`throw 1`) is only thrown by hand, and the origin says by whose.
  const origin = currentOrigin()
  return [...owners.values()].findLast((owner) => origin === `ssh:${owner.operator}`)
}

function firstOwner(files: readonly string[]): PromptOwner | undefined {
  return files.map((file) => owners.get(file)).find((owner) => owner !== undefined)
}

// Not `instanceof Error`: a prompt has its own Error. Reading may run a getter of the operator's making.
function stackOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  try {
    const { stack } = error as { readonly stack?: unknown }
    return typeof stack === 'string' ? stack.slice(0, STACK_MAX) : undefined
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  try {
    return messageOf(error).slice(0, STACK_MAX)
  } catch {
    return 'an error that cannot be read'
  }
}
