// One look of `top` at the running process: a row for each service, host or session, in no order. Cheap enough for ten
// thousand hosts once a second: counters are read, nothing is formatted.
import { LIMITS } from '../../base/limits.ts'
import { OpenBytes, openSessions } from '../answer/open-bytes.ts'
import type { Process } from '../context.ts'
import { Meter } from './top-model.ts'
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
    const sessions = openSessions(this.#process)
    const isAll = sessions.length < LIMITS.topSessionsMax
    const moving = new OpenBytes(sessions, this.#process.balancer, isAll)
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
        return openSessions(this.#process).map((session) => {
          return sessionRow(session, this.#sessions.of(session.id))
        })
      default:
        return view satisfies never
    }
  }

  #noteServices(moving: OpenBytes): void {
    for (const service of this.#process.balancer.serviceList) {
      const { name, groupList } = service
      const { total, bytes } = countersOf(service)
      this.#services.note(name, total, bytes + bytesOf(moving.of(name)))
      for (const { hostList } of groupList) {
        for (const { id, counters } of hostList)
          this.#hosts.note(id, counters.total, bytesOf(counters) + bytesOf(moving.of(id)))
      }
    }
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
