// What an engine is: it owns the listening and the session sockets, carries out routing tables and reports
// what happened. It decides nothing; what to do comes as tables, what happened goes out as events.
import type { ErrorCode } from '../base/errors.ts'
import type { SessionView } from '../model/session-view.ts'
import type { ListenerTable, RoutingTable } from './table.ts'

/** Every way a session can end; one of them, once. Kept in step with docs/errors.md by a test. */
export const CLOSE_REASONS = {
  done: 'both sides ended, everything was delivered',
  'client-reset': 'the client reset the connection',
  'host-reset': 'the host reset the connection',
  'client-gone': 'the client left before a host was reached',
  denied: 'by allow and deny of the listener',
  'listener-full': 'the listener is at its session limit',
  'proxy-header': 'the PROXY header was missing, wrong or late',
  'no-host': 'no host is ready, or the service has no group',
  'connect-failed': 'every host that may be tried was, and none accepted',
  'queue-full': 'no host had room and the queue is full',
  'queue-timeout': 'no host had room in time',
  idle: 'no byte moved for the idle time-out',
  killed: 'by an operator',
  stopped: 'the process stopped and the session did not finish in time',
} as const
export type CloseReason = keyof typeof CLOSE_REASONS

/** What the control plane is told. All of it happens on the thread of the control plane. */
export interface EngineEvents {
  /** A host did not accept. Comes before the client is carried to the next one. */
  hostFailed(failure: HostFailure): void
  /** A suspect host accepted. */
  hostAnswered(hostId: number): void
  /** A session ended; only for services whose table asks for it. */
  sessionClosed(session: ClosedSession): void
  /** A listening socket broke by itself. */
  listenerFailed(listenerId: number, reason: string): void
  /** A fault of the engine itself; it goes on. */
  unexpected(error: unknown): void
}

export interface HostFailure {
  readonly hostId: number
  readonly code: ErrorCode
  /** For people: `connection refused`. */
  readonly reason: string
}

export interface ClosedSession {
  readonly id: number
  readonly service: string
  readonly listener: string
  readonly group: string
  readonly host: string
  readonly client: string
  readonly bytesFromClient: number
  readonly bytesFromHost: number
  /** From accept to a connected host, in milliseconds; -1 where none was reached. */
  readonly connectMs: number
  readonly durationMs: number
  readonly attempts: number
  readonly reason: CloseReason
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

  /** Open sessions, oldest first, at most `limit` after the one with id `after`. */
  sessions(options?: { readonly after?: number; readonly limit?: number }): readonly SessionView[]

  /** How many sessions there are. */
  readonly sessionCount: number

  /** End one session at once. @returns whether it was there */
  killSession(id: number): boolean

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
