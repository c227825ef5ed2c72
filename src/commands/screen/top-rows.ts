// The rows of `top`. They look at the live objects when they are asked, because of ten thousand hosts only those that
// can be seen are.
import type { Host } from '../../model/host.ts'
import type { Service } from '../../model/service.ts'
import type { SessionView } from '../../model/session-view.ts'
import type { Rates } from './top-model.ts'

/** One line of the table. What a view has no use for is '' or 0. */
export interface TopRow {
  /** Stays the same while the object lives, whatever it is called. */
  readonly key: string | number
  /** Names the object in a command. */
  readonly path: string
  readonly name: string
  /** Host of a session. */
  readonly host: string
  readonly state: string
  readonly open: number
  readonly failed: number
  readonly idleMs: number
  /** All bytes so far. */
  readonly bytes: number
  readonly rates: Rates
}

export class HostRow implements TopRow {
  readonly host = ''
  readonly idleMs = 0
  readonly bytes = 0
  readonly rates: Rates
  readonly #host: Host

  constructor(host: Host, rates: Rates) {
    this.#host = host
    this.rates = rates
  }

  get key(): number {
    return this.#host.id
  }

  get path(): string {
    return this.#host.path
  }

  get name(): string {
    return this.#host.path
  }

  /** In words that fit a column; why it is so is told by `explain host`. */
  get state(): string {
    const { ready, intent, health, weight, full } = this.#host
    if (ready) return 'ready'
    if (intent !== 'enabled') return intent
    if (health === 'down') return 'down'
    return weight === 0 ? 'weight 0' : full ? 'full' : 'not ready'
  }

  get open(): number {
    return this.#host.counters.open
  }

  get failed(): number {
    return this.#host.counters.failed
  }
}

export function serviceRow(service: Service, rates: Rates): TopRow {
  const { name, servingGroup, paused } = service
  const { open, failed } = countersOf(service)
  const hosts = servingGroup?.hostList ?? []
  const ready = hosts.filter((host) => host.ready).length
  const usual = servingGroup?.panic === true ? 'PANIC' : `${ready}/${hosts.length} ready`
  const state = paused ? 'PAUSED' : usual
  const empty = { host: '', idleMs: 0, bytes: 0 }
  return { ...empty, key: name, path: name, name, state, open, failed, rates }
}

export function sessionRow(session: SessionView, rates: Rates): TopRow {
  const { id, client, service, group, step, idleMs } = session
  const host = session.host === '' ? service : `${service}/${group}/${session.host}`
  const name = client === '' ? 'unix' : client
  const bytes = bytesOf(session)
  const empty = { open: 0, failed: 0 }
  return { ...empty, key: id, path: String(id), name, host, state: step, idleMs, bytes, rates }
}

/** The counters of all listeners of a service together. */
export function countersOf({ listenerList }: Service) {
  const sum = { open: 0, total: 0, failed: 0, bytes: 0 }
  for (const { counters } of listenerList) {
    sum.open += counters.open
    sum.total += counters.total
    sum.failed += counters.failed
    sum.bytes += bytesOf(counters)
  }
  return sum
}

/** Both ways. */
export function bytesOf(counted: {
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}): number {
  return counted.bytesFromClient + counted.bytesFromHost
}
