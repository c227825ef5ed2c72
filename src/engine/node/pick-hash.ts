// The `hash` rule: a slot by the client's address. A client whose host may not be picked is hashed again, so that
// the clients of a host that is down spread over all others and everybody else stays.
import { ipBytes } from '../../base/address.ts'
import { LIMITS } from '../../base/limits.ts'
import { hashBytes } from '../../base/hash.ts'
import type { HashRule } from '../../scheduler/rule.ts'
import { firstFrom, mayPick, type PickClient, type Picker, NO_HOST } from './picker.ts'
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

  changed(): void {}

  succeed(): void {}
}
