// One look that is taken at one host again and again: when it is due, whether it is under way, and how many went
// well in a row. It has no timer; whoever owns the time asks it.
import { LIMITS } from '../base/limits.ts'
import type { LookResult, LookTotals } from '../model/check-view.ts'
import { Streak } from './streak.ts'

/** Looks come up to this part of their interval early, so that hosts looked at together drift apart. */
const EARLY_PART = 0.1

/** Counts looks by how they ended. */
export type LookTally = { -readonly [Outcome in keyof LookTotals]: number }

export const newTally = (): LookTally => ({ good: 0, bad: 0, blind: 0 })

export interface JobClock {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number
  /** 0 or more and below 1. */
  readonly random: () => number
}

export class Job {
  readonly streak = new Streak()
  readonly #clock: JobClock
  readonly #tally: LookTally
  readonly #results: LookResult[] = []
  #underWay = false
  #pausedAt: number
  #part: number

  /**
   * @param firstPart the part of an interval after which the first look is due, 0 to 1
   * @param tally counts its looks; it may have counted those of an earlier job
   */
  constructor(clock: JobClock, firstPart: number, tally: LookTally = newTally()) {
    this.#clock = clock
    this.#tally = tally
    this.#pausedAt = clock.now()
    this.#part = firstPart
  }

  /** How long until the look is due, in milliseconds; 0 or less is now. */
  dueInMs(intervalMs: number): number {
    if (this.#underWay) return intervalMs
    return this.#pausedAt + intervalMs * this.#part - this.#clock.now()
  }

  /** As `dueInMs`, for people: 0 also while it is under way. */
  nextInMs(intervalMs: number): number {
    return this.#underWay ? 0 : Math.max(0, Math.round(this.dueInMs(intervalMs)))
  }

  /** The last results, oldest first. */
  get results(): readonly LookResult[] {
    return this.#results
  }

  /** Count a result and keep it for people; what it means is counted in `streak`. */
  keep(result: LookResult): void {
    this.#tally[result.outcome] += 1
    // Of a host that is down for hours they all say the same: one text does for them.
    const before = this.#results.at(-1)
    const isSame = before !== undefined && before.reason === result.reason
    this.#results.push(isSame ? { ...result, reason: before.reason } : result)
    if (this.#results.length > LIMITS.checkResultsKept) this.#results.shift()
  }

  /** Take the look; the pause before the next one begins when it ends. */
  async run(look: () => Promise<void>): Promise<void> {
    this.#underWay = true
    try {
      await look()
    } finally {
      this.#underWay = false
      this.#pausedAt = this.#clock.now()
      this.#part = 1 - EARLY_PART * this.#clock.random()
    }
  }
}
