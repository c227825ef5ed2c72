// The native engine: every promise of the contract by threads of its own. Here are the tables, the names and the words; what
// sessions do is in native/core, and nothing there waits for this thread.
import { isIP } from 'node:net'
import { parseAddress } from '../../base/address.ts'
import { pause } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import type { EngineThreadView } from '../../model/engine-view.ts'
import type { PickView } from '../../model/pick-view.ts'
import type { ServiceFigures } from '../../model/service-figures.ts'
import type { SessionDetail, SessionView } from '../../model/session-view.ts'
import { askFaultsTo } from '../asking.ts'
import type { Behind, EndedBy, Engine, EngineEvents } from '../contract.ts'
import { explainTable } from '../node/pick-explained.ts'
import { ServiceTallies } from '../service-tallies.ts'
import type { ListenerTable, RoutingTable } from '../table.ts'
import type { NativeEngine, PackedRecords, SpliceAddon } from './addon.ts'
import { Listeners } from './listeners.ts'
import { PackedReader } from './packed.ts'
import { Reports, type Served } from './reports.ts'
import { type SessionRecord, detailOf, readSession, viewOf } from './session-views.ts'
import { nativeSettings } from './settings.ts'
import { SharedCounters } from './shared-counters.ts'
import { nativeTable } from './tables.ts'
import { ThreadRows } from './thread-rows.ts'

export interface SpliceEngineOptions {
  readonly events: EngineEvents
  /** Keep our own end of each connection to a host, so that `behind` can answer. Costs a system call a session. */
  readonly trackPeers: boolean
  /** 1 or more. */
  readonly threads: number
  readonly addon: SpliceAddon
}

