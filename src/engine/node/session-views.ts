// One session of the node engine as people and scripts see it: while it is open, when it has ended, and when it never
// reached a host. Reads; whoever lists and counts sessions calls it.
import { formatAddress } from '../../base/address.ts'
import type { CloseReason } from '../../base/close-reasons.ts'
import type { SessionDetail, SessionView } from '../../model/session-view.ts'
import type { ClosedSession, RefusedSession } from '../contract.ts'
import type { Session } from './session.ts'

// Bytes that moved since the last look make the session busy as of now.
export function idleMsOf(session: Session, now: number): number {
  const bytes = session.client.bytesRead + session.bytesFromHost
  if (bytes !== session.bytesSeen) {
    session.bytesSeen = bytes
    session.movedAt = now
  }
  return now - session.movedAt
}

export function viewOf(session: Session, now: number): SessionView {
  const since = Math.round(performance.timeOrigin + session.acceptedAt)
  const step = session.step === 'closed' ? 'relaying' : session.step
  const of = identityOf(session)
  const idleMs = Math.round(idleMsOf(session, now))
  // Member by member: there may be ten thousand of them to look through, and a spread costs as much as all else.
  return {
    id: of.id,
    service: of.service,
    listener: of.listener,
    group: of.group,
    host: of.host,
    client: of.client,
    bytesFromClient: of.bytesFromClient,
    bytesFromHost: of.bytesFromHost,
    step,
    since,
    idleMs,
  }
}

/** @param waits has its present step a deadline? */
export function detailOf(session: Session, now: number, waits: boolean): SessionDetail {
  const { listener, terms, attempts, tried, deadline } = session
  const hosts = listener.route.table?.hosts ?? []
  const nameOf = (id: number) => hosts.find((host) => host.id === id)?.name ?? ''
  return {
    ...viewOf(session, now),
    attempts,
    tried: Array.from(tried ?? [], nameOf),
    retries: terms?.retries ?? 0,
    connectMs: connectMsOf(session),
    leftMs: waits ? Math.max(0, Math.round(deadline - now)) : null,
    idleTimeoutMs: terms?.idleTimeoutMs ?? 0,
  }
}

export function closedViewOf(session: Session, reason: CloseReason): ClosedSession {
  const durationMs = round(performance.now() - session.acceptedAt)
  const { attempts } = session
  return { ...identityOf(session), connectMs: connectMsOf(session), durationMs, attempts, reason }
}

/** What was to be had for a session that ends without a host. Its counters are settled by now. */
export function refusedViewOf(session: Session, reason: CloseReason): RefusedSession {
  const { route, table: listener } = session.listener
  const { retries = 0, queue = 0, queueTimeoutMs = 0, hold = 0 } = route.table ?? {}
  return {
    ...closedViewOf(session, reason),
    group: route.table?.group ?? '',
    time: Date.now(),
    hosts: route.slots.length,
    ready: route.readyCount,
    retries,
    waiting: route.queue.length + route.hold.length,
    queue: route.hold.paused ? hold : queue,
    queueTimeoutMs,
    listenerOpen: listener.counters.open + 1,
    listenerMax: listener.maxSessions,
  }
}

function identityOf(session: Session) {
  const { id, listener, slot, terms, bytesFromClient, bytesFromHost } = session
  const { service, address } = listener.table
  const client = clientOf(session)
  const group = terms?.load.group ?? ''
  const host = slot?.host.name ?? ''
  return { id, service, listener: address, group, host, client, bytesFromClient, bytesFromHost }
}

export function clientOf({ clientEnd }: Session): string {
  return clientEnd === undefined
    ? ''
    : formatAddress({ kind: 'tcp', host: clientEnd.ip, port: clientEnd.port })
}

/** Where the session is connected to, in our way of writing; '' for a Unix socket. */
export function targetOf({ slot }: Session): string {
  const target = slot?.host.target
  if (target === undefined || 'path' in target) return ''
  return formatAddress({ kind: 'tcp', host: target.host, port: target.port })
}

export function localAddressOf({ host }: Session): string {
  const { localAddress, localPort } = host ?? {}
  if (localAddress === undefined || localPort === undefined) return ''
  return formatAddress({ kind: 'tcp', host: localAddress, port: localPort })
}

function connectMsOf({ connectedAt, acceptedAt }: Session): number {
  return connectedAt === 0 ? -1 : round(connectedAt - acceptedAt)
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
