// Whose fault an error is that nobody caught. Evaluated code has file names REPL1, REPL2 … in its stack,
// each given out once, so an error that surfaces much later still finds the operator who typed it.
import type { Log } from '../../base/log.ts'
import { currentOrigin } from '../../base/origin.ts'
import type { Login } from '../channel.ts'
import { isRefusedExit } from './guard.ts'
import { readThrown, type Thrown } from './thrown.ts'

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
  report(error: unknown, { reason, stack }: Thrown): void {
    const { operator } = this
    this.#log.warn('ssh prompt error', { operator, login: this.#login, reason, stack })
    this.#show?.(error)
  }

  /** The session ended. */
  leave(): void {
    this.#show = undefined
  }
}

/** Lines that are remembered. Older ones may still throw; then it is nobody's. */
const FILES_MAX = 10_000
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

/**
 * For what nobody caught.
 *
 * @returns true when a prompt session owned the error and was shown it
 */
export function showToPrompt(error: unknown, thrown: Thrown = readThrown(error)): boolean {
  const owner = ownerOf(error, thrown)
  owner?.report(error, thrown)
  return owner !== undefined
}

function ownerOf(error: unknown, { stack }: Thrown): PromptOwner | undefined {
  if (stack !== undefined && !isRefusedExit(error)) return firstOwner(stack.match(FRAME) ?? [])
  // What has no stack (`throw 1`) is only thrown by hand, and what the guard refused (`setTimeout(process.exit)`)
  // was only asked for by hand; the origin says by whose.
  const origin = currentOrigin()
  return [...owners.values()].findLast((owner) => origin === `ssh:${owner.operator}`)
}

function firstOwner(files: readonly string[]): PromptOwner | undefined {
  return files.map((file) => owners.get(file)).find((owner) => owner !== undefined)
}
