// A named set of hosts with one scheduler. Hosts stand in file order, which is the order of round-robin and of ties.
import { type InspectOptions, inspect } from 'node:util'
import { LIMITS } from '../base/limits.ts'
import { requireName } from '../base/names.ts'
import { type Owner, type Publisher, completeValues, requirePresent, setField } from './change.ts'
import { Children } from './children.ts'
import { type CheckValues, GROUP_FIELDS, type GroupValues, type HostValues } from './fields.ts'
import { areDown, describeGroup, lastHost } from './group-view.ts'
import { Host } from './host.ts'
import { type AskFunction, nameOfFunction, requireAsk } from './ask.ts'
import { completeChecks } from './checks.ts'
import { printGroups, printHosts, printed } from './print.ts'
import { refuseWrites } from './read-only.ts'
import { moveChild, renameChild } from './rename.ts'
import type { GroupSnapshot, HostSnapshot } from './snapshot.ts'

/** What a group needs of the service that it is in. */
export interface GroupOwner {
  readonly name: string
  readonly publisher: Publisher | undefined
  readonly enabledGroup: string
}

export class Group {
  static {
    refuseWrites(this.prototype)
  }

  #name: string
  readonly #hosts = new Children<Host>('host', LIMITS.groupHostsMax, printHosts)
  readonly #service: GroupOwner
  readonly #values: { -readonly [Name in keyof GroupValues]: GroupValues[Name] }
  #checks: readonly CheckValues[] = []
  #ask: AskFunction | undefined
  #removed = false
  #waiting = 0

  constructor(
    service: GroupOwner,
    { name, hosts, checks, ...values }: Partial<GroupSnapshot> & { name: string },
  ) {
    this.#name = requireName(name)
    this.#service = service
    this.#values = completeValues(GROUP_FIELDS, values, this.path)
    for (const host of hosts ?? []) this.#insert(host)
    this.#checks = completeChecks(checks ?? [], this.path)
    Object.preventExtensions(this)
  }

  get name(): string {
    return this.#name
  }

  get path(): string {
    return `${this.#service.name}/${this.name}`
  }

  get serviceName(): string {
    return this.#service.name
  }

  get publisher(): Publisher | undefined {
    return this.#removed ? undefined : this.#service.publisher
  }

  /** Is it the one of its service that gets clients? */
  get enabled(): boolean {
    return this.#service.enabledGroup === this.name
  }

  /** The hosts by name as they are now, for the prompt and for paths. */
  get hosts(): Readonly<Record<string, Host>> {
    return this.#hosts.record
  }

  /** The hosts in file order. */
  get hostList(): readonly Host[] {
    return this.#hosts.list
  }

  /** Clients that wait now. */
  get waiting(): number {
    return this.#waiting
  }

  /** Called for the engine whenever that changed. */
  noteWaiting(count: number): void {
    this.#waiting = count
  }

  /**
   * Every host that is wanted is down. Then all of them are tried as a last resort, because a wrong
   * health check must not turn a bad day into an outage.
   */
  get panic(): boolean {
    return areDown(this.hostList)
  }

  /** The rule by which hosts get sessions; old spellings are understood. */
  get scheduler(): GroupValues['scheduler'] {
    return this.#values.scheduler
  }

  set scheduler(given: GroupValues['scheduler']) {
    this.#set('scheduler', given)
  }

  /** How long a host may take to accept a connection, in milliseconds. */
  get connectTimeoutMs(): number {
    return this.#values.connectTimeoutMs
  }

  set connectTimeoutMs(given: number) {
    this.#set('connectTimeoutMs', given)
  }

  /** A session without traffic for this long is closed, in milliseconds; 0 never. */
  get idleTimeoutMs(): number {
    return this.#values.idleTimeoutMs
  }

  set idleTimeoutMs(given: number) {
    this.#set('idleTimeoutMs', given)
  }

  /** Other hosts to try for one client, 0 to 255; 255 tries every host once. */
  get retries(): number {
    return this.#values.retries
  }

  set retries(given: number) {
    this.#set('retries', given)
  }

  /** Failed connects in a row that take a host out; 0 leaves that to the checks. */
  get maxFails(): number {
    return this.#values.maxFails
  }

  set maxFails(given: number) {
    this.#set('maxFails', given)
  }

  /** Sessions of the whole group at once; 0 sets no limit. */
  get maxSessions(): number {
    return this.#values.maxSessions
  }

  set maxSessions(given: number) {
    this.#set('maxSessions', given)
  }

  /** Clients that may wait while every host is at its limit. */
  get queue(): number {
    return this.#values.queue
  }

  set queue(given: number) {
    this.#set('queue', given)
  }

