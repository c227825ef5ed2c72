// The root of the live graph: all services of this process, the operators and the settings.
// It has no sockets, no timers and no files; every edit is validated first and then published.
import { type InspectOptions, inspect } from 'node:util'
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { didYouMean } from '../base/nearest.ts'
import type { Act } from '../base/origin.ts'
import { sharing } from '../base/share.ts'
import {
  type AccessList,
  type AccessLists,
  completeTokens,
  completeUsers,
  editOf,
  type Given,
} from './access-lists.ts'
import { type ChangeListener, Changes, completeValues } from './change.ts'
import { Children } from './children.ts'
import type { Field } from './field.ts'
import { SETTING_FIELDS, type SettingName, type SettingValues } from './setting-fields.ts'
import type { Group } from './group.ts'
import type { Host } from './host.ts'
import type { Listener, Ports } from './listener.ts'
import { type NewService, Service } from './service.ts'
import { indented, printServices, printed } from './print.ts'
import { refuseWrites } from './read-only.ts'
import { renameChild } from './rename.ts'
import type { BalancerSnapshot, ServiceSnapshot } from './snapshot.ts'

export interface BalancerOptions {
  /** Opens and closes the ports of listeners. */
  readonly ports: Ports
  /** Milliseconds since 1970; `Date.now` unless a test owns the clock. */
  readonly now?: () => number
  /** Asked before each edit: throws where whoever acts now may change nothing. Default: everybody may. */
  readonly permit?: () => void
}

/** Anything that a path can name. */
export type Named = Service | Group | Host | Listener

export class Balancer {
  static {
    refuseWrites(this.prototype)
  }

  readonly #services = new Children<Service>('service', LIMITS.namesMax, printServices)
  /** Removals under way, and those that are done. */
  readonly #leaving = new WeakMap<Service, Promise<void>>()
  readonly #changes: Changes
  readonly #ports: Ports
  #settings: SettingValues = standardSettings()
  #access: AccessLists = { users: [], tokens: [] }
  #snapshot: BalancerSnapshot | undefined

  constructor({ ports, now = Date.now, permit }: BalancerOptions) {
    this.#ports = ports
    this.#changes = new Changes(now, permit)
    Object.preventExtensions(this)
  }

  /** The services by name as they are now, for the prompt and for paths. */
  get services(): Readonly<Record<string, Service>> {
    return this.#services.record
  }

  get serviceList(): readonly Service[] {
    return this.#services.list
  }

  /** The groups of all services. */
  get groupList(): readonly Group[] {
    return this.serviceList.flatMap(({ groupList }) => groupList)
  }

  /** The hosts of all groups. */
  get hostList(): readonly Host[] {
    return this.groupList.flatMap(({ hostList }) => hostList)
  }

  /** The listeners of all services. */
  get listenerList(): readonly Listener[] {
    return this.serviceList.flatMap(({ listenerList }) => listenerList)
  }

  /** Everything in the document that is not a service, an operator or a token; see `configure`. */
  get settings(): SettingValues {
    return this.#settings
  }

  /** The operators, without whom nobody logs in. */
  get users(): AccessLists['users'] {
    return this.#access.users
  }

  /** By which programs get in. */
  get tokens(): AccessLists['tokens'] {
    return this.#access.tokens
  }

  /** Number of the last change; 0 before the first. */
  get changeNumber(): number {
    return this.#changes.number
  }

  /** Number of the act that is under way: the `act` of its changes; 0 while it has made none. */
  get act(): number {
    return this.#changes.act
  }

  /** What this act still changes counts as another one. */
  endAct(act: Act): void {
    this.#changes.endAct(act)
  }

  /** Be told of every change from now on, in order. @returns stops following */
  follow(listener: ChangeListener): () => void {
    return this.#changes.follow(listener)
  }

  /** Tell those listeners no more, whoever added them. */
  unfollow(which: (listener: ChangeListener) => boolean): void {
    this.#changes.unfollow(which)
  }

  /**
   * Add a service with its groups, then open its listeners. A port that cannot be opened refuses the whole
   * service and leaves nothing behind.
   *
   * @throws BalancerError NAME_TAKEN, NAME_BAD, VALUE_BAD, PORT_TAKEN, PORT_DENIED
   */
  async addService(
    name: string,
    values: Omit<Partial<ServiceSnapshot>, 'name'> & { readonly before?: string } = {},
  ): Promise<Service> {
    this.#changes.permit()
    const { listeners = [], before, ...rest } = values
    const service = this.#insertService({ ...rest, name }, before)
    this.#changes.publish({ action: 'add', path: service.path, to: service.snapshot() })
    try {
      for (const { address, ...given } of listeners) await service.listen(address, given)
    } catch (error) {
      await this.#leave(service)
      throw error
    }
    return service
  }

  /** Close the listeners of a service and remove it; open sessions finish. @throws BalancerError NOT_FOUND */
  async removeService(name: string): Promise<void> {
    const service = this.service(name)
    this.#changes.permit()
    await this.#leave(service)
  }

