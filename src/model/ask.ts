// The operator's own scheduler: a function that is asked for each client.
import { BalancerError } from '../base/errors.ts'
import { formatGiven } from './field.ts'

/** What an `ask` function is told about the client. */
export interface AskQuestion {
  readonly service: string
  readonly group: string
  /** Address of the client without its port; '' on a Unix socket. */
  readonly client: string
  /** Hosts that may be named in the answer: ready and not yet tried for this client. */
  readonly hosts: readonly {
    readonly name: string
    readonly open: number
    readonly weight: number
  }[]
}

/** Names the host for a client, at once or later; anything but a listed name leaves it to the scheduler. */
export type AskFunction = (
  question: AskQuestion,
) => string | undefined | Promise<string | undefined>

/** What it is called where it is shown; '' where there is none. */
export function nameOfFunction(ask: AskFunction | undefined): string {
  return ask === undefined ? '' : ask.name || 'function'
}

/** @throws BalancerError VALUE_BAD */
export function requireAsk(given: unknown, path: string): void {
  if (given === undefined || typeof given === 'function') return
  const got = formatGiven(given)
  throw new BalancerError('VALUE_BAD', `${path}: ask is a function or undefined, got ${got}`)
}
