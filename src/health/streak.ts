// Rise and fall: how many looks in a row went the same way. What a number means is the caller's rule.

export class Streak {
  #good = 0
  #bad = 0

  /** Good looks since the last bad one. */
  get good(): number {
    return this.#good
  }

  /** Bad looks since the last good one. */
  get bad(): number {
    return this.#bad
  }

  note(good: boolean): void {
    this.#good = good ? this.#good + 1 : 0
    this.#bad = good ? 0 : this.#bad + 1
  }

  /** Forget everything; the next look is the first. */
  clear(): void {
    this.#good = 0
    this.#bad = 0
  }
}
