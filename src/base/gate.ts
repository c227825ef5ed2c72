// A gate: so many tasks at once, the others wait in the order they came. It knows nothing of what the tasks do
// and never ends one; a task that should give up while it waits asks its own signal when its turn comes.

export class Gate {
  readonly #room: number
  readonly #waiting: (() => void)[] = []
  #inside = 0

  /** @param room tasks that may run at the same time, 1 or more */
  constructor(room: number) {
    this.#room = room
  }

  /** Run `task` as soon as there is room. Settles as the task does. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#inside >= this.#room) await this.#turn()
    else this.#inside++
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  // The place is handed on, not given back, so that nobody slips in between.
  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#inside--
    else next()
  }
}
