// The portable engine: every promise of the contract on `node:net`, on the main thread.
import type { Socket } from 'node:net'
import { BalancerError } from '../../base/errors.ts'
import { every, pause } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Behind, EndedBy, Engine, EngineEvents } from '../contract.ts'
import type { PickView } from '../../model/pick-view.ts'
import type { ServiceFigures } from '../../model/service-figures.ts'
import type { SessionDetail, SessionView } from '../../model/session-view.ts'
import { askFaultsTo } from '../asking.ts'
import { ServiceTallies } from '../service-tallies.ts'
import type { ListenerTable, RoutingTable } from '../table.ts'
import { NodeListener } from './listener.ts'
import { explainPick } from './pick-explained.ts'
import { Route } from './route.ts'
import { Sessions } from './sessions.ts'

export interface NodeEngineOptions {
  readonly events: EngineEvents
  /** Keep an index of our outgoing addresses, so that `behind` can answer. Costs a system call a session. */
  readonly trackPeers?: boolean
  /** Source of chance, 0 up to 1; `Math.random` unless a test owns it. */
  readonly random?: () => number
  /** Numbers the sessions, counting up; two engines of one process share it. Default: counts from 1 by itself. */
  readonly nextSessionId?: () => number
}

export class NodeEngine implements Engine {
  readonly name = 'node'
  readonly threads = []
  readonly #events: EngineEvents
  readonly #random: () => number
  readonly #sessions: Sessions
  /** Those that have a table, or to which a listener leads. */
  readonly #routes = new Map<string, Route>()
  readonly #tallies = new ServiceTallies((service) => this.#routes.has(service))
  readonly #listeners = new Map<number, NodeListener>()
  #stopping = false
  readonly #stopped = new AbortController()
  readonly #sweeping: Promise<void>

  constructor(options: NodeEngineOptions) {
    const { events, trackPeers = false, random = Math.random, nextSessionId } = options
    this.#events = events
    this.#random = random
    this.#sessions = new Sessions(events, trackPeers, nextSessionId)
    this.#sweeping = every(async () => this.#sessions.sweep(performance.now()), {
      intervalMs: () => LIMITS.sweepMs,
      signal: this.#stopped.signal,
      onError: (error) => events.unexpected(error),
    })
  }

  get sessionCount(): number {
    return this.#sessions.count
  }

  async openListener(table: ListenerTable): Promise<string> {
    const onClient = (client: Socket) => this.#sessions.accept(client, listener)
    const listener = new NodeListener(table, this.#routeOf(table.service), onClient)
    // Known before it is open: it holds on to its route.
    this.#listeners.set(table.id, listener)
    try {
      this.#refuseWhenStopping()
      const bound = await listener.open((reason) => this.#events.listenerFailed(table.id, reason))
      this.#refuseWhenStopping()
      return bound
    } catch (error) {
      await this.closeListener(table.id)
      throw error
    }
  }

  updateListener(table: ListenerTable): void {
    this.#listeners.get(table.id)?.update(table)
  }

  async closeListener(id: number): Promise<void> {
    const listener = this.#listeners.get(id)
    await listener?.close()
    this.#listeners.delete(id)
    if (listener !== undefined) this.#retireIdle(listener.table.service, listener.route)
  }

  setTable(table: RoutingTable): void {
    const route = this.#routeOf(table.service)
    const isNew = table.accessLog && route.table?.accessLog !== true
    route.use(table)
    if (isNew) this.#sessions.reportEndsOf(route)
    this.#sessions.expectIdle(this.#shortestIdleMs())
  }

  removeTable(service: string): void {
    const route = this.#routes.get(service)
    route?.clear()
    if (route !== undefined) this.#retireIdle(service, route)
  }

  renameService(from: string, to: string): void {
    const route = this.#routes.get(from)
    this.#tallies.rename(from, to)
    this.#routes.get(to)?.clear()
    // A listener that leads there still keeps that route to itself.
    this.#routes.delete(to)
    this.#routes.delete(from)
    if (route !== undefined) this.#routes.set(to, route)
    for (const listener of this.#listeners.values()) {
      const { table } = listener
      if (table.service === from) listener.update({ ...table, service: to })
    }
  }

  renameGroup(service: string, from: string, to: string): void {
    this.#routes.get(service)?.renameGroup(from, to)
  }

  sessions({ after = 0, limit = 1_000 } = {}): readonly SessionView[] {
    return this.#sessions.list(after, limit)
  }

  session(id: number): SessionDetail | undefined {
    return this.#sessions.detail(id)
  }

  explainPick(service: string, clientIp?: string): PickView | undefined {
    const route = this.#routes.get(service)
    return route === undefined ? undefined : explainPick(route, clientIp)
  }

  figuresOf(service: string): ServiceFigures | undefined {
    return this.#tallies.figuresOf(service)
  }

  killSession(id: number, reason: EndedBy = 'killed'): boolean {
    return this.#sessions.kill(id, reason)
  }

  killSessions(ids: readonly number[], reason: EndedBy = 'killed'): number {
    return ids.filter((id) => this.#sessions.kill(id, reason)).length
  }

  behind(localAddress: string, hostAddress?: string): Behind | 'ambiguous' | undefined {
    return this.#sessions.behind(localAddress, hostAddress)
  }

  async stop(deadlineMs: number): Promise<number> {
    this.#stopping = true
    for (const id of this.#listeners.keys()) await this.closeListener(id)
    const late = new AbortController()
    const deadline = pause(deadlineMs, late.signal)
    await Promise.race([this.#sessions.empty(late.signal), deadline])
    late.abort()
    const cut = this.#sessions.closeAll('stopped')
    this.#stopped.abort()
    await this.#sweeping
    return cut
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) throw new BalancerError('REFUSED', 'the balancer is stopping')
  }

  #shortestIdleMs(): number {
    const tables = [...this.#routes.values()].map(({ terms }) => terms?.idleTimeoutMs ?? 0)
    return Math.min(...tables.filter((ms) => ms > 0))
  }

  #routeOf(service: string): Route {
    const route = this.#routes.get(service) ?? this.#newRoute(service)
    this.#routes.set(service, route)
    return route
  }

  #newRoute(service: string): Route {
    return new Route(this.#random, askFaultsTo(this.#events), this.#tallies.of(service))
  }

  // A route without a table serves nobody. A listener that is still open keeps it, for the table that may come.
  #retireIdle(service: string, route: Route): void {
    if (route.table !== undefined || this.#routes.get(service) !== route) return
    const used = [...this.#listeners.values()].some((listener) => listener.route === route)
    if (!used) this.#routes.delete(service)
  }
}
