// Steps that never overlap: each begins when the one before has ended, well or not.

export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve()

  /** Run a step when all before it are over. @throws what the step throws, and nothing of those before */
  run<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(step)
    this.#last = result.catch(() => {})
    return result
  }

  /** Resolves when every step that was asked for so far is over. Never rejects. */
  async idle(): Promise<void> {
    await this.#last
  }
}
