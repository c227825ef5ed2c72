// How long nobody else got a turn: goes round with the event loop as fast as it turns, and remembers the longest round.
import { closeSync, openSync, readSync } from 'node:fs'

export interface Longest {
  /** By the clock: what traffic waits, for us and for whatever else runs on this machine. */
  readonly ms: number
  /** What the main thread computed in it, to some milliseconds; NaN where the system does not tell. */
  readonly cpuMs: number
}

export class LoopProbe {
  readonly #cpu = new ThreadClock()
  #running = true
  #last = performance.now()
  #lastCpu = this.#cpu.ms()
  #longest: Longest = { ms: 0, cpuMs: 0 }

  constructor() {
    this.#turn()
  }

  /** @returns the longest rounds, the one that is under way included */
  stop(): Longest {
    this.#running = false
    this.#note()
    this.#cpu.close()
    return this.#longest
  }

  readonly #turn = (): void => {
    if (!this.#running) return
    this.#note()
    setImmediate(this.#turn)
  }

  #note(): void {
    const [now, cpu] = [performance.now(), this.#cpu.ms()]
    const { ms, cpuMs } = this.#longest
    this.#longest = {
      ms: Math.max(ms, now - this.#last),
      cpuMs: Math.max(cpuMs, cpu - this.#lastCpu),
    }
    this.#last = now
    this.#lastCpu = cpu
  }
}

/** CPU time of the main thread of this process. */
class ThreadClock {
  readonly #file = openSync('/proc/self/schedstat', 'r')
  readonly #text = Buffer.alloc(64)

  ms(): number {
    const length = readSync(this.#file, this.#text, 0, this.#text.length, 0)
    return Number(this.#text.toString('latin1', 0, length).split(' ')[0]) / 1e6
  }

  close(): void {
    closeSync(this.#file)
  }
}
