// A named front door: listeners where clients come in, groups that serve them, one group enabled.
import { type InspectOptions, inspect } from 'node:util'
import { ADDRESS_FORM, formatAddress, parseAddress } from '../base/address.ts'
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { requireName } from '../base/names.ts'
import { didYouMean } from '../base/nearest.ts'
import { type Publisher, completeValues, requirePresent, setField } from './change.ts'
import { formatGiven } from './field.ts'
import { SERVICE_FIELDS, type ServiceValues } from './fields.ts'
import { Group } from './group.ts'
import { Listener, type Ports } from './listener.ts'
import { printGroups, printListeners, printServices, printed, printingRecord } from './print.ts'
import type { GroupSnapshot, ListenerSnapshot, ServiceSnapshot } from './snapshot.ts'

/** What a service needs of the balancer. */
export interface ServiceOwner {
  readonly publisher: Publisher
  readonly ports: Ports
}

export class Service {
  readonly name: string
  /** Groups by name, for the prompt and for paths. */
  readonly groups: Readonly<Record<string, Group>> = printingRecord<Group>(printGroups)
  /** Listeners by address, for the prompt and for paths. */
  readonly listeners: Readonly<Record<string, Listener>> = printingRecord<Listener>(printListeners)
  readonly #owner: ServiceOwner
  readonly #values: { -readonly [Name in keyof ServiceValues]: ServiceValues[Name] }
  readonly #opening = new Set<string>()
  #enabledGroup = ''
  #removed = false

  constructor(owner: ServiceOwner, { name, groups, enabledGroup, ...values }: NewService) {
    this.name = requireName(name)
    this.#owner = owner
    this.#values = completeValues(SERVICE_FIELDS, values, name)
    for (const group of groups ?? []) this.#insertGroup(group)
    const serving = enabledGroup || groups?.[0]?.name
    if (serving !== undefined) this.#enabledGroup = this.group(serving).name
  }

  get path(): string {
    return this.name
  }

  get publisher(): Publisher | undefined {
    return this.#removed ? undefined : this.#owner.publisher
  }

  /** What is carried; only `tcp` so far. */
  get mode(): ServiceValues['mode'] {
    return this.#values.mode
  }

  /** Write one log line for every session that ended. */
  get accessLog(): boolean {
    return this.#values.accessLog
  }

  set accessLog(given: boolean) {
    const owner = { path: this.path, publisher: this.publisher }
    setField<ServiceValues, 'accessLog'>(
      owner,
      this.#values,
      SERVICE_FIELDS.accessLog,
      'accessLog',
      given,
    )
  }

  /** Name of the group that serves; '' only while there is no group. Assign a name to switch. */
  get enabledGroup(): string {
    return this.#enabledGroup
  }

  set enabledGroup(name: string) {
    this.enableGroup(name)
  }

