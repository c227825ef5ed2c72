// Sessions of the splice engine as people and scripts see them, out of packed records.
import type { CloseReason } from '../../base/close-reasons.ts'
import type { SessionDetail, SessionStep, SessionView } from '../../model/session-view.ts'
import type { ClosedSession, RefusedSession } from '../contract.ts'
import type { RoutingTable } from '../table.ts'
import type { SpliceAddon } from './addon.ts'
import type { PackedReader } from './packed.ts'

/** One session as the core tells it. Times in microseconds; -1 where there is none. */
export interface SessionRecord {
  readonly id: number
  readonly step: number
  readonly reason: number
  readonly service: string
  readonly listener: string
  readonly group: string
  readonly host: string
  readonly client: string
  readonly since: number
  readonly idle: number
  readonly connect: number
  readonly duration: number
  readonly left: number
  readonly idleTimeoutMs: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
  readonly attempts: number
  readonly retries: number
  /** Ids of hosts. */
  readonly tried: readonly number[]
}

/** The names for the numbers of the core. */
export type Names = Pick<SpliceAddon, 'closeReasons' | 'steps'>

export function readSession(from: PackedReader): SessionRecord {
  // In the order of PackSession; members are read from top to bottom.
  return {
    id: from.number(),
    step: from.number(),
    reason: from.number(),
    service: from.name(),
    listener: from.name(),
    group: from.name(),
    host: from.name(),
    client: from.text(),
    since: from.number(),
    idle: from.number(),
    connect: from.number(),
    duration: from.number(),
    left: from.number(),
    idleTimeoutMs: from.number(),
    bytesFromClient: from.number(),
    bytesFromHost: from.number(),
    attempts: from.number(),
    retries: from.number(),
    tried: from.numbers(),
  }
}

export function viewOf(session: SessionRecord, { steps }: Names): SessionView {
  const { id, service, listener, group, host, client, bytesFromClient, bytesFromHost } = session
  const step = steps[session.step] as SessionStep
  const since = Math.round(session.since / 1_000)
  const idleMs = Math.round(session.idle / 1_000)
  return {
    id,
    service,
    listener,
    group,
    host,
    client,
    step,
    since,
    idleMs,
    bytesFromClient,
    bytesFromHost,
  }
}

/** @param table that serves now */
export function detailOf(
  session: SessionRecord,
  table: RoutingTable | undefined,
  names: Names,
): SessionDetail {
  const { attempts, tried, retries, connect, left, idleTimeoutMs } = session
  const nameOf = (id: number) => table?.hosts.find((host) => host.id === id)?.name ?? ''
  return {
    ...viewOf(session, names),
    attempts,
    tried: tried.map(nameOf),
    retries,
    connectMs: tenthsOf(connect),
    leftMs: left < 0 ? null : Math.round(left / 1_000),
    idleTimeoutMs,
  }
}

export function closedViewOf(session: SessionRecord, { closeReasons }: Names): ClosedSession {
  const { id, service, listener, group, host, client } = session
  const { bytesFromClient, bytesFromHost, attempts } = session
  return {
    id,
    service,
    listener,
    group,
    host,
    client,
    bytesFromClient,
    bytesFromHost,
    connectMs: tenthsOf(session.connect),
    durationMs: tenthsOf(session.duration),
    attempts,
    reason: closeReasons[session.reason] as CloseReason,
  }
}

export function readRefused(from: PackedReader, names: Names): RefusedSession {
  const session = readSession(from)
  return {
    ...closedViewOf(session, names),
    time: Math.round((session.since + session.duration) / 1_000),
    group: from.name(),
    hosts: from.number(),
    ready: from.number(),
    retries: from.number(),
    waiting: from.number(),
    queue: from.number(),
    queueTimeoutMs: from.number(),
    listenerOpen: from.number(),
    listenerMax: from.number(),
  }
}

/** Milliseconds with one decimal. */
function tenthsOf(microseconds: number): number {
  return microseconds < 0 ? -1 : Math.round(microseconds / 100) / 10
}
