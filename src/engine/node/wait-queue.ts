// Clients that wait for room, first come first served. Bounded by the table; deadlines are kept by the sweep.

export interface Waiter {
  /** Try again. @returns false when it still has to wait */
  retry(): boolean
}

export class WaitQueue {
  // A Set keeps the order of joining and forgets a client that left in one step.
  readonly #waiters = new Set<Waiter>()
  readonly #onLength: (length: number) => void
  #waking = false

  constructor(onLength: (length: number) => void) {
    this.#onLength = onLength
  }

  get length(): number {
    return this.#waiters.size
  }

  /** @returns false when `most` clients wait already */
  join(waiter: Waiter, most: number): boolean {
    if (this.#waiters.size >= most) return false
    this.#waiters.add(waiter)
    this.#onLength(this.length)
    return true
  }

  leave(waiter: Waiter): void {
    if (this.#waiters.delete(waiter)) this.#onLength(this.length)
  }

  /**
   * Let everybody try again in order, as long as there is room for somebody. One who waits for another host than
   * the one that is free does not keep the others. A retry that makes room wakes nobody a second time.
   */
  wake(hasRoom: () => boolean): void {
    if (this.#waking) return
    this.#waking = true
    try {
      for (const waiter of this.#waiters) {
        if (!hasRoom()) return
        if (waiter.retry()) this.leave(waiter)
      }
    } finally {
      this.#waking = false
    }
  }
}