  /** The group that serves, if there is one. */
  get servingGroup(): Group | undefined {
    return this.groups[this.#enabledGroup]
  }

  get groupList(): readonly Group[] {
    return Object.values(this.groups)
  }

  get listenerList(): readonly Listener[] {
    return Object.values(this.listeners)
  }

  /** Let another group serve new sessions; open ones stay where they are. @throws BalancerError NOT_FOUND */
  enableGroup(name: string): Group {
    const group = this.group(name)
    const from = this.#enabledGroup
    if (from === name) return group
    const publisher = requirePresent(this)
    this.#enabledGroup = name
    publisher.publish({
      action: 'set',
      path: this.path,
      field: 'enabledGroup',
      from,
      to: name,
    })
    return group
  }

  /** Add a group. The first group of a service serves at once. @throws BalancerError NAME_TAKEN, VALUE_BAD */
  addGroup(name: string, values: Omit<Partial<GroupSnapshot>, 'name'> = {}): Group {
    const publisher = requirePresent(this)
    const group = this.#insertGroup({ ...values, name })
    publisher.publish({ action: 'add', path: group.path, to: group.snapshot() })
    if (this.#enabledGroup === '') this.enableGroup(name)
    return group
  }

  /** Remove a group that does not serve; its open sessions finish. @throws BalancerError NOT_FOUND, REFUSED */
  removeGroup(name: string): void {
    const group = this.group(name)
    const publisher = requirePresent(this)
    if (group.enabled) {
      throw new BalancerError(
        'REFUSED',
        `${group.path} is the enabled group: enable another one first`,
      )
    }
    const from = group.snapshot()
    for (const host of group.hostList) host.detach()
    group.detach()
    delete (this.groups as Record<string, Group>)[name]
    publisher.publish({ action: 'remove', path: group.path, from })
  }

  /**
   * Take clients at one more address. Resolves when the port is open; a port that cannot be opened is
   * refused and changes nothing.
   *
   * @param address `ip:port`, `[ipv6]:port`, `*:port` or `unix:/path`; port 0 lets the system choose
   * @throws BalancerError VALUE_BAD, NAME_TAKEN, PORT_TAKEN, PORT_DENIED
   */
  async listen(address: string, values: Partial<ListenerSnapshot> = {}): Promise<Listener> {
    const { address: _, ...rest } = values
    const listener = new Listener(this, this.#requireFreeAddress(address), rest)
    this.#opening.add(listener.address)
    try {
      await listener.open(this.#owner.ports)
    } finally {
      this.#opening.delete(listener.address)
    }
    // The service may be gone by now; its port must not stay behind.
    if (this.#removed) await listener.close(this.#owner.ports)
    const publisher = requirePresent(this)
    ;(this.listeners as Record<string, Listener>)[listener.address] = listener
    publisher.publish({ action: 'add', path: listener.path, to: listener.snapshot() })
    return listener
  }

  /** Take no more clients at this address; open sessions finish. @throws BalancerError NOT_FOUND */
  async closeListener(address: string): Promise<void> {
    const listener = this.listener(address)
    delete (this.listeners as Record<string, Listener>)[listener.address]
    const from = listener.snapshot()
    listener.detach()
    await listener.close(this.#owner.ports)
    this.publisher?.publish({ action: 'remove', path: listener.path, from })
  }

  /** Open `to` with the settings of `from`, then close `from`: no moment without a port. */
  async moveListener(from: string, to: string): Promise<Listener> {
    const { address: _, ...values } = this.listener(from).snapshot()
    const moved = await this.listen(to, values)
    await this.closeListener(from)
    return moved
  }

  /** The group of that name. @throws BalancerError NOT_FOUND with the nearest name */
  group(name: string): Group {
    const group = this.groups[name]
    if (group !== undefined) return group
    const near = didYouMean(name, Object.keys(this.groups))
    throw new BalancerError('NOT_FOUND', `no group ${name} in ${this.path}${near}`)
  }

  /** The listener at that address, however it is written. @throws BalancerError NOT_FOUND */
  listener(address: string): Listener {
    const parsed = parseAddress(address)
    const listener = parsed === undefined ? undefined : this.listeners[formatAddress(parsed)]
    if (listener !== undefined) return listener
    const known = Object.keys(this.listeners)
    const where = known.length === 0 ? 'it listens nowhere' : `it listens on ${known.join(', ')}`
    throw new BalancerError('NOT_FOUND', `${this.path} does not listen on ${address}: ${where}`)
  }

  /** Called by the balancer when the service leaves it: nothing can be set from now on. */
  detach(): void {
    this.#removed = true
  }

  snapshot(): ServiceSnapshot {
    return {
      name: this.name,
      ...this.#values,
      listeners: this.listenerList.map((listener) => listener.snapshot()),
      groups: this.groupList.map((group) => group.snapshot()),
      enabledGroup: this.#enabledGroup,
    }
  }

  /** Plain data: what the prompt prints, the page shows and the API returns. */
  describe() {
    const { name, mode, accessLog, enabledGroup } = this
    const listeners = this.listenerList.map((listener) => listener.address)
    const groups = Object.keys(this.groups)
    const panic = this.servingGroup?.panic ?? false
    const count = (field: 'open' | 'total' | 'failed') =>
      this.listenerList.reduce((sum, listener) => sum + listener.counters[field], 0)
    const counts = { open: count('open'), total: count('total'), failed: count('failed') }
    return { name, mode, listeners, groups, enabledGroup, panic, ...counts, accessLog }
  }

  toJSON() {
    return this.describe()
  }

  [inspect.custom](_depth: number, options: InspectOptions) {
    return printed(printServices, [this], options)
  }

  #insertGroup(snapshot: Partial<GroupSnapshot> & { name: string }): Group {
    if (snapshot.name in this.groups) {
      throw new BalancerError('NAME_TAKEN', `${this.path} already has a group ${snapshot.name}`)
    }
    if (Object.keys(this.groups).length >= LIMITS.namesMax) {
      throw new BalancerError(
        'REFUSED',
        `${this.path} has ${LIMITS.namesMax} groups, the most there may be`,
      )
    }
    const group = new Group(this, snapshot)
    ;(this.groups as Record<string, Group>)[group.name] = group
    return group
  }

  #requireFreeAddress(given: string): string {
    const parsed = typeof given === 'string' ? parseAddress(given) : undefined
    if (parsed === undefined) {
      throw new BalancerError(
        'VALUE_BAD',
        `${this.path}: listen on ${ADDRESS_FORM}, got ${formatGiven(given)}`,
      )
    }
    requirePresent(this)
    const address = formatAddress(parsed)
    if (address in this.listeners || this.#opening.has(address)) {
      throw new BalancerError('NAME_TAKEN', `${this.path} already listens on ${address}`)
    }
    if (this.listenerList.length >= LIMITS.namesMax) {
      throw new BalancerError(
        'REFUSED',
        `${this.path} has ${LIMITS.namesMax} listeners, the most there may be`,
      )
    }
    return address
  }
}

/** What a service may be made of; its listeners are opened afterwards, by `listen`. */
export type NewService = Omit<Partial<ServiceSnapshot>, 'listeners'> & { readonly name: string }
