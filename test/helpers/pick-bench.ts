// A picker on a bench: hosts come and go by tables as in an engine, sessions are only counted.
import { type PickClient, type Picker, NO_HOST } from '../../src/engine/node/picker.ts'
import { Slot } from '../../src/engine/node/slot.ts'
import type { TableHost } from '../../src/engine/table.ts'
import type { TableRule } from '../../src/scheduler/rule.ts'

export type CreatePicker = (rule: TableRule, slots: readonly Slot[], random: () => number) => Picker

export class PickBench {
  readonly #createPicker: CreatePicker
  readonly #random: () => number
  #slots: readonly Slot[] = []
  #picker: Picker | undefined

  constructor(createPicker: CreatePicker, random: () => number = Math.random) {
    this.#createPicker = createPicker
    this.#random = random
  }

  /** Serve by this table from now on; hosts are known again by their ids, in whatever order. */
  use(rule: TableRule, hosts: readonly TableHost[]): void {
    const known = new Map(this.#slots.map((slot) => [slot.host.id, slot]))
    this.#slots = hosts.map((host) => {
      const slot = known.get(host.id) ?? new Slot(host)
      slot.host = host
      return slot
    })
    const picker = this.#createPicker(rule, this.#slots, this.#random)
    if (this.#picker !== undefined) picker.succeed(this.#picker)
    this.#picker = picker
    for (const [index, slot] of this.#slots.entries())
      Object.assign(slot, { index, follower: picker })
  }

  /** The host that is picked, which is given no session; undefined where there is none. */
  pick(client: Partial<PickClient> = {}): TableHost | undefined {
    const index = this.#picker?.next({ clientIp: '', tried: undefined, ...client }) ?? NO_HOST
    if (index === NO_HOST) return undefined
    const slot = this.#slots[index]
    if (slot === undefined) throw new Error(`picked ${index} of ${this.#slots.length} hosts`)
    return slot.host
  }

  /** Pick and begin a session. */
  open(client: Partial<PickClient> = {}): TableHost | undefined {
    const host = this.pick(client)
    if (host !== undefined) this.#slotOf(host).acquire()
    return host
  }

  /** End a session of this host. */
  close(host: TableHost): void {
    this.#slotOf(host).release()
  }

  /** The names of so many picks, one after the other, no session staying open. */
  names(count: number, client?: Partial<PickClient>): string[] {
    return Array.from({ length: count }, () => this.pick(client)?.name ?? 'none')
  }

  #slotOf({ id }: TableHost): Slot {
    const slot = this.#slots.find((candidate) => candidate.host.id === id)
    if (slot === undefined) throw new Error(`host ${id} is not on the bench`)
    return slot
  }
}
