// One service as the node engine serves it: the table of now, who picks by it, and the clients that wait for
// room. Tables are swapped between two picks; slots outlive them.
import { LIMITS } from '../../base/limits.ts'
import type { AskFailed } from '../asking.ts'
import { ServiceTally } from '../service-tally.ts'
import type { RoutingTable, TableHost } from '../table.ts'
import { Hold } from './hold.ts'
import { type Foresight, type PickClient, type Picker, NO_HOST } from './picker.ts'
import { createPicker } from './pickers.ts'
import { Slot } from './slot.ts'
import { WaitQueue } from './wait-queue.ts'

/** Sessions of one group now, over all tables of it, whatever it is called. */
export interface GroupLoad {
  group: string
  open: number
}

/** What a session needs of the table by which it was given its host. It must not keep the whole table alive. */
export interface Terms
  extends Pick<RoutingTable, 'retries' | 'proxy' | 'connectTimeoutMs' | 'idleTimeoutMs'> {
  readonly load: GroupLoad
}

/** Can a client be given a host now, after waiting, or not at all? */
export type Outlook = 'room' | 'wait' | 'none'

export class Route {
  readonly queue = new WaitQueue(() => this.#tellWaiting())
  readonly hold = new Hold(() => this.#tellWaiting())
  /** A function of the operator threw instead of an answer. */
  readonly askFailed: AskFailed
  /** Where the sessions that came through this route are counted. */
  readonly tally: ServiceTally
  readonly #loads = new Map<string, GroupLoad>()
  readonly #random: () => number
  readonly #pickers = new Map<string, Picker>()
  #slots: readonly Slot[] = []
  /** Those of the table, and those that still have sessions. A host that was removed and comes back has its counters. */
  #slotsByCounters = new Map<TableHost['counters'], Slot>()
  #table: RoutingTable | undefined
  #terms: Terms | undefined
  #picker: Picker | undefined
  #readyCount = 0

  constructor(
    random: () => number,
    askFailed: AskFailed = () => {},
    tally: ServiceTally = new ServiceTally(),
  ) {
    this.#random = random
    this.askFailed = askFailed
    this.tally = tally
  }

  /** The table that serves now; undefined while the service has no group. */
  get table(): RoutingTable | undefined {
    return this.#table
  }

  /** What new sessions are given of the table; undefined as long as `table` is. */
  get terms(): Terms | undefined {
    return this.#terms
  }

  /** Is the group at its own limit? */
  get full(): boolean {
    const limit = this.#table?.maxSessions ?? 0
    return limit > 0 && (this.#terms?.load.open ?? 0) >= limit
  }

  /** Serve by `table` from now on, and see who in the queue can go. */
  use(table: RoutingTable): void {
    this.#letGo()
    if (this.#table?.group !== table.group) this.#table?.onWaiting(0)
    this.#slots = table.hosts.map((host) => this.#slotOf(host))
    this.#readyCount = table.hosts.filter(({ ready }) => ready).length
    this.#slotsByCounters = this.#slotsInUse()
    this.#table = table
    this.#terms = termsOf(table, this.#loadOf(table.group))
    this.#tellWaiting()
    const picker = this.#pickerFor(table)
    this.#slots.forEach((slot, index) => {
      slot.index = index
      slot.follower = picker
    })
    if (table.hold > 0) this.hold.begin(table.hold)
    // For somebody who waits there may be room now, or no hope; in a pause he is held.
    this.queue.wake(() => true)
    if (table.hold === 0) this.hold.end()
  }

  /** A group is called otherwise: its sessions, and its place in the round, go on. */
  renameGroup(from: string, to: string): void {
    moveKey(this.#pickers, from, to)
    moveKey(this.#loads, from, to)
    const load = this.#loads.get(to)
    if (load !== undefined) load.group = to
    if (this.#table?.group === from) this.#table = { ...this.#table, group: to }
  }

  /** Serve nobody until the next table; whoever waits is told so. */
  clear(): void {
    this.#letGo()
    this.#table?.onWaiting(0)
    this.#table = undefined
    this.#terms = undefined
    this.#picker = undefined
    this.#slots = []
    this.#readyCount = 0
    // Nobody can be given a host any more, and each is told so.
    this.queue.wake(() => true)
    this.hold.end()
  }

  /** The host for this client by the rule of the table; undefined where `outlook` is not `room`. */
  pick(client: PickClient): Slot | undefined {
    if (this.full) return undefined
    return this.#slots[this.#picker?.next(client) ?? NO_HOST]
  }

  /** What `pick` would do, for people; moves nothing. Undefined while there is no table. */
  foresee(client: PickClient | undefined): Foresight | undefined {
    return this.#picker?.foresee(client)
  }

  /** Hosts of the table that are ready, their limits aside. */
  get readyCount(): number {
    return this.#readyCount
  }

  /** Every host of the table, in its order. */
  get slots(): readonly Slot[] {
    return this.#slots
  }

  /** The hosts that this client may be given now. */
  candidates({ tried }: PickClient): readonly Slot[] {
    return this.full ? [] : this.#slots.filter((slot) => slot.open && !tried?.has(slot.host.id))
  }

  outlook({ tried }: PickClient): Outlook {
    let outlook: Outlook = 'none'
    for (const slot of this.#slots) {
      if (!slot.host.ready || tried?.has(slot.host.id)) continue
      if (slot.open && !this.full) return 'room'
      outlook = 'wait'
    }
    return outlook
  }

  /** Room was made: see who in the queue can go. */
  wake(): void {
    if (this.queue.length > 0) this.queue.wake(() => this.#hasRoom())
  }

  #tellWaiting(): void {
    this.#table?.onWaiting(this.queue.length + this.hold.length)
  }

  #hasRoom(): boolean {
    return !this.full && this.#slots.some((slot) => slot.open)
  }

  // Whoever would have been next in this group still is, also when another group served in between.
  #pickerFor(table: RoutingTable): Picker {
    const rule = table.rule.kind === 'ask' ? table.rule.fallback : table.rule
    const picker = createPicker(rule, this.#slots, { random: this.#random })
    const earlier = this.#pickers.get(table.group)
    if (earlier !== undefined) picker.succeed(earlier)
    this.#pickers.delete(table.group)
    this.#pickers.set(table.group, picker)
    const [oldest = ''] = this.#pickers.keys()
    if (this.#pickers.size > LIMITS.placesKept) this.#pickers.delete(oldest)
    this.#picker = picker
    return picker
  }

  #slotsInUse(): Map<TableHost['counters'], Slot> {
    const busy = [...this.#slotsByCounters.values()].filter((slot) => slot.host.counters.open > 0)
    return new Map([...busy, ...this.#slots].map((slot) => [slot.host.counters, slot]))
  }

  #slotOf(host: TableHost): Slot {
    const slot = this.#slotsByCounters.get(host.counters) ?? new Slot(host)
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

function termsOf(table: RoutingTable, load: GroupLoad): Terms {
  const { retries, proxy, connectTimeoutMs, idleTimeoutMs } = table
  return { load, retries, proxy, connectTimeoutMs, idleTimeoutMs }
}

function moveKey<Value>(map: Map<string, Value>, from: string, to: string): void {
  const value = map.get(from)
  map.delete(from)
  map.delete(to)
  if (value !== undefined) map.set(to, value)
}
