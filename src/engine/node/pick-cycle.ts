// The `cycle` rule: hosts in the order of the rule, one after the other. The place in the order outlives
// tables: whoever would have been next still is, however the list around it changed.
import type { CycleRule } from '../../scheduler/rule.ts'
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

export class CyclePicker implements Picker {
  readonly #order: Uint32Array
  readonly #slots: readonly Slot[]
  #next: number

  /** @param place the turn of the round that is next */
  constructor(rule: CycleRule, slots: readonly Slot[], place: number) {
    this.#order = rule.order
    this.#slots = slots
    this.#next = place < rule.order.length ? place : 0
  }

  next(client: PickClient): number {
    const { length } = this.#order
    for (let step = 0; step < length; step++) {
      const place = (this.#next + step) % length
      const index = this.#order[place] ?? NO_HOST
      if (mayPick(this.#slots, index, client)) {
        this.#next = (place + 1) % length
        return index
      }
    }
    return NO_HOST
  }

  foresee(client: PickClient = ANYBODY): Foresight {
    const coming = this.#comingPicks(client)
    const turns = new Map<number, number>()
    coming.forEach((index, turn) => turns.set(index, Math.min(turn, turns.get(index) ?? turn)))
    return {
      kind: 'cycle',
      next: coming[0] ?? NO_HOST,
      place: this.#next,
      places: this.#order.length,
      figures: figuresOf(this.#slots, client, (index) => turns.get(index) ?? 0),
    }
  }

  changed(): void {}

  succeed(earlier: Picker): void {
    if (!(earlier instanceof CyclePicker)) return
    this.#next =
      earlier.#order === this.#order ? earlier.#next : this.#placeOf(earlier.#comingIds())
  }

  // The picks of one round from now on, if nothing else happened.
  #comingPicks(client: PickClient): readonly number[] {
    const turned = [...this.#order.subarray(this.#next), ...this.#order.subarray(0, this.#next)]
    return turned.filter((index) => mayPick(this.#slots, index, client))
  }

  // Ids of the hosts in the order in which they would have been picked, each once.
  #comingIds(): Set<number> {
    const ids = new Set<number>()
    for (let step = 0; step < this.#order.length; step++) {
      const index = this.#order[(this.#next + step) % this.#order.length] ?? NO_HOST
      const slot = this.#slots[index]
      if (slot !== undefined) ids.add(slot.host.id)
    }
    return ids
  }

  #placeOf(comingIds: Set<number>): number {
    const places = new Map<number, number>()
    this.#order.forEach((index, place) => {
      const id = this.#slots[index]?.host.id ?? NO_HOST
      if (!places.has(id)) places.set(id, place)
    })
    for (const id of comingIds) {
      const place = places.get(id)
      if (place !== undefined) return place
    }
    return 0
  }
}
