// A named front door: listeners where clients come in, groups that serve them, one group enabled.
import { type InspectOptions, inspect } from 'node:util'
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { requireName } from '../base/names.ts'
import { type Publisher, completeValues, requirePresent, setField } from './change.ts'
import { Children } from './children.ts'
import { SERVICE_FIELDS, type ServiceValues } from './fields.ts'
import { Group } from './group.ts'
import type { Listener, Ports } from './listener.ts'
import { Listeners, type NewListener } from './listeners.ts'
import { Pause, type PauseOptions } from './pause.ts'
import { printGroups, printServices, printed } from './print.ts'
import { refuseWrites } from './read-only.ts'
import { renameChild } from './rename.ts'
import type { GroupSnapshot, ServiceSnapshot } from './snapshot.ts'

/** What a service needs of the balancer. */
export interface ServiceOwner {
  readonly publisher: Publisher
  readonly ports: Ports
}

export class Service {
  static {
    refuseWrites(this.prototype)
  }

  #name: string
  readonly #groups = new Children<Group>('group', LIMITS.namesMax, printGroups)
  readonly #listeners: Listeners
  readonly #owner: ServiceOwner
  readonly #values: { -readonly [Name in keyof ServiceValues]: ServiceValues[Name] }
  #enabledGroup = ''
  readonly #pause = new Pause(this)
  #removed = false

