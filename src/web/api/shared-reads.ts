// A list that many pages ask for at the same moment, because all of them heard of the same change: it is made once, and
// what was made is given to all. Nobody gets one that is older than the last change, and counters in it are as good as new.
import { LIMITS } from '../../base/limits.ts'
import type { Balancer } from '../../model/balancer.ts'

interface Made {
  /** Number of the last change in it. */
  readonly change: number
  /** In milliseconds, of a clock that only goes forward. */
  readonly at: number
  readonly answer: Promise<string>
}

export class SharedReads {
  readonly #balancer: Pick<Balancer, 'changeNumber'>
  readonly #now: () => number
  /** By what was asked, oldest first. */
  readonly #made = new Map<string, Made>()

  constructor(
    balancer: Pick<Balancer, 'changeNumber'>,
    now: () => number = () => performance.now(),
  ) {
    this.#balancer = balancer
    this.#now = now
  }

  /** @param read asked where there is none that is new enough. @throws what it throws, to all who wait for it */
  read(question: string, read: () => Promise<string>): Promise<string> {
    const { changeNumber: change } = this.#balancer
    const at = this.#now()
    const made = this.#made.get(question)
    if (made?.change === change && at - made.at < LIMITS.webSharedReadMs) return made.answer
    const fresh = { change, at, answer: read() }
    this.#made.delete(question)
    this.#forget(at)
    this.#made.set(question, fresh)
    // What failed may be something of one caller, or pass.
    fresh.answer.catch(() => {
      if (this.#made.get(question) === fresh) this.#made.delete(question)
    })
    return fresh.answer
  }

  #forget(now: number): void {
    for (const [question, { at }] of this.#made) {
      if (now - at < LIMITS.webSharedReadMs && this.#made.size < LIMITS.webSharedReadsMax) return
      this.#made.delete(question)
    }
  }
}
