// The `chance` rule: draw by weight; with two draws, the less loaded one of two different hosts.
import { LIMITS } from '../../base/limits.ts'
import type { ChanceRule } from '../../scheduler/rule.ts'
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

export class ChancePicker implements Picker {
  readonly #rule: ChanceRule
  readonly #slots: readonly Slot[]
  readonly #random: () => number

  constructor(rule: ChanceRule, slots: readonly Slot[], random: () => number) {
    this.#rule = rule
    this.#slots = slots
    this.#random = random
  }

  next(client: PickClient): number {
    const first = this.#draw(client, NO_HOST)
    if (this.#rule.draws === 1 || first === NO_HOST) return first
    const second = this.#draw(client, first)
    return second !== NO_HOST && this.#load(second) < this.#load(first) ? second : first
  }

  foresee(client: PickClient = ANYBODY): Foresight {
    const weights = figuresOf(this.#slots, client, (index) => this.#weight(index))
    const sum = weights.reduce<number>((total, weight) => total + (weight ?? 0), 0)
    const figures = weights.map((weight) => (weight === null ? null : weight / sum))
    return { kind: 'chance', next: NO_HOST, place: -1, places: 0, figures }
  }

  changed(): void {}

  succeed(): void {}

  // Drawing again when the host may not be picked keeps the shares of the others; after some bad luck the
  // hosts that may be picked are summed up instead, which gives the same shares at the cost of a walk.
  #draw(client: PickClient, except: number): number {
    const { cumulative } = this.#rule
    const sum = cumulative.at(-1) ?? 0
    for (let draw = 0; draw < LIMITS.chanceDrawsMax; draw++) {
      const index = firstAbove(cumulative, this.#random() * sum)
      if (index !== except && mayPick(this.#slots, index, client)) return index
    }
    return this.#drawAmongAllowed(client, except)
  }

  #drawAmongAllowed(client: PickClient, except: number): number {
    const allowed = this.#slots.map((_, index) =>
      index !== except && mayPick(this.#slots, index, client) ? this.#weight(index) : 0,
    )
    let left = this.#random() * allowed.reduce((sum, weight) => sum + weight, 0)
    let last = NO_HOST
    for (const [index, weight] of allowed.entries()) {
      if (weight === 0) continue
      last = index
      left -= weight
      if (left < 0) break
    }
    return last
  }

  #weight(index: number): number {
    return (this.#rule.cumulative[index] ?? 0) - (this.#rule.cumulative[index - 1] ?? 0)
  }

  #load(index: number): number {
    return (this.#slots[index]?.host.counters.open ?? 0) / this.#weight(index)
  }
}

// Index of the first sum above `point`, by halving.
function firstAbove(cumulative: Float64Array, point: number): number {
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cumulative[middle] ?? 0) > point) high = middle
    else low = middle + 1
  }
  return low
}
