// The routing table: everything an engine needs to serve one service, as plain data. The control plane
// makes a new one whenever the model changed; engines swap it at once, between two picks.
import type { Counters } from '../model/counters.ts'
import type { ServiceEngine } from '../model/fields.ts'
import type { Target } from '../model/target.ts'
import type { PickRule } from '../scheduler/rule.ts'

export interface TableHost {
  /** Names the host over all tables of the process; the same host keeps its counters and cursor place. */
  readonly id: number
  readonly name: string
  /** As the operator wrote it. */
  readonly address: string
  readonly weight: number
  /** Where to connect to. Undefined while its name has no address; then it is never ready. */
  readonly target: Target | undefined
  /** May it get new sessions, its limit aside? In a panic every wanted host may. */
  readonly ready: boolean
  /** Report also when it accepts: it is down, and a client reached it as a last resort. */
  readonly suspect: boolean
  /** Sessions at once; 0 sets no limit. */
  readonly maxSessions: number
  /** Where the engine counts. Belongs to the host, not to the table. */
  readonly counters: Counters
}

export interface RoutingTable {
  readonly service: string
  /** The engine that the service asks for; heeded where its first table or listener appears. */
  readonly engine: ServiceEngine
  readonly group: string
  /** Counts up with every table of a service. */
  readonly generation: number
  readonly rule: PickRule
  /** In file order; rules name hosts by their index here. */
  readonly hosts: readonly TableHost[]
  /** Sessions of the group at once; 0 sets no limit. */
  readonly maxSessions: number
  /** Other hosts to try for one client. */
  readonly retries: number
  readonly connectTimeoutMs: number
  /** 0 never closes an idle session. */
  readonly idleTimeoutMs: number
  /** Clients that may wait for room, and how long. */
  readonly queue: number
  readonly queueTimeoutMs: number
  /** The service is paused: so many new clients are held until a table says 0. 0 holds nobody. */
  readonly hold: number
  /** PROXY protocol header to send first. */
  readonly proxy: 'none' | 'v1' | 'v2'
  /** Report every session that ended: for the log, or for somebody who follows. */
  readonly accessLog: boolean
  /** Told how many clients wait or are held, whenever that changes. */
  readonly onWaiting: (waiting: number) => void
}

/** What an engine needs to know of one listener. */
export interface ListenerTable {
  readonly id: number
  readonly service: string
  /** As in the table of its service. */
  readonly engine: ServiceEngine
  readonly address: string
  /** Sessions at once; 0 sets no limit. */
  readonly maxSessions: number
  readonly proxy: 'none' | 'require'
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly counters: Counters
}
