// What the threads of the engine report, in batches: told to the control plane one by one, in their order. Questions to the
// functions of operators are answered here, too.
import { getSystemErrorName } from 'node:util'
import { connectFaultOf } from '../../base/connect-fault.ts'
import { type AskFailed, answerOf } from '../asking.ts'
import type { EngineEvents } from '../contract.ts'
import type { RoutingTable } from '../table.ts'
import type { NativeEngine } from './addon.ts'
import { PackedReader } from './packed.ts'
import { closedViewOf, type Names, readRefused, readSession } from './session-views.ts'

/** A service that is served now. */
export interface Served {
  readonly table: RoutingTable
  readonly askFailed: AskFailed
}

export interface ReportsOptions {
  readonly native: NativeEngine
  readonly names: Names
  readonly events: EngineEvents
  readonly services: ReadonlyMap<string, Served>
  /** No session is left. */
  readonly onEmpty: () => void
}

type Tell = (from: PackedReader) => void

export class Reports {
  readonly #native: NativeEngine
  readonly #events: EngineEvents
  readonly #services: ReportsOptions['services']
  readonly #onEmpty: () => void
  /** By the number of the kind: the order of Event in native/core/records.h. */
  readonly #tellers: readonly Tell[]
  /** Services in which the number of waiting clients changed in this batch. */
  readonly #waiting = new Set<string>()
  #over = false

  constructor({ native, names, events, services, onEmpty }: ReportsOptions) {
    this.#native = native
    this.#events = events
    this.#services = services
    this.#onEmpty = onEmpty
    this.#tellers = [
      (from) => this.#hostFailed(from),
      (from) => events.hostAnswered(from.number()),
      (from) => events.sessionClosed(closedViewOf(readSession(from), names)),
      (from) => events.sessionRefused(readRefused(from, names)),
      (from) => this.#asked(from),
      (from) => this.#waiting.add(from.name()),
      (from) => events.listenerFailed(from.number(), `accept ${systemCode(from.number())}`),
      () => onEmpty(),
    ]
  }

  /** Tell all that was reported so far. */
  take(): void {
    const from = new PackedReader(this.#native.takeEvents())
    const batch = from.number()
    const lost = from.number()
    try {
      from.list((each) => this.#tell(each))
      if (lost > 0) this.#makeUpFor(lost)
      this.#tellWaiting()
    } finally {
      // What the control plane makes of it comes as tables at the end of this turn.
      setImmediate(() => this.#native.judged(batch))
    }
  }

  /** The same once more, when the threads have ended and nobody waits any more. */
  takeLast(): void {
    this.#over = true
    this.take()
  }

  /** Tell how many clients of the service wait or are held now. */
  tellWaitingOf(service: string): void {
    const served = this.#services.get(service)
    served?.table.onWaiting(this.#over ? 0 : this.#native.stateOf(service).waiting)
  }

  #tell(from: PackedReader): void {
    const teller = this.#tellers[from.number()]
    try {
      teller?.(from)
    } catch (error) {
      // Whoever is told may throw, and the next report is for others.
      this.#events.unexpected(error)
    }
  }

  // That somebody waits, or that nobody is left, may be among what was lost.
  #makeUpFor(lost: number): void {
    this.#events.eventsLost(lost)
    for (const service of this.#services.keys()) this.#waiting.add(service)
    if (!this.#over && this.#native.sessionCount() === 0) this.#onEmpty()
  }

  #tellWaiting(): void {
    const services = [...this.#waiting]
    this.#waiting.clear()
    for (const service of services) {
      try {
        this.tellWaitingOf(service)
      } catch (error) {
        this.#events.unexpected(error)
      }
    }
  }

  #hostFailed(from: PackedReader): void {
    const hostId = from.number()
    const fault = connectFaultOf({ code: systemCode(from.number()) })
    this.#events.hostFailed({ hostId, ...fault })
  }

  #asked(from: PackedReader): void {
    const session = from.number()
    const [service, group] = [from.name(), from.name()]
    const client = from.text()
    const ids = new Set(from.numbers())
    const served = this.#services.get(service)
    const rule = served?.table.rule
    if (served === undefined || rule?.kind !== 'ask' || served.table.group !== group) {
      this.#answer(session, 0)
      return
    }
    const hosts = served.table.hosts.filter(({ id }) => ids.has(id))
    const named = hosts.map(({ name, weight, counters: { open } }) => ({ name, open, weight }))
    // Never rejects.
    void answerOf(rule, { service, group, client, hosts: named }, served.askFailed).then((name) => {
      this.#answer(session, hosts.find((host) => host.name === name)?.id ?? 0)
    })
  }

  #answer(session: number, host: number): void {
    if (!this.#over) this.#native.answer(session, host)
  }
}

/** `ECONNREFUSED`, from a positive errno. */
export function systemCode(errno: number): string {
  return getSystemErrorName(-errno)
}
