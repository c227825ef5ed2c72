// One service as the node engine serves it: the table of now, who picks by it, and the clients that wait for
// room. Tables are swapped between two picks; slots outlive them.
import type { RoutingTable, TableHost } from '../table.ts'
import { type PickClient, type Picker, NO_HOST } from './picker.ts'
import { createPicker } from './pickers.ts'
import { Slot } from './slot.ts'
import { WaitQueue } from './wait-queue.ts'

/** Sessions of one group now, over all tables of it. */
export interface GroupLoad {
  readonly group: string
  open: number
}

/** Can a client be given a host now, after waiting, or not at all? */
export type Outlook = 'room' | 'wait' | 'none'

export class Route {
  readonly queue = new WaitQueue((waiting) => this.#table?.onWaiting(waiting))
  readonly #loads = new Map<string, GroupLoad>()
  readonly #random: () => number
  #slots: readonly Slot[] = []
  #slotsById = new Map<number, Slot>()
  #table: RoutingTable | undefined
  #picker: Picker | undefined
  #load: GroupLoad = { group: '', open: 0 }

  constructor(random: () => number) {
    this.#random = random
  }

  /** The table that serves now; undefined while the service has no group. */
  get table(): RoutingTable | undefined {
    return this.#table
  }

  /** Sessions of the group that serves now. */
  get load(): GroupLoad {
    return this.#load
  }

  /** Is the group at its own limit? */
  get full(): boolean {
    const limit = this.#table?.maxSessions ?? 0
    return limit > 0 && this.#load.open >= limit
  }

  /** Serve by `table` from now on, and see who in the queue can go. */
  use(table: RoutingTable): void {
    const earlier = this.#table?.group === table.group ? this.#picker : undefined
    this.#letGo()
    if (this.#table?.group !== table.group) this.#table?.onWaiting(0)
    this.#slots = table.hosts.map((host) => this.#slotOf(host))
    this.#slotsById = new Map(this.#slots.map((slot) => [slot.host.id, slot]))
    this.#table = table
    table.onWaiting(this.queue.length)
    this.#load = this.#loadOf(table.group)
    const rule = table.rule.kind === 'ask' ? table.rule.fallback : table.rule
    const picker = createPicker(rule, this.#slots, this.#random)
    if (earlier !== undefined) picker.succeed(earlier)
    this.#picker = picker
    this.#slots.forEach((slot, index) => {
      slot.index = index
      slot.follower = picker
    })
    this.queue.wake()
  }

  /** Serve nobody until the next table; whoever waits is told so. */
  clear(): void {
    this.#letGo()
    this.#table?.onWaiting(0)
    this.#table = undefined
    this.#picker = undefined
    this.#slots = []
    this.queue.wake()
  }

  /** The host for this client by the rule of the table; undefined where `outlook` is not `room`. */
  pick(client: PickClient): Slot | undefined {
    if (this.full) return undefined
    return this.#slots[this.#picker?.next(client) ?? NO_HOST]
  }

  /** The hosts that this client may be given now. */
  candidates({ tried }: PickClient): readonly Slot[] {
    return this.full ? [] : this.#slots.filter((slot) => slot.open && !tried?.has(slot.host.id))
  }

  outlook({ tried }: PickClient): Outlook {
    const untried = this.#slots.filter((slot) => slot.host.ready && !tried?.has(slot.host.id))
    if (untried.length === 0) return 'none'
    return !this.full && untried.some((slot) => slot.open) ? 'room' : 'wait'
  }

  #slotOf(host: TableHost): Slot {
    const slot = this.#slotsById.get(host.id) ?? new Slot(host)
    slot.host = host
    return slot
  }

  #loadOf(group: string): GroupLoad {
    const load = this.#loads.get(group) ?? { group, open: 0 }
    // Groups come and go; only those that still have sessions are worth remembering.
    for (const [name, other] of this.#loads) if (other.open === 0) this.#loads.delete(name)
    this.#loads.set(group, load)
    return load
  }

  #letGo(): void {
    for (const slot of this.#slots) {
      slot.index = NO_HOST
      slot.follower = undefined
    }
  }
}