  /** How long a client waits, in milliseconds. */
  get queueTimeoutMs(): number {
    return this.#values.queueTimeoutMs
  }

  set queueTimeoutMs(given: number) {
    this.#set('queueTimeoutMs', given)
  }

  /** PROXY protocol header sent to the hosts: `none`, `v1` or `v2`. */
  get proxy(): GroupValues['proxy'] {
    return this.#values.proxy
  }

  set proxy(given: GroupValues['proxy']) {
    this.#set('proxy', given)
  }

  /** Names the host for each client; the scheduler serves where it does not. Ends with the process: no document has it. */
  get ask(): AskFunction | undefined {
    return this.#ask
  }

  set ask(given: AskFunction | undefined) {
    requireAsk(given, this.path)
    const [from, to] = [nameOfFunction(this.#ask), nameOfFunction(given)]
    if (given === this.#ask) return
    const publisher = requirePresent(this)
    this.#ask = given
    publisher.publish({ action: 'set', path: this.path, field: 'ask', from, to })
  }

  /** The looks taken at every host of this group, besides the probes of failed ones. */
  get checks(): readonly CheckValues[] {
    return this.#checks
  }

  set checks(given: readonly Partial<CheckValues>[]) {
    const publisher = requirePresent(this)
    const from = this.#checks
    const to = completeChecks(given, this.path, from)
    if (JSON.stringify(from) === JSON.stringify(to)) return
    this.#checks = to
    publisher.publish({ action: 'set', path: this.path, field: 'checks', from, to })
  }

  /** Add a host at the end, or before the host named `before`. @throws BalancerError NAME_TAKEN, VALUE_BAD */
  addHost(
    name: string,
    address: string,
    values: Partial<HostValues> & { readonly before?: string } = {},
  ): Host {
    const publisher = requirePresent(this)
    const { before, ...rest } = values
    const host = this.#insert({ ...rest, name, address }, before)
    publisher.publish({ action: 'add', path: host.path, to: host.snapshot() })
    return host
  }

  /** Open sessions finish. The last host of the enabled group goes by `force` alone: without it everybody is refused. */
  removeHost(name: string, { force = false }: { readonly force?: boolean } = {}): void {
    const host = this.host(name)
    const publisher = requirePresent(this)
    if (this.#hosts.size === 1 && this.enabled && !force) throw lastHost(host.path)
    const place = this.#hosts.remove(name)
    const from = host.snapshot()
    host.detach()
    publisher.publish({ action: 'remove', path: host.path, from, ...place })
  }

  /** Call a host otherwise; its sessions, counters and health go on. @throws BalancerError NAME_TAKEN, NAME_BAD */
  renameHost(name: string, to: string): Host {
    const host = this.host(name)
    renameChild(this, this.#hosts, host, to)
    return host
  }

  /** Put a host in front of another one, or at the end; it goes on as it is. @throws BalancerError NOT_FOUND */
  moveHost(name: string, { before = '' }: { readonly before?: string } = {}): void {
    moveChild(this, this.#hosts, this.host(name), before)
  }

  /** The host of that name. @throws BalancerError NOT_FOUND with the nearest name */
  host(name: string): Host {
    return this.#hosts.require(name, this.path)
  }

  hasHost(name: string): boolean {
    return this.#hosts.has(name)
  }

  /** Called by the service, which calls it so from now on. */
  takeName(name: string): void {
    this.#name = name
  }

  /** Called by the service when the group leaves it: nothing can be set from now on. */
  detach(): void {
    this.#removed = true
  }

  snapshot(): GroupSnapshot {
    const hosts = this.hostList.map((host) => host.snapshot())
    return { name: this.name, ...this.#values, hosts, checks: this.#checks }
  }

  /** Plain data: what the prompt prints, the page shows and the API returns. */
  describe() {
    return describeGroup(this)
  }

  toJSON() {
    return this.describe()
  }

  [inspect.custom](_depth: number, options: InspectOptions) {
    return printed(printGroups, [this], options)
  }

  #insert(
    snapshot: Partial<HostSnapshot> & { name: string; address: string },
    before?: string,
  ): Host {
    requireName(snapshot.name)
    this.#hosts.requireRoomFor(snapshot.name, this.path)
    if (before !== undefined) this.host(before)
    const host = new Host(this, snapshot)
    this.#hosts.add(host.name, host, before)
    return host
  }

  #set<Name extends keyof GroupValues>(name: Name, given: unknown): void {
    const owner: Owner = { path: this.path, publisher: this.publisher }
    setField<GroupValues, Name>(owner, this.#values, GROUP_FIELDS[name] as never, name, given)
  }
}
