// The `least` rule: the host with the fewest sessions for its weight. A binary heap over the hosts of the table,
// in which a host moves when one of its sessions begins or ends: picking among a thousand hosts costs what
// picking among three does.
import type { LeastRule } from '../../scheduler/rule.ts'
import {
  ANYBODY,
  figuresOf,
  type Foresight,
  mayPick,
  type PickClient,
  type Picker,
  NO_HOST,
} from './picker.ts'
import type { Slot } from './slot.ts'

export class LeastPicker implements Picker {
  readonly #rule: LeastRule
  readonly #slots: readonly Slot[]
  /** Host indexes as a heap, and the place of each host in it (-1: not in it, for it cannot be picked). */
  readonly #heap: number[] = []
  readonly #places: Int32Array

  constructor(rule: LeastRule, slots: readonly Slot[]) {
    this.#rule = rule
    this.#slots = slots
    this.#places = new Int32Array(slots.length).fill(-1)
    slots.forEach((slot, index) => {
      if (slot.host.ready && (rule.weights[index] ?? 0) > 0)
        this.#places[index] = this.#heap.push(index) - 1
    })
    for (let place = this.#heap.length >> 1; place >= 0; place--) this.#sink(place)
  }

  next(client: PickClient): number {
    const best = this.#heap[0] ?? NO_HOST
    if (best === NO_HOST || mayPick(this.#slots, best, client)) return best
    // The least loaded one is full or was tried. That is rare enough for a walk.
    return this.#heap
      .filter((index) => mayPick(this.#slots, index, client))
      .reduce(
        (least, index) => (least === NO_HOST || this.#before(index, least) ? index : least),
        NO_HOST,
      )
  }

  foresee(client: PickClient = ANYBODY): Foresight {
    const figures = figuresOf(this.#slots, client, (index) => {
      const open = this.#slots[index]?.host.counters.open ?? 0
      return (open + 1) / (this.#rule.weights[index] ?? 1)
    })
    return { kind: 'least', next: this.next(client), place: -1, places: 0, figures }
  }

  changed(index: number): void {
    const place = this.#places[index] ?? -1
    if (place >= 0) this.#sink(this.#rise(place))
  }

  succeed(): void {}

  /** Is the host at `a` to be taken before the one at `b`? */
  #before(a: number, b: number): boolean {
    const [slotA, slotB] = [this.#slots[a], this.#slots[b]]
    if (slotA === undefined || slotB === undefined) return false
    // Full hosts sink, or one of them at the top would make every pick a walk.
    if (slotA.open !== slotB.open) return slotA.open
    const [one, other] = [slotA.host.counters, slotB.host.counters]
    // (open + 1) / weight, compared without dividing.
    const difference =
      (one.open + 1) * (this.#rule.weights[b] ?? 1) -
      (other.open + 1) * (this.#rule.weights[a] ?? 1)
    if (difference !== 0) return difference < 0
    if (this.#rule.tie === 'oldest-close' && one.lastClose !== other.lastClose) {
      return one.lastClose < other.lastClose
    }
    return a < b
  }

  #rise(place: number): number {
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#swapIfBefore(place, parent)) break
      place = parent
    }
    return place
  }

  #sink(place: number): void {
    for (;;) {
      const left = 2 * place + 1
      const right = left + 1
      const [leftHost, rightHost] = [this.#heap[left], this.#heap[right]]
      if (leftHost === undefined) return
      const child = rightHost !== undefined && this.#before(rightHost, leftHost) ? right : left
      if (!this.#swapIfBefore(child, place)) return
      place = child
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [below, above] = [this.#heap[lower], this.#heap[upper]]
    if (below === undefined || above === undefined || !this.#before(below, above)) return false
    this.#heap[upper] = below
    this.#heap[lower] = above
    this.#places[below] = upper
    this.#places[above] = lower
    return true
  }
}
