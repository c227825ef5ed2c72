// What serves traffic, put together: model, engine, tables, names, health. Without files, without ssh: the process
// adds those, and somebody's own application does without them.
import { type EngineChoice, chooseEngine } from './choose-engine.ts'
import { factsOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Engine, EngineEvents } from '../engine/contract.ts'
import { HealthWatch } from '../health/watch.ts'
import { Balancer } from '../model/balancer.ts'
import { followChanges } from './change-log.ts'
import { Targets } from './targets.ts'
import { Traffic, portsOf } from './traffic.ts'

export interface CoreOptions {
  readonly log: Log
  /** Default `auto`. */
  readonly engine?: EngineChoice
  /** Keep what the control socket needs. Default false. */
  readonly trackPeers?: boolean
}

export class Core {
  readonly balancer: Balancer
  readonly engine: Engine
  /** Why this engine and not another. */
  readonly engineReason: string
  readonly #health: HealthWatch
  readonly #targets: Targets
  readonly #traffic: Traffic
  readonly #log: Log
  #unfollow = () => {}

  constructor({ log, engine: wanted = 'auto', trackPeers = false }: CoreOptions) {
    this.#log = log
    this.balancer = new Balancer({
      ports: portsOf(
        () => this.engine,
        () => this.#targets.settled(),
      ),
    })
    const events = guarded(log, {
      hostFailed: (failure) => this.#health.hostFailed(failure),
      hostAnswered: (hostId) => this.#health.hostAnswered(hostId),
      sessionClosed: (session) => log.info('session', { ...session }),
      listenerFailed: (listener, reason) =>
        log.error('listener failed', { listener: this.#pathOf(listener), reason }),
      unexpected: (error) => {
        throw error
      },
    })
    const { engine, reason } = chooseEngine(wanted, { events, trackPeers })
    this.engine = engine
    this.engineReason = reason
    const { balancer } = this
    this.#targets = new Targets({ balancer, log, onChange: () => this.#traffic.refresh() })
    const targetOf = this.#targets.of.bind(this.#targets)
    this.#traffic = new Traffic({ balancer, engine, targetOf })
    this.#health = new HealthWatch({ balancer, log, targetOf })
  }

  #pathOf(listenerId: number): string {
    const listener = this.balancer.listenerList.find(({ id }) => id === listenerId)
    return listener?.path ?? `listener ${listenerId}`
  }

  /** Begin to look after names and health, and to log changes. Traffic flows from the moment a service listens. */
  start(): void {
    this.#unfollow = followChanges(this.balancer, this.#log)
    this.#targets.start()
    this.#health.start()
  }

  /**
   * Take no new clients, let open sessions finish until the deadline, then close the rest.
   * @returns how many had to be closed
   */
  async stop(deadlineMs: number): Promise<number> {
    const cut = await this.engine.stop(deadlineMs)
    this.#unfollow()
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
    unexpected: (error) => guard('unexpected', () => events.unexpected(error)),
  }
}