export class SpliceEngine implements Engine {
  readonly name = 'splice'
  readonly #addon: SpliceAddon
  readonly #events: EngineEvents
  readonly #native: NativeEngine
  readonly #counters: SharedCounters
  readonly #listeners: Listeners
  readonly #reports: Reports
  readonly #threadRows: ThreadRows
  readonly #services = new Map<string, Served>()
  readonly #tallies = new ServiceTallies(
    (service) => this.#services.has(service) || this.#listeners.serve(service),
  )
  /** Those who wait until no session is left. */
  readonly #onEmpty = new Set<() => void>()
  /** The threads have ended; nothing may be asked of them. */
  #over = false

  constructor({ events, trackPeers, threads, addon }: SpliceEngineOptions) {
    this.#addon = addon
    this.#events = events
    this.#threadRows = new ThreadRows(threads)
    const settings = nativeSettings({ threads, trackPeers })
    this.#native = new addon.Engine(settings, this.#threadRows.cells, () => this.#reports.take())
    this.#counters = new SharedCounters(this.#native, (error) => events.unexpected(error))
    const tallyOf = (service: string) => this.#tallies.of(service)
    this.#listeners = new Listeners(this.#native, this.#counters, tallyOf)
    this.#reports = new Reports({
      native: this.#native,
      names: addon,
      events,
      services: this.#services,
      onEmpty: () => this.#wakeWhoWaits(),
    })
  }

  get sessionCount(): number {
    return this.#over ? 0 : this.#native.sessionCount()
  }

  get threads(): readonly EngineThreadView[] {
    return this.#over ? [] : this.#threadRows.views()
  }

  openListener(table: ListenerTable): Promise<string> {
    return this.#listeners.open(table)
  }

  updateListener(table: ListenerTable): void {
    this.#listeners.update(table)
  }

  closeListener(id: number): Promise<void> {
    return this.#listeners.close(id, LIMITS.listenerGraceMs)
  }

  setTable(table: RoutingTable): void {
    if (this.#over) return
    const { service, group, hosts } = table
    const rows = this.#counters.ofService(
      service,
      hosts.map(({ counters }) => counters),
      this.#tallies.of(service),
    )
    this.#native.setTable(nativeTable(table, rows))
    const earlier = this.#services.get(service)
    this.#services.set(service, {
      table,
      askFailed: earlier?.askFailed ?? askFaultsTo(this.#events),
    })
    if (earlier !== undefined && earlier.table.group !== group) earlier.table.onWaiting(0)
    this.#reports.tellWaitingOf(service)
  }

  removeTable(service: string): void {
    if (this.#over) return
    this.#native.removeTable(service)
    this.#counters.forgetService(service)
    this.#services.get(service)?.table.onWaiting(0)
    this.#services.delete(service)
  }

  renameService(from: string, to: string): void {
    if (this.#over) return
    this.#tallies.rename(from, to)
    this.#native.renameService(from, to)
    this.#counters.renameService(from, to)
    this.#listeners.renameService(from, to)
    this.#services.get(to)?.table.onWaiting(0)
    this.#services.delete(to)
    const served = this.#services.get(from)
    this.#services.delete(from)
    if (served === undefined) return
    this.#services.set(to, served)
    // What is on its way to tell has the old name.
    this.#reports.tellWaitingOf(to)
  }

  renameGroup(service: string, from: string, to: string): void {
    if (this.#over) return
    this.#native.renameGroup(service, from, to)
    const served = this.#services.get(service)
    if (served?.table.group !== from) return
    this.#services.set(service, { ...served, table: { ...served.table, group: to } })
  }

  sessions({ after = 0, limit = 1_000 } = {}): readonly SessionView[] {
    if (this.#over) return []
    const page = this.#native.sessions(after, limit)
    return recordsIn(page).map((session) => viewOf(session, this.#addon))
  }

  session(id: number): SessionDetail | undefined {
    if (this.#over) return undefined
    const [session] = recordsIn(this.#native.session(id))
    if (session === undefined) return undefined
    return detailOf(session, this.#services.get(session.service)?.table, this.#addon)
  }

  explainPick(service: string, clientIp?: string): PickView | undefined {
    const served = this.#services.get(service)
    if (this.#over || served === undefined) return undefined
    const { open, waiting, paused, place } = this.#native.stateOf(service)
    const moment = { table: served.table, open, waiting, paused, place: Math.max(0, place) }
    return explainTable(moment, clientIp)
  }

  /** Also after a stop. */
  figuresOf(service: string): ServiceFigures | undefined {
    return this.#tallies.figuresOf(service)
  }

  killSession(id: number, reason: EndedBy = 'killed'): boolean {
    return this.killSessions([id], reason) === 1
  }

  killSessions(ids: readonly number[], reason: EndedBy = 'killed'): number {
    if (this.#over) return 0
    return this.#native.kill(Float64Array.from(ids), this.#addon.closeReasons.indexOf(reason))
  }

  behind(localAddress: string, hostAddress?: string): Behind | 'ambiguous' | undefined {
    const ours = endOf(localAddress)
    const theirs = hostAddress === undefined ? ANY_HOST : endOf(hostAddress)
    if (this.#over || ours === undefined || theirs === undefined) return undefined
    const found = this.#native.behind(ours.host, ours.port, theirs.host, theirs.port)
    const [session, other] = recordsIn(found)
    if (session === undefined) return undefined
    if (other !== undefined) return 'ambiguous'
    const { client, service, host, id } = session
    return { client, service, host, session: id }
  }

  /** Numbers a session of another engine of this process. */
  nextSessionId(): number {
    return this.#native.nextSessionId()
  }

  async stop(deadlineMs: number): Promise<number> {
    if (this.#over) return 0
    const late = new AbortController()
    const deadline = pause(deadlineMs, late.signal)
    const closed = this.#listeners.stop(Math.min(deadlineMs, LIMITS.listenerGraceMs))
    await Promise.race([closed.then(() => this.#empty(late.signal)), deadline])
    late.abort()
    await closed
    return this.#end()
  }

  /** Resolves when no session is left, or when `signal` aborts. */
  async #empty(signal: AbortSignal): Promise<void> {
    if (this.#over || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#onEmpty.add(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      this.#native.tellWhenEmpty()
    })
  }

  async #end(): Promise<number> {
    // Another stop came first.
    if (this.#over) return 0
    const cut = this.#native.closeAll(this.#addon.closeReasons.indexOf('stopped'))
    this.#over = true
    this.#native.stop()
    // Before anybody is told of anything: whatever becomes of that, the sweeping of counters has ended.
    const swept = this.#counters.close()
    this.#reports.takeLast()
    this.#wakeWhoWaits()
    await swept
    return cut
  }

  #wakeWhoWaits(): void {
    for (const wake of this.#onEmpty) wake()
    this.#onEmpty.clear()
  }
}

const ANY_HOST = { host: '', port: 0 } as const

/** Undefined for anything but an IP address with its port. */
function endOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const address = parseAddress(text)
  return address?.kind === 'tcp' && isIP(address.host) !== 0 ? address : undefined
}

function recordsIn(packed: PackedRecords): SessionRecord[] {
  return new PackedReader(packed).list(readSession)
}
