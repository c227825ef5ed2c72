// All sessions of the node engine: the list, the deadlines, the counters at the beginning and at the end, and
// the index of our own outgoing addresses for the control socket.
import type { Socket } from 'node:net'
import type { CloseReason } from '../../base/close-reasons.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Behind, EndedBy, EngineEvents, HostFailure } from '../contract.ts'
import type { SessionDetail, SessionView } from '../../model/session-view.ts'
import type { NodeListener } from './listener.ts'
import type { Route } from './route.ts'
import { Session } from './session.ts'
import type { SessionHome } from './session-home.ts'
import {
  clientOf,
  closedViewOf,
  detailOf,
  idleMsOf,
  localAddressOf,
  refusedViewOf,
  targetOf,
  viewOf,
} from './session-views.ts'

export class Sessions implements SessionHome<Session> {
  readonly #events: EngineEvents
  readonly #nextId: () => number
  readonly #byId = new Map<number, Session>()
  /** Those whose present step has a deadline. */
  readonly #watched = new Set<Session>()
  /** Several may share a local address: the system reuses one towards different hosts. */
  readonly #byLocalAddress: Map<string, Session[]> | undefined
  #idleSweepAt = 0
  #shortestIdleMs = Number.POSITIVE_INFINITY
  /** Those who wait until no session is left. */
  readonly #onEmpty = new Set<() => void>()

  constructor(events: EngineEvents, trackPeers: boolean, nextId = countUp()) {
    this.#events = events
    this.#nextId = nextId
    this.#byLocalAddress = trackPeers ? new Map() : undefined
  }

  get count(): number {
    return this.#byId.size
  }

