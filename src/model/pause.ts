// The pause of a service. It is something an operator does in the middle of work, for moments: no part of the document,
// so that no restart brings back a service that serves nobody, and it has a deadline at which it is ended.
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { type Owner, requirePresent } from './change.ts'
import { duration, requireValue } from './field.ts'

export const MAX_HOLD = duration({
  attribute: 'max-hold',
  summary: 'the service resumes by itself after this time; 30s where it is left out',
  effect: 'at once',
  maxMs: LIMITS.maxHoldMsMax,
  standard: 30_000,
})

export interface PauseOptions {
  /** The service resumes by itself after this time, in milliseconds. Default 30,000. */
  readonly maxHoldMs?: number
}

/** What a pause needs of its service. */
export interface PauseOwner extends Owner {
  readonly servingGroup: unknown
}

export class Pause {
  readonly #service: PauseOwner
  #until = 0

  constructor(service: PauseOwner) {
    this.#service = service
  }

  /** When it has to be over, in milliseconds since 1970; 0 while there is none. */
  get until(): number {
    return this.#until
  }

  /** @throws BalancerError VALUE_BAD; REFUSED where there is no group to hold clients for */
  begin({ maxHoldMs = MAX_HOLD.standard }: PauseOptions): void {
    const { path, servingGroup } = this.#service
    const holdMs = requireValue(MAX_HOLD, maxHoldMs, path)
    requirePresent(this.#service)
    if (servingGroup === undefined) {
      const next = `add one first: add group ${path}/NAME`
      throw new BalancerError('REFUSED', `${path} has no group that serves; ${next}`)
    }
    this.#set(Date.now() + holdMs)
  }

  end(): void {
    this.#set(0)
  }

  #set(to: number): void {
    const publisher = requirePresent(this.#service)
    const from = this.#until
    if (from === to) return
    this.#until = to
    publisher.publish({ action: 'set', path: this.#service.path, field: 'pausedUntil', from, to })
  }
}
