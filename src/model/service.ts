// A named front door: listeners where clients come in, groups that serve them, one group enabled.
import { type InspectOptions, inspect } from 'node:util'
import { ADDRESS_FORM, addressesClash, formatAddress, parseAddress } from '../base/address.ts'
import { BalancerError, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { requireName } from '../base/names.ts'
import { didYouMean } from '../base/nearest.ts'
import { type Publisher, completeValues, requirePresent, setField } from './change.ts'
import { Children } from './children.ts'
import { formatGiven } from './field.ts'
import { SERVICE_FIELDS, type ServiceValues } from './fields.ts'
import { Group } from './group.ts'
import { Listener, type Ports } from './listener.ts'
import { printGroups, printListeners, printServices, printed } from './print.ts'
import { refuseWrites } from './read-only.ts'
import type { GroupSnapshot, ListenerSnapshot, ServiceSnapshot } from './snapshot.ts'

/** What a service needs of the balancer. */
export interface ServiceOwner {
  readonly publisher: Publisher
  readonly ports: Ports
}

export class Service {
  static {
    refuseWrites(this.prototype)
  }

  readonly #name: string
  readonly #groups = new Children<Group>('group', LIMITS.namesMax, printGroups)
  readonly #listeners = new Children<Listener>('listener', LIMITS.namesMax, printListeners)
  readonly #owner: ServiceOwner
  readonly #values: { -readonly [Name in keyof ServiceValues]: ServiceValues[Name] }
  readonly #opening = new Set<string>()
  #enabledGroup = ''
  #removed = false

  constructor(owner: ServiceOwner, { name, groups, enabledGroup, ...values }: NewService) {
    this.#name = requireName(name)
    this.#owner = owner
    this.#values = completeValues(SERVICE_FIELDS, values, name)
    for (const group of groups ?? []) this.#insertGroup(group)
    const serving = enabledGroup || groups?.[0]?.name
    if (serving !== undefined) this.#enabledGroup = this.group(serving).name
    Object.preventExtensions(this)
  }

  get name(): string {
    return this.#name
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
    return this.#groups.get(this.#enabledGroup)
  }

  /** The groups by name as they are now, for the prompt and for paths. */
  get groups(): Readonly<Record<string, Group>> {
    return this.#groups.record
  }

  get groupList(): readonly Group[] {
    return this.#groups.list
  }

  /** The listeners by address as they are now, for the prompt and for paths. */
  get listeners(): Readonly<Record<string, Listener>> {
    return this.#listeners.record
  }

  get listenerList(): readonly Listener[] {
    return this.#listeners.list
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
    this.#groups.remove(name)
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
    this.#listeners.add(listener.address, listener)
    publisher.publish({ action: 'add', path: listener.path, to: listener.snapshot() })
    return listener
  }

  /** Take no more clients at this address; open sessions finish. @throws BalancerError NOT_FOUND */
  async closeListener(address: string): Promise<void> {
    const listener = this.listener(address)
    this.#listeners.remove(listener.address)
    const from = listener.snapshot()
    listener.detach()
    await listener.close(this.#owner.ports)
    this.publisher?.publish({ action: 'remove', path: listener.path, from })
  }

  /**
   * Open `to` with the settings of `from`, then close `from`: no moment without a port, except where one needs
   * the other closed (`127.0.0.1:80` and `*:80`). A port that cannot be opened leaves the old one.
   */
  async moveListener(from: string, to: string): Promise<Listener> {
    const old = this.listener(from)
    const address = this.#requireFreeAddress(to)
    const clash = [old.address, old.bound].some((held) => addressesClash(held, address))
    if (clash) return this.#moveInPlace(old, address)
    const moved = await this.listen(address, old.snapshot())
    await this.closeListener(old.address)
    return moved
  }

  /** The group of that name. @throws BalancerError NOT_FOUND with the nearest name */
  group(name: string): Group {
    const group = this.#groups.get(name)
    if (group !== undefined) return group
    const near = didYouMean(name, this.#groups.names)
    throw new BalancerError('NOT_FOUND', `no group ${name} in ${this.path}${near}`)
  }

  /** The listener at that address, however it is written. @throws BalancerError NOT_FOUND */
  listener(address: string): Listener {
    const parsed = parseAddress(address)
    const listener = parsed === undefined ? undefined : this.#listeners.get(formatAddress(parsed))
    if (listener !== undefined) return listener
    const known = this.#listeners.names
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
    const groups = this.#groups.names
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

  // The system gives the new port only once the old one is closed: a moment without a port cannot be avoided.
  async #moveInPlace(old: Listener, to: string): Promise<Listener> {
    const values = old.snapshot()
    await this.closeListener(old.address)
    try {
      return await this.listen(to, values)
    } catch (error) {
      await this.listen(old.address, values).catch((again: unknown) => {
        const closed = `${old.path} could not be opened again: ${messageOf(again)}`
        throw new BalancerError('REFUSED', `${messageOf(error)}; and ${closed}`, { cause: error })
      })
      throw error
    }
  }

  #insertGroup(snapshot: Partial<GroupSnapshot> & { name: string }): Group {
    this.#groups.requireRoomFor(snapshot.name, this.path)
    const group = new Group(this, snapshot)
    this.#groups.add(group.name, group)
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
    if (this.#listeners.has(address) || this.#opening.has(address)) {
      throw new BalancerError('NAME_TAKEN', `${this.path} already listens on ${address}`)
    }
    this.#listeners.requireRoomFor(address, this.path)
    return address
  }
}

/** What a service may be made of; its listeners are opened afterwards, by `listen`. */
export type NewService = Omit<Partial<ServiceSnapshot>, 'listeners'> & { readonly name: string }
