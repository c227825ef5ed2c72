// The figures of hosts and listeners that were removed while sessions were open at them. What comes back to the same
// place goes on with them: else a drain would call a host empty that still serves somebody.
import type { Counters } from './counters.ts'

/** Places are looked through for those that are empty by now when there are so many, and again at twice as many. */
const LOOK_FROM = 64

export class Departed {
  readonly #byPlace = new Map<string, Counters>()
  #lookAt = LOOK_FROM

  /** How many are remembered: no more than there are open sessions, doubled. */
  get size(): number {
    return this.#byPlace.size
  }

  /** @param place path and address, so that another machine under an old name begins anew */
  keep(place: string, counters: Counters): void {
    if (counters.open === 0) return
    this.#byPlace.set(place, counters)
    if (this.size < this.#lookAt) return
    for (const [each, { open }] of this.#byPlace) if (open === 0) this.#byPlace.delete(each)
    this.#lookAt = Math.max(LOOK_FROM, 2 * this.size)
  }

  /** Of what was there before, where sessions of it are still open. */
  take(place: string): Counters | undefined {
    const counters = this.#byPlace.get(place)
    this.#byPlace.delete(place)
    return counters?.open === 0 ? undefined : counters
  }
}