  accept(client: Socket, listener: NodeListener): void {
    const session = new Session(this.#nextId(), client, listener, this)
    this.#byId.set(session.id, session)
    listener.table.counters.open += 1
    listener.route.tally.began()
    // Once a socket is closed it no longer knows who the client was.
    if (listener.route.table?.accessLog === true) void session.clientEnd
    session.start()
  }

  /** The ends of sessions of this route are reported from now on, also of those that are open. */
  reportEndsOf(route: Route): void {
    const open = this.#byId.values()
    // A closed socket no longer knows who its client was. Asking is a system call each, so not all in one turn.
    const learn = () => {
      for (let turn = 0; turn < LIMITS.endedAtOnce; turn++) {
        const { value: session } = open.next()
        if (session === undefined) return
        if (session.listener.route === route) void session.clientEnd
      }
      setImmediate(learn)
    }
    learn()
  }

  /** The shortest idle time-out of all tables that serve now: look at least four times in that. */
  expectIdle(shortestMs: number): void {
    this.#shortestIdleMs = shortestMs
    this.#idleSweepAt = Math.min(this.#idleSweepAt, performance.now() + idleSweepMs(shortestMs))
  }

  /** Look at the deadlines of steps, and now and then at idle sessions. */
  sweep(now: number): void {
    for (const session of this.#watched) {
      if (session.deadline > now) continue
      // Its next step, if there is one, is watched anew.
      this.#watched.delete(session)
      session.expire()
    }
    if (now >= this.#idleSweepAt) this.#sweepIdle(now)
  }

  #sweepIdle(now: number): void {
    let shortest = this.#shortestIdleMs
    for (const session of this.#byId.values()) {
      const limit = session.terms?.idleTimeoutMs ?? 0
      if (session.step !== 'relaying' || limit === 0) continue
      shortest = Math.min(shortest, limit)
      if (idleMsOf(session, now) >= limit) session.close('idle')
    }
    this.#idleSweepAt = now + idleSweepMs(shortest)
  }

  kill(id: number, reason: EndedBy): boolean {
    const session = this.#byId.get(id)
    session?.close(reason)
    return session !== undefined
  }

  closeAll(reason: CloseReason): number {
    const { count } = this
    // Those who wait first: the others make room, and nobody is to be carried into a host for nothing.
    for (const session of this.#byId.values())
      if (session.step === 'queued' || session.step === 'held') session.close(reason)
    for (const session of this.#byId.values()) session.close(reason)
    return count
  }

  /** Resolves when no session is left, or when `signal` aborts. */
  async empty(signal: AbortSignal): Promise<void> {
    if (this.count === 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#onEmpty.delete(done)
        resolve()
      }
      this.#onEmpty.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  list(after: number, limit: number): SessionView[] {
    const views: SessionView[] = []
    const now = performance.now()
    for (const session of this.#byId.values()) {
      if (views.length >= limit) break
      if (session.id > after) views.push(viewOf(session, now))
    }
    return views
  }

  detail(id: number): SessionDetail | undefined {
    const session = this.#byId.get(id)
    if (session === undefined) return undefined
    return detailOf(session, performance.now(), this.#watched.has(session))
  }

  behind(localAddress: string, hostAddress?: string): Behind | 'ambiguous' | undefined {
    const there = this.#byLocalAddress?.get(localAddress) ?? []
    const sessions = there.filter(
      (one) => hostAddress === undefined || targetOf(one) === hostAddress,
    )
    const [session] = sessions
    if (session === undefined) return undefined
    if (sessions.length > 1) return 'ambiguous'
    const { id, listener, slot } = session
    const { service } = listener.table
    return { client: clientOf(session), service, host: slot?.host.name ?? '', session: id }
  }

  watch(session: Session): void {
    this.#watched.add(session)
    // One that may end without a host is told of, and once its socket is closed nobody knows who it was.
    if (session.step === 'queued' || session.attempts > 1) void session.clientEnd
  }

  unwatch(session: Session): void {
    this.#watched.delete(session)
  }

  connected(session: Session): void {
    const host = session.slot?.host
    if (host === undefined) return
    host.counters.total += 1
    session.listener.table.counters.total += 1
    session.listener.route.tally.connected(session.connectedAt - session.acceptedAt)
    if (host.suspect) this.#events.hostAnswered(host.id)
    this.#index(session)
  }

  hostFailed(failure: HostFailure): void {
    this.#events.hostFailed(failure)
  }

  closed(session: Session, reason: CloseReason): void {
    const { bytesFromClient, bytesFromHost } = session
    const { counters } = session.listener.table
    counters.open -= 1
    counters.bytesFromClient += bytesFromClient
    counters.bytesFromHost += bytesFromHost
    if (session.connectedAt === 0) counters.failed += 1
    session.listener.route.tally.ended(reason, performance.now() - session.acceptedAt)
    const host = session.connectedAt === 0 ? undefined : session.slot?.host
    if (host !== undefined) {
      host.counters.bytesFromClient += bytesFromClient
      host.counters.bytesFromHost += bytesFromHost
    }
    this.#byId.delete(session.id)
    this.#unindex(session)
    if (session.connectedAt === 0) this.#events.sessionRefused(refusedViewOf(session, reason))
    if (session.listener.route.table?.accessLog === true)
      this.#events.sessionClosed(closedViewOf(session, reason))
    if (this.count === 0) for (const wake of this.#onEmpty) wake()
  }

  #index(session: Session): void {
    if (this.#byLocalAddress === undefined) return
    session.localAddress = localAddressOf(session)
    // A host on a Unix socket sees no address of ours.
    if (session.localAddress === '') return
    const there = this.#byLocalAddress.get(session.localAddress)
    if (there === undefined) this.#byLocalAddress.set(session.localAddress, [session])
    else there.push(session)
  }

  #unindex(session: Session): void {
    const left = this.#byLocalAddress?.get(session.localAddress)?.filter((one) => one !== session)
    if (left === undefined) return
    if (left.length === 0) this.#byLocalAddress?.delete(session.localAddress)
    else this.#byLocalAddress?.set(session.localAddress, left)
  }
}

/** Numbers from 1 on. */
function countUp(): () => number {
  let last = 0
  return () => ++last
}

function idleSweepMs(shortestIdleMs: number): number {
  return Math.min(LIMITS.idleSweepMs, Math.max(LIMITS.sweepMs, shortestIdleMs / 4))
}
