// A clock that goes on when a test says so. Whatever waits for it goes on in the order of its deadlines.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../src/base/clock.ts'

interface Wait {
  readonly until: number
  readonly end: () => void
}

export class HandClock implements Clock {
  #wall = Date.UTC(2026, 10, 20, 12)
  #passed = 0
  readonly #waits = new Set<Wait>()

  now(): number {
    return this.#wall
  }

  pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        this.#waits.delete(wait)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const wait = { until: this.#passed + ms, end }
      this.#waits.add(wait)
      signal.addEventListener('abort', end)
    })
  }

  /** How many wait. */
  get waits(): number {
    return this.#waits.size
  }

  /** Somebody sets the wall clock. */
  jump(ms: number): void {
    this.#wall += ms
  }

  /** Time passes, and whatever is due happens, as far as it needs no disk. */
  async pass(ms: number): Promise<void> {
    const until = this.#passed + ms
    for (;;) {
      await nextTurn()
      const next = [...this.#waits].toSorted((a, b) => a.until - b.until)[0]
      if (next === undefined || next.until > until) break
      this.#goOn(Math.max(0, next.until - this.#passed))
      next.end()
    }
    this.#goOn(until - this.#passed)
  }

  #goOn(ms: number): void {
    this.#passed += ms
    this.#wall += ms
  }
}
