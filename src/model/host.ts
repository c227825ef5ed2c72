// One server of a group. What is wanted of it (intent) and what was seen of it (health) are two facts;
// `ready` is their conjunction. A host knows nothing of sockets, timers or schedulers.
import { inspect } from 'node:util'
import { BalancerError } from '../base/errors.ts'
import { type Owner, type Publisher, completeValues, setField } from './change.ts'
import { Counters, CountersReader } from './counters.ts'
import { formatGiven } from './field.ts'
import { HOST_FIELDS, type HostIntent, type HostValues } from './fields.ts'
import { refuseWrites } from './read-only.ts'
import type { HostSnapshot } from './snapshot.ts'

export const HOST_HEALTHS = ['unknown', 'up', 'down'] as const
export type HostHealth = (typeof HOST_HEALTHS)[number]

/** What a host needs of the group that it is in. */
export interface HostOwner {
  readonly path: string
  readonly publisher: Publisher | undefined
  readonly serviceName: string
  readonly name: string
}

export class Host {
  static {
    refuseWrites(this.prototype)
  }

  /** What the engine counts in. Not a property of a host: no line at a prompt may write to it by a slip. */
  static countersOf(host: Host): Counters {
    return host.#counters
  }

  #name: string
  readonly #id = ++lastId
  readonly #counters: Counters
  readonly #reader: CountersReader
  readonly #group: HostOwner
  readonly #values: { -readonly [Name in keyof HostValues]: HostValues[Name] }
  /** The last one that was asked for, while it is true. */
  #snapshot: HostSnapshot | undefined
  #removed = false
  #health: HostHealth = 'unknown'
  #reason = ''
  #healthSince = 0

  constructor(
    group: HostOwner,
    { name, ...values }: Partial<HostValues> & { name: string; address: string },
  ) {
    this.#name = name
    this.#group = group
    this.#values = completeValues(HOST_FIELDS, values, this.path)
    requireAddress(this.#values.address, this.path)
    this.#counters = group.publisher?.departed.take(this.#place) ?? new Counters()
    this.#reader = new CountersReader(this.#counters)
    Object.preventExtensions(this)
  }

  get name(): string {
    return this.#name
  }

  /** Counts up over the life of the process; engines keep figures by it. Never used twice. */
  get id(): number {
    return this.#id
  }

  /** What the engine counts. */
  get counters(): CountersReader {
    return this.#reader
  }

  get path(): string {
    return `${this.#group.path}/${this.name}`
  }

  /** Where the host listens: `ip:port`, `[ipv6]:port`, `name:port` or `unix:/path`. */
  get address(): string {
    return this.#values.address
  }

  /** A new address gets new sessions; its health is unknown until somebody looked. */
  set address(given: string) {
    const before = this.address
    requireAddress(given, this.path)
    this.#set('address', given)
    if (this.address !== before) this.setHealth('unknown', 'the address was changed')
  }

  /** Share of new sessions, 0 to 256. Weight 0 gets none. Default 1. */
  get weight(): number {
    return this.#values.weight
  }

  set weight(given: number) {
    this.#set('weight', given)
  }

  /** What the operator wants: `enabled`, `draining` or `disabled`. */
  get intent(): HostIntent {
    return this.#values.intent
  }

  set intent(given: HostIntent) {
    this.#set('intent', given)
  }

  /** Sessions at once; 0 sets no limit of its own. */
  get maxSessions(): number {
    return this.#values.maxSessions
  }

  set maxSessions(given: number) {
    this.#set('maxSessions', given)
  }

  /** What was last seen of the host. */
  get health(): HostHealth {
    return this.#health
  }

  /** Why it is down, or what else is to be known about its health; '' where there is nothing. */
  get reason(): string {
    return this.#reason
  }

  /** When its health last changed, in milliseconds since 1970; 0 never. */
  get healthSince(): number {
    return this.#healthSince
  }

  /** Does the operator want it to serve? Down or full does not matter here. */
  get wanted(): boolean {
    return this.intent === 'enabled' && this.weight > 0
  }

  /** May it be given a new session? Open sessions do not depend on the answer. */
  get ready(): boolean {
    return this.wanted && this.#health !== 'down' && !this.full
  }

  /** Is it at its own session limit? */
  get full(): boolean {
    return this.maxSessions > 0 && this.#counters.open >= this.maxSessions
  }

  /** Give it new sessions. */
  enable(): void {
    this.intent = 'enabled'
  }

  /** Give no new sessions; let the open ones finish. */
  drain(): void {
    this.intent = 'draining'
  }

  /** Give no new sessions until it is enabled again; open ones finish. */
  disable(): void {
    this.intent = 'disabled'
  }

  /** Record what was seen. Publishes a change only when the health is another than before. */
  setHealth(health: HostHealth, reason: string): void {
    if (health === this.#health) return
    const from = this.#health
    this.#health = health
    this.#reason = reason
    this.#healthSince = Date.now()
    this.#owner.publisher?.publish({
      action: 'set',
      path: this.path,
      field: 'health',
      from,
      to: health,
    })
  }

  /** Called by the group, which calls it so from now on. */
  takeName(name: string): void {
    this.#snapshot = undefined
    this.#name = name
  }

  /** Called by the group when the host leaves it: nothing can be set from now on. */
  detach(): void {
    this.#group.publisher?.departed.keep(this.#place, this.#counters)
    this.#removed = true
  }

  snapshot(): HostSnapshot {
    this.#snapshot ??= { name: this.name, ...this.#values }
    return this.#snapshot
  }

  /** Plain data: what the prompt prints, the page shows and the API returns. */
  describe() {
    const { name, address, weight, intent, health, ready, reason, maxSessions } = this
    const { open, total, failed } = this.#counters
    return {
      service: this.#group.serviceName,
      group: this.#group.name,
      name,
      address,
      weight,
      intent,
      health,
      ready,
      open,
      total,
      failed,
      reason: this.notReadyBecause,
      maxSessions,
      healthReason: reason,
    }
  }

  /** Why it gets no new session, in words; '' where it is ready. */
  get notReadyBecause(): string {
    if (this.intent !== 'enabled') return this.intent
    if (this.#health === 'down') return this.#reason
    if (this.weight === 0) return 'weight 0'
    return this.full ? `at its limit of ${this.maxSessions} sessions` : ''
  }

  toJSON() {
    return this.describe()
  }

  [inspect.custom]() {
    return this.describe()
  }

  #set<Name extends keyof HostValues>(name: Name, given: unknown): void {
    this.#snapshot = undefined
    setField<HostValues, Name>(this.#owner, this.#values, HOST_FIELDS[name] as never, name, given)
  }

  get #place(): string {
    return `${this.path} ${this.address}`
  }

  get #owner(): Owner {
    return { path: this.path, publisher: this.#removed ? undefined : this.#group.publisher }
  }
}

let lastId = 0

// The words of a missing address are those of a wrong one: there is no default.
function requireAddress(given: unknown, path: string): void {
  if (HOST_FIELDS.address.read(given) !== undefined) return
  throw new BalancerError(
    'VALUE_BAD',
    `${path}: a host is reached at ${HOST_FIELDS.address.accepts}, got ${formatGiven(given)}`,
  )
}
