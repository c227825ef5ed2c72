// One address at which a service takes clients. The model knows what is wanted and what became of it;
// the socket itself belongs to an engine, reached through Ports.
import { inspect } from 'node:util'
import { type Owner, type Publisher, completeValues, setField } from './change.ts'
import { Counters, CountersReader } from './counters.ts'
import { LISTENER_FIELDS, type ListenerValues, type ServiceEngine } from './fields.ts'
import { refuseWrites } from './read-only.ts'
import type { ListenerSnapshot } from './snapshot.ts'

/** How the model gets ports opened without knowing sockets. The composition root supplies it. */
export interface Ports {
  /** @returns the address that was bound. @throws BalancerError PORT_TAKEN, PORT_DENIED */
  open(listener: Listener): Promise<string>
  /** Resolves when no new client can come in any more; open sessions go on. */
  close(listener: Listener): Promise<void>
}

export type ListenerState = 'closed' | 'opening' | 'open'

/** What a listener needs of the service that it is in. */
export interface ListenerOwner {
  readonly name: string
  readonly engine: ServiceEngine
  readonly publisher: Publisher | undefined
}

export class Listener {
  static {
    refuseWrites(this.prototype)
  }

  /** What the engine counts in. Not a property of a listener: no line at a prompt may write to it by a slip. */
  static countersOf(listener: Listener): Counters {
    return listener.#counters
  }

  readonly #address: string
  readonly #id = ++lastId
  readonly #counters: Counters
  readonly #reader: CountersReader
  readonly #service: ListenerOwner
  readonly #values: { -readonly [Name in keyof ListenerValues]: ListenerValues[Name] }
  #state: ListenerState = 'closed'
  #bound = ''
  #removed = false

  constructor(service: ListenerOwner, address: string, values: Partial<ListenerValues> = {}) {
    this.#address = address
    this.#service = service
    this.#values = completeValues(LISTENER_FIELDS, values, this.path)
    this.#counters = service.publisher?.departed.take(this.path) ?? new Counters()
    this.#reader = new CountersReader(this.#counters)
    Object.preventExtensions(this)
  }

  /** As it was asked for, in its one way of writing; names the listener in its service. */
  get address(): string {
    return this.#address
  }

  /** Counts up over the life of the process. Never used twice. */
  get id(): number {
    return this.#id
  }

  /** What the engine counts. */
  get counters(): CountersReader {
    return this.#reader
  }

  get path(): string {
    return `${this.#service.name}/listen/${this.address}`
  }

  get serviceName(): string {
    return this.#service.name
  }

  /** What its service says. */
  get engine(): ServiceEngine {
    return this.#service.engine
  }

  get state(): ListenerState {
    return this.#state
  }

  /** The address that was really bound, which tells the port where 0 was asked for; '' while closed. */
  get bound(): string {
    return this.#bound
  }

  /** Sessions at once; 0 sets no limit. A client beyond it is closed and counted. */
  get maxSessions(): number {
    return this.#values.maxSessions
  }

  set maxSessions(given: number) {
    setField(this.#owner, this.#values, LISTENER_FIELDS.maxSessions, 'maxSessions', given)
  }

  /** `require`: clients must send a PROXY protocol header first, and the client it names counts. */
  get proxy(): ListenerValues['proxy'] {
    return this.#values.proxy
  }

  set proxy(given: ListenerValues['proxy']) {
    setField(this.#owner, this.#values, LISTENER_FIELDS.proxy, 'proxy', given)
  }

  /** Networks that may connect; empty lets everybody in who is not denied. */
  get allow(): readonly string[] {
    return this.#values.allow
  }

  set allow(given: readonly string[]) {
    setField(this.#owner, this.#values, LISTENER_FIELDS.allow, 'allow', given)
  }

  /** Networks that may not connect, even when allowed. */
  get deny(): readonly string[] {
    return this.#values.deny
  }

  set deny(given: readonly string[]) {
    setField(this.#owner, this.#values, LISTENER_FIELDS.deny, 'deny', given)
  }

  /** Open it through `ports`; the verbs of a service call this. */
  async open(ports: Ports): Promise<void> {
    this.#state = 'opening'
    try {
      this.#bound = await ports.open(this)
      this.#state = 'open'
    } catch (error) {
      this.#state = 'closed'
      throw error
    }
  }

  /** Close it through `ports`; open sessions go on. */
  async close(ports: Ports): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'closed'
    this.#bound = ''
    await ports.close(this)
  }

  /** Called by the service when the listener leaves it: nothing can be set from now on. */
  detach(): void {
    this.#service.publisher?.departed.keep(this.path, this.#counters)
    this.#removed = true
  }

  snapshot(): ListenerSnapshot {
    return { address: this.address, ...this.#values }
  }

  /** Plain data: what the prompt prints, the page shows and the API returns. */
  describe() {
    const { address, state, bound, maxSessions, proxy, allow, deny } = this
    const { open, total, failed } = this.#counters
    const service = this.#service.name
    return { service, address, bound, state, open, total, failed, maxSessions, proxy, allow, deny }
  }

  toJSON() {
    return this.describe()
  }

  [inspect.custom]() {
    return this.describe()
  }

  get #owner(): Owner {
    return { path: this.path, publisher: this.#removed ? undefined : this.#service.publisher }
  }
}

let lastId = 0
