// All sessions of the node engine: the list, the deadlines, the counters at the beginning and at the end, and
// the index of our own outgoing addresses for the control socket.
import type { Socket } from 'node:net'
import { formatAddress } from '../../base/address.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Behind, CloseReason, EngineEvents, HostFailure } from '../contract.ts'
import type { SessionView } from '../../model/session-view.ts'
import type { NodeListener } from './listener.ts'
import { Session, type SessionHome } from './session.ts'

export class Sessions implements SessionHome {
  readonly #events: EngineEvents
  readonly #byId = new Map<number, Session>()
  /** Those whose present step has a deadline. */
  readonly #watched = new Set<Session>()
  readonly #byLocalAddress: Map<string, Session> | undefined
  #lastId = 0
  #idleSweepAt = 0
  #idleSweepEveryMs: number = LIMITS.idleSweepMs
  /** Those who wait until no session is left. */
  readonly #onEmpty = new Set<() => void>()

  constructor(events: EngineEvents, trackPeers: boolean) {
    this.#events = events
    this.#byLocalAddress = trackPeers ? new Map() : undefined
  }

  get count(): number {
    return this.#byId.size
  }

  accept(client: Socket, listener: NodeListener): void {
    const session = new Session(++this.#lastId, client, listener, this)
    this.#byId.set(session.id, session)
    listener.table.counters.open += 1
    // Once a socket is closed it no longer knows who the client was.
    if (listener.route.table?.accessLog === true) void session.clientEnd
    session.start()
  }

  /** Sessions of this table may be idle for `timeoutMs`: look at least four times in that. */
  expectIdle(timeoutMs: number): void {
    if (timeoutMs === 0) return
    this.#idleSweepEveryMs = Math.min(
      this.#idleSweepEveryMs,
      Math.max(LIMITS.sweepMs, timeoutMs / 4),
    )
  }

  /** Look at the deadlines of steps, and now and then at idle sessions. */
  sweep(now: number): void {
    for (const session of this.#watched) if (session.deadline <= now) session.expire()
    if (now < this.#idleSweepAt) return
    this.#idleSweepAt = now + this.#idleSweepEveryMs
    for (const session of this.#byId.values()) {
      const limit = session.table?.idleTimeoutMs ?? 0
      if (session.step === 'relaying' && idleMs(session, now) >= limit && limit > 0)
        session.close('idle')
    }
  }

  kill(id: number): boolean {
    const session = this.#byId.get(id)
    session?.close('killed')
    return session !== undefined
  }

  closeAll(reason: CloseReason): number {
    const { count } = this
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

  behind(localAddress: string): Behind | undefined {
    const session = this.#byLocalAddress?.get(localAddress)
    if (session === undefined) return undefined
    const { id, listener, slot } = session
    return {
      client: clientOf(session),
      service: listener.table.service,
      host: slot?.host.name ?? '',
      session: id,
    }
  }

  watch(session: Session): void {
    this.#watched.add(session)
  }

  unwatch(session: Session): void {
    this.#watched.delete(session)
  }

  connected(session: Session): void {
    const host = session.slot?.host
    if (host === undefined) return
    host.counters.total += 1
    session.listener.table.counters.total += 1
    if (host.suspect) this.#events.hostAnswered(host.id)
    if (this.#byLocalAddress === undefined) return
    session.localAddress = localAddressOf(session)
    this.#byLocalAddress.set(session.localAddress, session)
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
    const host = session.connectedAt === 0 ? undefined : session.slot?.host
    if (host !== undefined) {
      host.counters.bytesFromClient += bytesFromClient
      host.counters.bytesFromHost += bytesFromHost
    }
    this.#byId.delete(session.id)
    this.#byLocalAddress?.delete(session.localAddress)
    if (session.listener.route.table?.accessLog === true) this.#report(session, reason)
    if (this.count === 0) for (const wake of this.#onEmpty) wake()
  }

  #report(session: Session, reason: CloseReason): void {
    const now = performance.now()
    const { acceptedAt, connectedAt } = session
    this.#events.sessionClosed({
      ...identityOf(session),
      connectMs: connectedAt === 0 ? -1 : round(connectedAt - acceptedAt),
      durationMs: round(now - acceptedAt),
      attempts: session.attempts,
      reason,
    })
  }
}

// Bytes that moved since the last look make the session busy as of now.
function idleMs(session: Session, now: number): number {
  const bytes = session.client.bytesRead + session.bytesFromHost
  if (bytes !== session.bytesSeen) {
    session.bytesSeen = bytes
    session.movedAt = now
  }
  return now - session.movedAt
}

function viewOf(session: Session, now: number): SessionView {
  const since = Math.round(performance.timeOrigin + session.acceptedAt)
  const step = session.step === 'closed' ? 'relaying' : session.step
  return { ...identityOf(session), step, since, idleMs: Math.round(idleMs(session, now)) }
}

function identityOf(session: Session) {
  const { id, listener, slot, table, bytesFromClient, bytesFromHost } = session
  const { service, address } = listener.table
  const client = clientOf(session)
  const group = table?.group ?? ''
  const host = slot?.host.name ?? ''
  return { id, service, listener: address, group, host, client, bytesFromClient, bytesFromHost }
}

function clientOf({ clientEnd }: Session): string {
  return clientEnd === undefined
    ? ''
    : formatAddress({ kind: 'tcp', host: clientEnd.ip, port: clientEnd.port })
}

function localAddressOf({ host }: Session): string {
  const { localAddress, localPort } = host ?? {}
  if (localAddress === undefined || localPort === undefined) return ''
  return formatAddress({ kind: 'tcp', host: localAddress, port: localPort })
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