  constructor(owner: ServiceOwner, { name, groups, enabledGroup, ...values }: NewService) {
    this.#name = requireName(name)
    this.#owner = owner
    this.#listeners = new Listeners(this, owner.ports)
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

  /** What moves its bytes: `auto` leaves that to the process. A change is felt after a restart. */
  get engine(): ServiceValues['engine'] {
    return this.#values.engine
  }

  set engine(given: ServiceValues['engine']) {
    this.#set('engine', given)
  }

  /** Write one log line for every session that ended. */
  get accessLog(): boolean {
    return this.#values.accessLog
  }

  set accessLog(given: boolean) {
    this.#set('accessLog', given)
  }

  /** New clients are held instead of being given a host; see `pause`. */
  get paused(): boolean {
    return this.#pause.until > 0
  }

  /** When the pause ends by itself, in milliseconds since 1970; 0 while there is none. */
  get pausedUntil(): number {
    return this.#pause.until
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
    if (this.#enabledGroup !== name) this.#setEnabledGroup(name, requirePresent(this))
    return group
  }

  /** Add a group. The first group of a service serves at once. @throws BalancerError NAME_TAKEN, VALUE_BAD */
  addGroup(name: string, values: NewGroup = {}): Group {
    const publisher = requirePresent(this)
    const { before, ...rest } = values
    const group = this.#insertGroup({ ...rest, name }, before)
    publisher.publish({ action: 'add', path: group.path, to: group.snapshot() })
    if (this.#enabledGroup === '') this.enableGroup(name)
    return group
  }

  /** Call a group otherwise; it serves on if it does. @throws BalancerError NOT_FOUND, NAME_TAKEN, NAME_BAD */
  renameGroup(name: string, to: string): Group {
    const group = this.group(name)
    renameChild(this, this.#groups, group, to, (from) => {
      if (this.#enabledGroup === from) this.#enabledGroup = to
    })
    return group
  }

  /**
   * Remove a group that does not serve; its open sessions finish. With `force` also the last one, after which the
   * service has nobody to serve.
   *
   * @throws BalancerError NOT_FOUND, REFUSED
   */
  removeGroup(name: string, { force = false }: { readonly force?: boolean } = {}): void {
    const group = this.group(name)
    const publisher = requirePresent(this)
    const forced = force && this.#groups.size === 1
    if (group.enabled && !forced) {
      throw new BalancerError(
        'REFUSED',
        `${group.path} is the enabled group: enable another one first`,
      )
    }
    const from = group.snapshot()
    for (const host of group.hostList) host.detach()
    group.detach()
    if (group.enabled) this.#setEnabledGroup('', publisher)
    const place = this.#groups.remove(name)
    publisher.publish({ action: 'remove', path: group.path, from, ...place })
  }

  /**
   * Take clients at one more address. Resolves when the port is open; a port that cannot be opened is
   * refused and changes nothing.
   *
   * @param address `ip:port`, `[ipv6]:port`, `*:port` or `unix:/path`; port 0 lets the system choose
   * @throws BalancerError VALUE_BAD, NAME_TAKEN, PORT_TAKEN, PORT_DENIED
   */
  listen(address: string, values: NewListener = {}): Promise<Listener> {
    return this.#listeners.open(address, values)
  }

  /** Take no more clients at this address; open sessions finish. @throws BalancerError NOT_FOUND */
  async closeListener(address: string): Promise<void> {
    requirePresent(this)
    await this.#listeners.close(address)
  }

  /**
   * Open `to` with the settings of `from`, then close `from`: no moment without a port, except where one needs
   * the other closed (`127.0.0.1:80` and `*:80`). A port that cannot be opened leaves the old one.
   */
  moveListener(from: string, to: string): Promise<Listener> {
    return this.#listeners.move(from, to)
  }

  /**
   * Hold new clients, who are served in their order afterwards; open sessions go on. Ends by itself after
   * `maxHoldMs`, and with the process. A second pause replaces the deadline of the first.
   *
   * @throws BalancerError VALUE_BAD; REFUSED where there is no group to hold them for
   */
  pause(options: PauseOptions = {}): void {
    this.#pause.begin(options)
  }

  /** Give all who are held a host, and new clients again at once. */
  resume(): void {
    this.#pause.end()
  }

  /** The group of that name. @throws BalancerError NOT_FOUND with the nearest name */
  group(name: string): Group {
    return this.#groups.require(name, this.path)
  }

  /** The listener at that address, however it is written. @throws BalancerError NOT_FOUND */
  listener(address: string): Listener {
    return this.#listeners.at(address)
  }

  /** Called by the balancer, which calls it so from now on. */
  takeName(name: string): void {
    this.#name = name
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
    const { name, mode, engine, accessLog, enabledGroup } = this
    const listeners = this.listenerList.map((listener) => listener.address)
    const groups = this.#groups.names
    const panic = this.servingGroup?.panic ?? false
    const count = (field: 'open' | 'total' | 'failed') =>
      this.listenerList.reduce((sum, listener) => sum + listener.counters[field], 0)
    const counts = { open: count('open'), total: count('total'), failed: count('failed') }
    const pausedUntil = this.paused ? new Date(this.pausedUntil).toISOString() : null
    const state = { enabledGroup, panic, pausedUntil }
    return { name, mode, listeners, groups, ...state, ...counts, accessLog, engine }
  }

  toJSON() {
    return this.describe()
  }

  [inspect.custom](_depth: number, options: InspectOptions) {
    return printed(printServices, [this], options)
  }

  #set<Name extends keyof ServiceValues>(name: Name, given: ServiceValues[Name]): void {
    const owner = { path: this.path, publisher: this.publisher }
    setField<ServiceValues, Name>(owner, this.#values, SERVICE_FIELDS[name] as never, name, given)
  }

  #setEnabledGroup(to: string, publisher: Publisher): void {
    const from = this.#enabledGroup
    this.#enabledGroup = to
    publisher.publish({ action: 'set', path: this.path, field: 'enabledGroup', from, to })
  }

  #insertGroup(snapshot: Partial<GroupSnapshot> & { name: string }, before?: string): Group {
    this.#groups.requireRoomFor(snapshot.name, this.path)
    const group = new Group(this, snapshot)
    this.#groups.add(group.name, group, before)
    return group
  }
}

/** What a group may be made of, and the group that it is to stand in front of. */
type NewGroup = Omit<Partial<GroupSnapshot>, 'name'> & { readonly before?: string }

/** What a service may be made of; its listeners are opened afterwards, by `listen`. */
export type NewService = Omit<Partial<ServiceSnapshot>, 'listeners'> & { readonly name: string }
