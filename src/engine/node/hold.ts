// The clients of a paused service, in the order in which they came. None of them is given a host before the pause is
// over; then they go in that order, a portion in each turn of the loop, so that many of them keep nobody else waiting.
import { LIMITS } from '../../base/limits.ts'
import type { Waiter } from './wait-queue.ts'

export class Hold {
  readonly #waiters = new Set<Waiter>()
  readonly #onLength: () => void
  /** Clients that may be held; what the last pause said counts until everybody has gone. */
  #most = 0
  #paused = false

  constructor(onLength: () => void) {
    this.#onLength = onLength
  }

  get length(): number {
    return this.#waiters.size
  }

  /** Is nobody to be given a host? */
  get paused(): boolean {
    return this.#paused
  }

  /** Has a new client to get in line? Also after the pause, until everybody before it has gone. */
  get inForce(): boolean {
    return this.#paused || this.#waiters.size > 0
  }

  /** @returns false when as many are held as may be */
  join(waiter: Waiter): boolean {
    if (this.#waiters.size >= this.#most) return false
    this.#waiters.add(waiter)
    this.#onLength()
    return true
  }

  leave(waiter: Waiter): void {
    if (this.#waiters.delete(waiter)) this.#onLength()
  }

  /** Hold everybody from now on, `most` clients at once. */
  begin(most: number): void {
    this.#most = most
    this.#paused = true
  }

  /** Hold nobody any more. Who is held goes, the first of them at once. */
  end(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#letGo()
  }

  #letGo(): void {
    if (this.#paused) return
    let turns = LIMITS.letGoAtOnce
    try {
      for (const waiter of this.#waiters) {
        if (turns-- === 0) return
        this.leave(waiter)
        waiter.retry()
      }
    } finally {
      // One that throws must not keep the others for good.
      if (this.#waiters.size > 0) setImmediate(() => this.#letGo())
    }
  }
}
