// What an engine is: it owns the listening and the session sockets, carries out routing tables and reports
// what happened. It decides nothing; what to do comes as tables, what happened goes out as events.
import type { CloseReason } from '../base/close-reasons.ts'
import type { ErrorCode } from '../base/errors.ts'
import type { EngineThreadView } from '../model/engine-view.ts'
import type { PickView } from '../model/pick-view.ts'
import type { ServiceFigures } from '../model/service-figures.ts'
import type {
  ClosedSessionView,
  RefusedSessionView,
  SessionDetail,
  SessionView,
} from '../model/session-view.ts'
import type { ListenerTable, RoutingTable } from './table.ts'

/** Why the control plane ends an open session. */
export type EndedBy = Extract<CloseReason, 'killed' | 'rebalanced'>

/** What the control plane is told. All of it happens on the thread of the control plane. */
export interface EngineEvents {
  /** A host did not accept. Comes before the client is carried to the next one. */
  hostFailed(failure: HostFailure): void
  /** A suspect host accepted. */
  hostAnswered(hostId: number): void
  /** A session ended; only for services whose table asks for it. */
  sessionClosed(session: ClosedSession): void
  /** A session ended without having reached a host. */
  sessionRefused(session: RefusedSession): void
  /** An `ask` function threw; at most once a second for each service. */
  askFailed(fault: AskFault): void
  /** A listening socket broke by itself. */
  listenerFailed(listenerId: number, reason: string): void
  /** So many reports were dropped, because the control plane was busy for long. Traffic and counters are not touched. */
  eventsLost(count: number): void
  /** A fault of the engine itself; it goes on. */
  unexpected(error: unknown): void
}

export interface HostFailure {
  readonly hostId: number
  readonly code: ErrorCode
  /** For people: `connection refused`. */
  readonly reason: string
}

/** A session that ended, with its one reason. */
export interface ClosedSession extends ClosedSessionView {
  readonly reason: CloseReason
}

/** A session that never reached a host, with its one reason. */
export interface RefusedSession extends RefusedSessionView {
  readonly reason: CloseReason
}

/** What an `ask` function threw instead of an answer. */
export interface AskFault {
  readonly service: string
  readonly group: string
  readonly error: unknown
  /** Throws that were not told since the last one. */
  readonly more: number
}

/** The real client behind a connection of ours to a host. */
export interface Behind {
  readonly client: string
  readonly service: string
  readonly host: string
  readonly session: number
}

export interface Engine {
  readonly name: 'node' | 'splice'

  /**
   * Start taking clients. @returns the address that was bound.
   * @throws BalancerError PORT_TAKEN, PORT_DENIED
   */
  openListener(listener: ListenerTable): Promise<string>

  /** New settings for an open listener; open sessions keep theirs. */
  updateListener(listener: ListenerTable): void

  /** Resolves when no new client can come in; open sessions go on. */
  closeListener(id: number): Promise<void>

  /** Serve `table.service` by this table from the next pick on. */
  setTable(table: RoutingTable): void

  /** The service has no group, or is gone: its new clients are closed as `no-host`. Open sessions go on. */
  removeTable(service: string): void

  /**
   * The service is called `to` from now on: its listeners, its open sessions, its queue and whoever would be next go
   * on. Tables and listeners that come later have the new name.
   */
  renameService(from: string, to: string): void

  /** The same for a group of a service. */
  renameGroup(service: string, from: string, to: string): void

  /** Open sessions, oldest first, at most `limit` after the one with id `after`. */
  sessions(options?: { readonly after?: number; readonly limit?: number }): readonly SessionView[]

  /** All that is known of one open session. */
  session(id: number): SessionDetail | undefined

  /**
   * Who would be next, and why, without moving anything: not for a client unless its address is given. Undefined
   * while the service has no table.
   */
  explainPick(service: string, clientIp?: string): PickView | undefined

  /**
   * How the sessions of a service ended and how long they took, whoever is told of them. It keeps its figures under another
   * name. Undefined when there is nothing to count for: no table, no listener and no open session of that name. What comes
   * back to the name after that begins at 0, and before that goes on.
   */
  figuresOf(service: string): ServiceFigures | undefined

  /** How many sessions there are. */
  readonly sessionCount: number

  /** Its own threads as they are now; none where it works on the thread of the control plane. */
  readonly threads: readonly EngineThreadView[]

  /** End one session at once, as `killed` unless another reason is given. @returns whether it was there */
  killSession(id: number, reason?: EndedBy): boolean

  /** The same for many of them, in one go. @returns how many were there */
  killSessions(ids: readonly number[], reason?: EndedBy): number

  /**
   * Who is behind our connection from this local address (`ip:port`) to a host? Needs `trackPeers`. The system may
   * use one local address towards several hosts; then the host has to say its own, too.
   */
  behind(localAddress: string, hostAddress?: string): Behind | 'ambiguous' | undefined

  /**
   * Take no new clients, let open sessions finish until the deadline, then close the rest.
   * @returns how many had to be closed
   */
  stop(deadlineMs: number): Promise<number>
}
