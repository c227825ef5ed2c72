// One look of `top` at the running process: a row for each service, host or session, in no order. Cheap enough for ten
// thousand hosts once a second: counters are read, nothing is formatted.
import { LIMITS } from '../../base/limits.ts'
import type { SessionView } from '../../model/session-view.ts'
import type { Process } from '../context.ts'
import { Meter, type MeterKey } from './top-model.ts'
import { bytesOf, countersOf, HostRow, serviceRow, sessionRow, type TopRow } from './top-rows.ts'

export const TOP_VIEWS = ['services', 'hosts', 'sessions'] as const
export type TopView = (typeof TOP_VIEWS)[number]

export interface TopLook {
  readonly rows: readonly TopRow[]
  /** Of all services together. */
  readonly totals: { readonly open: number; readonly sessions: number; readonly bytes: number }
  /** What the figures leave out; '' where nothing. */
  readonly note: string
}

/** Bytes that no counter has yet: of services by name, of hosts by id. */
type Moving = ReadonlyMap<MeterKey, number>

export class TopLooks {
  readonly #process: Process
  readonly #services = new Meter()
  readonly #hosts = new Meter()
  readonly #sessions = new Meter()

  constructor(process: Process) {
    this.#process = process
  }

  /** Take the rates anew. @param nowMs of a clock that never goes back */
  measure(nowMs: number): void {
    const sessions = this.#openSessions()
    const moving = this.#bytesOf(sessions)
    for (const meter of [this.#services, this.#hosts, this.#sessions]) meter.begin(nowMs)
    this.#noteServices(moving)
    for (const session of sessions) this.#sessions.note(session.id, 0, bytesOf(session))
    for (const meter of [this.#services, this.#hosts, this.#sessions]) meter.end()
  }

  /** Everything as it is now, the rates as they were measured. */
  look(view: TopView): TopLook {
    const many = this.#process.sessionCount >= LIMITS.topSessionsMax
    return { rows: this.#rows(view), totals: this.#totals(), note: many ? noteFor(view) : '' }
  }

  #rows(view: TopView): readonly TopRow[] {
    const { hostList, serviceList } = this.#process.balancer
    switch (view) {
      case 'services':
        return serviceList.map((service) => serviceRow(service, this.#services.of(service.name)))
      case 'hosts':
        return hostList.map((host) => new HostRow(host, this.#hosts.of(host.id)))
      case 'sessions':
        return this.#openSessions().map((session) => {
          return sessionRow(session, this.#sessions.of(session.id))
        })
      default:
        return view satisfies never
    }
  }

  #noteServices(moving: Moving): void {
    for (const service of this.#process.balancer.serviceList) {
      const { name, groupList } = service
      const { total, bytes } = countersOf(service)
      this.#services.note(name, total, bytes + (moving.get(name) ?? 0))
      for (const { hostList } of groupList) {
        for (const { id, counters } of hostList)
          this.#hosts.note(id, counters.total, bytesOf(counters) + (moving.get(id) ?? 0))
      }
    }
  }

  #bytesOf(sessions: readonly SessionView[]): Moving {
    const bytes = new Map<MeterKey, number>()
    // Where only some of them are known, none count: the oldest ones would come and go.
    if (sessions.length >= LIMITS.topSessionsMax) return bytes
    const { services } = this.#process.balancer
    for (const session of sessions) {
      const host = services[session.service]?.groups[session.group]?.hosts[session.host]
      const moved = bytesOf(session)
      bytes.set(session.service, (bytes.get(session.service) ?? 0) + moved)
      if (host !== undefined) bytes.set(host.id, (bytes.get(host.id) ?? 0) + moved)
    }
    return bytes
  }

  #openSessions(): readonly SessionView[] {
    return this.#process.sessions({ after: 0, limit: LIMITS.topSessionsMax })
  }

  #totals(): TopLook['totals'] {
    const totals = { open: 0, sessions: 0, bytes: 0 }
    for (const service of this.#process.balancer.serviceList) {
      const { sessionsPerSecond, bytesPerSecond } = this.#services.of(service.name)
      totals.open += countersOf(service).open
      totals.sessions += sessionsPerSecond
      totals.bytes += bytesPerSecond
    }
    return totals
  }
}

function noteFor(view: TopView): string {
  return view === 'sessions'
    ? `the oldest ${LIMITS.topSessionsMax} sessions`
    : 'bytes are counted when a session ends, there are many'
}
