// The last changes, for a page that lost its connection and comes back: it is told those that it missed.
import { randomBytes } from 'node:crypto'
import { LIMITS } from '../../base/limits.ts'
import type { Change } from '../../model/change.ts'

/** A change, and what a page that knows everything up to it says when it comes back. */
export interface RecentChange {
  readonly id: string
  readonly change: Change
}

export class RecentChanges {
  /** Tells what this process counted from what another one did, before a restart. */
  readonly #era = randomBytes(6).toString('hex')
  readonly #kept: RecentChange[] = []
  /** How many there were. */
  #count = 0

  add(change: Change): RecentChange {
    this.#count += 1
    const recent = { id: this.id, change }
    this.#kept.push(recent)
    if (this.#kept.length > LIMITS.webChangesKept) this.#kept.shift()
    return recent
  }

  /** Of now: all changes so far are known. */
  get id(): string {
    return `${this.#era}-${this.#count}`
  }

  /** The changes after that id; undefined where not all of them are kept, or nobody gave that id. */
  since(id: string): readonly RecentChange[] | undefined {
    if (id === this.id) return []
    const [era, count] = id.split('-')
    const missed = this.#count - Number(count)
    if (era !== this.#era || !(missed > 0 && missed <= this.#kept.length)) return undefined
    return this.#kept.slice(-missed)
  }
}
