// What serves traffic, put together: model, engine, tables, names, health. Without files, without ssh: the process
// adds those, and somebody's own application does without them.
import {
  type ChosenEngine,
  type EngineChoice,
  type NativeEngine,
  chooseEngine,
} from './choose-engine.ts'
import { factsOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Engine, EngineEvents } from '../engine/contract.ts'
import { HealthWatch } from '../health/watch.ts'
import { Balancer } from '../model/balancer.ts'
import type { Host } from '../model/host.ts'
import { Journal } from '../model/journal.ts'
import type { CheckView, HostLook } from '../model/check-view.ts'
import type { ClosedSessionView, RefusedSessionView } from '../model/session-view.ts'
import type { Target } from '../model/target.ts'
import { followChanges } from './change-log.ts'
import { EndedSessions } from './ended-sessions.ts'
import { Pauses } from './pauses.ts'
import { namingHolder } from './port-holder.ts'
import { GroupRebalances } from './rebalances.ts'
import { Targets } from './targets.ts'
import { Traffic, portsOf } from './traffic.ts'

export interface CoreOptions {
  readonly log: Log
  /** Default `auto`. */
  readonly engine?: EngineChoice
  /** Threads of the splice engine. Default 0, which leaves that to the machine. */
  readonly engineThreads?: number | undefined
  /** How the splice engine is had; a test brings its own. */
  readonly native?: NativeEngine
  /** Keep what the control socket needs. Default false. */
  readonly trackPeers?: boolean
  /** Asked before each edit of the model: throws where nothing may be changed now. Default: everything may. */
  readonly permit?: () => void
}

export class Core {
  readonly balancer: Balancer
  readonly journal: Journal
  /** The engine, why it is this one, and which services have another. */
  readonly chosen: ChosenEngine
  readonly rebalances: GroupRebalances
  readonly #health: HealthWatch
  readonly #targets: Targets
  readonly #traffic: Traffic
  readonly #pauses: Pauses
  readonly #ended = new EndedSessions(() => this.#traffic.refresh())
  readonly #log: Log
  #eventsLost = 0
  #unfollow = () => {}

  constructor(options: CoreOptions) {
    const { log, engine: wanted = 'auto', engineThreads: threads = 0 } = options
    const { trackPeers = false, permit } = options
    this.#log = log
    this.balancer = new Balancer({
      ports: portsOf(
        () => this.engine,
        () => this.#targets.settled(),
        (error, address) => namingHolder(error, address, this.balancer),
      ),
      ...(permit === undefined ? {} : { permit }),
    })
    const events = guarded(log, {
      hostFailed: (failure) => this.#health.hostFailed(failure),
      hostAnswered: (hostId) => this.#health.hostAnswered(hostId),
      sessionClosed: (session) => this.#sessionClosed(session),
      sessionRefused: (session) => this.#ended.noteRefused(session),
      askFailed: ({ error, ...facts }) => log.warn('ask failed', { ...facts, ...factsOf(error) }),
      listenerFailed: (listener, reason) =>
        log.error('listener failed', { listener: this.#pathOf(listener), reason }),
      eventsLost: (count) => {
        this.#eventsLost += count
        log.warn('events lost', { count })
      },
      unexpected: (error) => {
        throw error
      },
    })
    this.chosen = chooseEngine(wanted, { events, trackPeers, threads }, options.native)
    const { balancer, engine } = this
    this.rebalances = new GroupRebalances(engine, log)
    this.journal = new Journal(balancer)
    this.#targets = new Targets({ balancer, log, onChange: () => this.#traffic.refresh() })
    const targetOf = this.#targets.of.bind(this.#targets)
    this.#traffic = new Traffic({
      balancer,
      engine,
      targetOf,
      followed: () => this.#ended.followed,
    })
    this.#pauses = new Pauses(balancer, log)
    this.#health = new HealthWatch({ balancer, log, targetOf })
  }

  get engine(): Engine {
    return this.chosen.engine
  }

  /** Reports of the engine that were dropped since the start. */
  get eventsLost(): number {
    return this.#eventsLost
  }

  /** The last sessions that never reached a host, oldest first. */
  refusals(): readonly RefusedSessionView[] {
    return this.#ended.refused
  }

  /** Be told of every session that ends from now on. @returns stops it */
  followSessions(tell: (session: ClosedSessionView) => void): () => void {
    return this.#ended.follow(tell)
  }

  /** Look at a host now, and set its health by that. @throws BalancerError REFUSED, VALUE_BAD */
  retryHost(host: Host): Promise<HostLook> {
    return this.#health.lookNow(host)
  }

  /** The looks that are taken at a host, with their last results. */
  checksOf(host: Host): readonly CheckView[] {
    return this.#health.checksOf(host)
  }

  /** Where a host is reached; undefined while its name has no address. */
  targetOf(host: Host): Target | undefined {
    return this.#targets.of(host)
  }

  // Sessions of other services are reported as well, while somebody follows.
  #sessionClosed(session: ClosedSessionView): void {
    if (this.balancer.services[session.service]?.accessLog)
      this.#log.info('session', { ...session })
    this.#ended.noteClosed(session)
  }

  #pathOf(listenerId: number): string {
    const listener = this.balancer.listenerList.find(({ id }) => id === listenerId)
    return listener?.path ?? `listener ${listenerId}`
  }

  /** Begin to look after names and health, and to log changes. Traffic flows from the moment a service listens. */
  start(): void {
    this.#unfollow = followChanges(this.balancer, this.#log)
    this.journal.start()
    this.#targets.start()
    this.#health.start()
  }

  /**
   * Take no new clients, let open sessions finish until the deadline, then close the rest.
   * @returns how many had to be closed
   */
  async stop(deadlineMs: number): Promise<number> {
    await this.#pauses.stop()
    await this.rebalances.stop()
    const cut = await this.engine.stop(deadlineMs)
    this.#unfollow()
    this.journal.stop()
    this.#traffic.stop()
    await this.#health.stop()
    await this.#targets.stop()
    return cut
  }
}

// Events reach the control plane in the middle of a session's work: a fault there must not become the session's.
function guarded(log: Log, events: EngineEvents): EngineEvents {
  const guard = (event: keyof EngineEvents, handle: () => void) => {
    try {
      handle()
    } catch (error) {
      log.error('event handler failed', { handler: event, ...factsOf(error) })
    }
  }
  return {
    hostFailed: (failure) => guard('hostFailed', () => events.hostFailed(failure)),
    hostAnswered: (hostId) => guard('hostAnswered', () => events.hostAnswered(hostId)),
    sessionClosed: (session) => guard('sessionClosed', () => events.sessionClosed(session)),
    listenerFailed: (id, reason) =>
      guard('listenerFailed', () => events.listenerFailed(id, reason)),
    sessionRefused: (session) => guard('sessionRefused', () => events.sessionRefused(session)),
    askFailed: (fault) => guard('askFailed', () => events.askFailed(fault)),
    eventsLost: (count) => guard('eventsLost', () => events.eventsLost(count)),
    unexpected: (error) => guard('unexpected', () => events.unexpected(error)),
  }
}
