// One session as people and scripts see it: what engines tell and `show sessions` lists.

export type SessionStep = 'header' | 'choosing' | 'held' | 'queued' | 'connecting' | 'relaying'

export interface SessionView {
  readonly id: number
  readonly service: string
  readonly listener: string
  readonly group: string
  /** '' while no host was chosen. */
  readonly host: string
  /** Address and port of the client; '' on a Unix socket. */
  readonly client: string
  readonly step: SessionStep
  /** When it was accepted, in milliseconds since 1970. */
  readonly since: number
  readonly idleMs: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}

/** A session that ended, as engines tell it. */
export interface ClosedSessionView {
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
  /** Hosts that were tried. */
  readonly attempts: number
  /** One of CLOSE_REASONS in base/close-reasons.ts. */
  readonly reason: string
}

/** A session that never reached a host: what was to be had when it ended. */
export interface RefusedSessionView extends ClosedSessionView {
  /** When it ended, in milliseconds since 1970. */
  readonly time: number
  /** Hosts of the group that served, and how many of them were ready. */
  readonly hosts: number
  readonly ready: number
  /** Other hosts that might be tried for one client. */
  readonly retries: number
  /** Clients that waited, and how many might. */
  readonly waiting: number
  readonly queue: number
  readonly queueTimeoutMs: number
  /** Sessions of the listener, this one included, and how many might be; 0 sets no limit. */
  readonly listenerOpen: number
  readonly listenerMax: number
}

/** All that an engine knows of one open session. */
export interface SessionDetail extends SessionView {
  /** Hosts that it was given so far, the present one included. */
  readonly attempts: number
  /** Names of hosts that did not accept it; '' for one that is no longer there. */
  readonly tried: readonly string[]
  /** Other hosts that may be tried for it. */
  readonly retries: number
  /** From accept to a connected host, in milliseconds; -1 where none is reached yet. */
  readonly connectMs: number
  /** Time left for its present step, in milliseconds; null where the step has no deadline. */
  readonly leftMs: number | null
  /** 0 never closes it for being idle. */
  readonly idleTimeoutMs: number
}
