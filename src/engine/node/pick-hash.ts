// The `hash` rule: a slot by the client's address. A client whose host may not be picked is hashed again, so that
// the clients of a host that is down spread over all others and everybody else stays.
import { ipBytes } from '../../base/address.ts'
import { LIMITS } from '../../base/limits.ts'
import { hashBytes } from '../../base/hash.ts'
import type { HashRule } from '../../scheduler/rule.ts'
import {
  ANYBODY,
  figuresOf,
  firstFrom,
  type Foresight,
  mayPick,
  type PickClient,
  type Picker,
  NO_HOST,
} from './picker.ts'
import type { Slot } from './slot.ts'

export class HashPicker implements Picker {
  readonly #table: Uint16Array
  readonly #slots: readonly Slot[]

  constructor(rule: HashRule, slots: readonly Slot[]) {
    this.#table = rule.slots
    this.#slots = slots
  }

  next(client: PickClient): number {
    if (this.#table.length === 0) return NO_HOST
    const bytes = ipBytes(client.clientIp)
    let index = NO_HOST
    for (let attempt = 0; attempt < LIMITS.hashProbesMax; attempt++) {
      index = this.#table[hashBytes(bytes, attempt) % this.#table.length] ?? NO_HOST
      if (mayPick(this.#slots, index, client)) return index
    }
    return firstFrom(this.#slots, index, client)
  }

  foresee(client?: PickClient): Foresight {
    const { length } = this.#table
    const slots = new Uint32Array(this.#slots.length)
    for (const index of this.#table) slots[index] = (slots[index] ?? 0) + 1
    const shareOf = (index: number) => (slots[index] ?? 0) / length
    const figures = figuresOf(this.#slots, client ?? ANYBODY, shareOf)
    const known = client !== undefined && length > 0
    const place = known ? hashBytes(ipBytes(client.clientIp), 0) % length : -1
    return {
      kind: 'hash',
      next: known ? this.next(client) : NO_HOST,
      place,
      places: length,
      figures,
    }
  }

  changed(): void {}

  succeed(): void {}
}