  /** Call a service otherwise; its sessions and listeners go on. @throws BalancerError NOT_FOUND, NAME_TAKEN, NAME_BAD */
  renameService(name: string, to: string): Service {
    const service = this.service(name)
    renameChild({ path: '', publisher: this.#changes }, this.#services, service, to)
    return service
  }

  /** The service of that name. @throws BalancerError NOT_FOUND with the nearest name */
  service(name: string): Service {
    const service = this.#services.get(name)
    if (service !== undefined) return service
    const near = didYouMean(name, this.#services.names)
    throw new BalancerError('NOT_FOUND', `no service ${name}${near}`)
  }

  /**
   * The object at a path: `web`, `web/main`, `web/main/a` or `web/listen/127.0.0.1:8080`.
   *
   * @throws BalancerError NOT_FOUND with the nearest name
   */
  find(path: string): Named {
    const [serviceName = '', second, ...rest] = path.split('/')
    const service = this.service(serviceName)
    if (second === undefined) return service
    if (second === 'listen') return service.listener(rest.join('/'))
    const group = service.group(second)
    const [hostName, ...beyond] = rest
    if (hostName === undefined) return group
    if (beyond.length === 0) return group.host(hostName)
    throw new BalancerError('NOT_FOUND', `${path}: nothing is below a host`)
  }

  /** Set some values of one setting: `configure('hostCheck', { intervalMs: 5000 })`. @throws BalancerError VALUE_BAD */
  configure<Name extends SettingName>(name: Name, given: Partial<SettingValues[Name]>): void {
    if (!Object.hasOwn(SETTING_FIELDS, name)) {
      const names = Object.keys(SETTING_FIELDS)
      const near = `${didYouMean(name, names)}; accepted: ${names.join(', ')}`
      throw new BalancerError('NOT_FOUND', `no setting ${name}${near}`)
    }
    const before = this.#settings[name]
    const table = SETTING_FIELDS[name] as unknown as FieldsOf<SettingValues[Name]>
    const after = completeValues<SettingValues[Name]>(table, { ...before, ...given }, name)
    this.#changes.permit()
    for (const field of Object.keys(table) as (keyof SettingValues[Name] & string)[]) {
      // By their text: a list that was read anew is another one, and says the same.
      if (table[field].format(before[field]) === table[field].format(after[field])) continue
      const setting = Object.freeze({ ...this.#settings[name], [field]: after[field] })
      this.#settings = Object.freeze({ ...this.#settings, [name]: setting })
      const [from, to] = [before[field], after[field]]
      this.#changes.publish({ action: 'set', path: `settings/${name}`, field, from, to })
    }
  }

  /** Replace the list of operators. @throws BalancerError NAME_TAKEN, NAME_BAD, VALUE_BAD */
  setUsers(given: readonly Given<'users'>[]): void {
    this.#replace('users', completeUsers(given))
  }

  /** Replace the list of tokens. @throws BalancerError NAME_TAKEN, NAME_BAD, VALUE_BAD */
  setTokens(given: readonly Given<'tokens'>[]): void {
    this.#replace('tokens', completeTokens(given))
  }

  /** Everything that a document keeps, as plain data, of the same objects as the last time where nothing changed. */
  snapshot(): BalancerSnapshot {
    const services = this.serviceList.map((service) => service.snapshot())
    const snapshot = { services, ...this.#access, settings: this.#settings }
    this.#snapshot = sharing(snapshot, this.#snapshot)
    return this.#snapshot
  }

  /** Plain data: what the prompt prints, the page shows and the API returns. Secrets are not part of it. */
  describe() {
    const services = this.serviceList.map((service) => service.describe())
    const users = this.users.map(({ name, access }) => ({ name, access }))
    const tokens = this.tokens.map(({ name, access, expires }) => ({ name, access, expires }))
    return { services, users, tokens, settings: this.#settings }
  }

  toJSON() {
    return this.describe()
  }

  [inspect.custom](_depth: number, options: InspectOptions) {
    const services = printed(printServices, this.serviceList, options)
    return ['balancer', ...indented(services.split('\n'))].join('\n')
  }

  #replace<Name extends AccessList>(name: Name, to: AccessLists[Name]): void {
    const from = this.#access[name]
    if (JSON.stringify(to) === JSON.stringify(from)) return
    this.#changes.permit()
    this.#access = { ...this.#access, [name]: to }
    this.#changes.publish(editOf(name, from, to))
  }

  // Once for each service, however often it is asked for in the meantime.
  #leave(service: Service): Promise<void> {
    const leaving = this.#leaving.get(service) ?? this.#remove(service)
    this.#leaving.set(service, leaving)
    return leaving
  }

  async #remove(service: Service): Promise<void> {
    const from = service.snapshot()
    try {
      // Others may close or open some in the meantime.
      for (let next = service.listenerList[0]; next; next = service.listenerList[0])
        await service.closeListener(next.address)
    } catch (error) {
      this.#leaving.delete(service)
      throw error
    }
    for (const group of service.groupList) {
      for (const host of group.hostList) host.detach()
      group.detach()
    }
    service.detach()
    const place = this.#services.remove(service.name)
    this.#changes.publish({ action: 'remove', path: service.path, from, ...place })
  }

  #insertService(given: NewService, before?: string): Service {
    if (this.#services.has(given.name))
      throw new BalancerError('NAME_TAKEN', `there is already a service ${given.name}`)
    this.#services.requireRoomFor(given.name, 'the balancer')
    const service = new Service({ publisher: this.#changes, ports: this.#ports }, given)
    this.#services.add(service.name, service, before)
    return service
  }
}

type FieldsOf<Values> = { readonly [Name in keyof Values]: Field<Values[Name]> }

function standardSettings(): SettingValues {
  const names = Object.keys(SETTING_FIELDS) as SettingName[]
  const pairs = names.map((name) => [
    name,
    Object.freeze(completeValues(SETTING_FIELDS[name] as never, {}, name)),
  ])
  return Object.freeze(Object.fromEntries(pairs))
}
