// Keeps an engine in step with the model: every change that traffic can feel becomes a new table or new settings
// of a listener. Changes of one turn of the event loop become one table.
import type { Change } from '../model/change.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Listener, Ports } from '../model/listener.ts'
import { placeOf } from '../model/place.ts'
import type { Engine } from '../engine/contract.ts'
import { TableCompiler, type TargetOf, listenerTableOf } from './tables.ts'

/**
 * The ports of an engine, as the model sees them; none is opened before `ready` resolves.
 *
 * @param explained may say more of a port that could not be opened
 */
export function portsOf(
  engine: () => Engine,
  ready: () => Promise<void>,
  explained: (error: unknown, address: string) => unknown = (error) => error,
): Ports {
  return {
    open: async (listener) => {
      await ready()
      try {
        return await engine().openListener(listenerTableOf(listener))
      } catch (error) {
        throw explained(error, listener.address)
      }
    },
    close: (listener) => engine().closeListener(listener.id),
  }
}

export interface TrafficOptions {
  readonly balancer: Balancer
  readonly engine: Engine
  readonly targetOf: TargetOf
  /** Does somebody follow the sessions of all services? Default: nobody does. */
  readonly followed?: () => boolean
}

export class Traffic {
  readonly #balancer: Balancer
  readonly #engine: Engine
  readonly #compiler: TableCompiler
  readonly #behind = new Set<string>()
  readonly #unfollow: () => void

  constructor({ balancer, engine, targetOf, followed }: TrafficOptions) {
    this.#balancer = balancer
    this.#engine = engine
    this.#compiler = new TableCompiler(targetOf, followed)
    this.#unfollow = balancer.follow((change) => this.#changed(change))
  }

  /** Something besides the model changed, such as the address of a name or who follows: make every table anew. */
  refresh(): void {
    for (const { name } of this.#balancer.serviceList) this.#mark(name)
  }

  stop(): void {
    this.#unfollow()
  }

  #changed(change: Change): void {
    const { path, action } = change
    if (change.field === 'name') return this.#renamed(change)
    const [serviceName = '', second] = path.split('/')
    // A service may be called settings, too.
    if (serviceName === 'settings' && second !== undefined && this.#hasNone(serviceName)) return
    if (second === 'listen') {
      if (action === 'set') this.#updateListener(path)
      return
    }
    this.#mark(serviceName)
  }

  // The engine is told at once, so that a table of the old name never comes behind the new one.
  #renamed({ path, from, to }: Change): void {
    const { kind, service } = placeOf(path)
    const [was, becomes] = [String(from), String(to)]
    if (kind === 'service') {
      this.#engine.renameService(was, becomes)
      this.#behind.delete(was)
      this.#mark(becomes)
      return
    }
    if (kind === 'group') this.#engine.renameGroup(service, was, becomes)
    this.#mark(service)
  }

  #hasNone(serviceName: string): boolean {
    return this.#balancer.services[serviceName] === undefined
  }

  #updateListener(path: string): void {
    const listener = this.#balancer.find(path) as Listener
    this.#engine.updateListener(listenerTableOf(listener))
  }

  #mark(serviceName: string): void {
    if (this.#behind.size === 0) queueMicrotask(() => this.#catchUp())
    this.#behind.add(serviceName)
  }

  #catchUp(): void {
    const names = [...this.#behind]
    this.#behind.clear()
    for (const name of names) {
      const service = this.#balancer.services[name]
      const table = service === undefined ? undefined : this.#compiler.compile(service)
      if (table === undefined) this.#engine.removeTable(name)
      else this.#engine.setTable(table)
    }
  }
}
