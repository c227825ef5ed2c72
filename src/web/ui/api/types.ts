// What the server answers, as far as the page reads it: the rows of the `show` commands, and the events.
import type { ProblemFields } from './problem.ts'
import type { CHECK_TYPES, HEALTHS, INTENTS, ROLES } from './words.ts'

export type Role = (typeof ROLES)[number]
export type Intent = (typeof INTENTS)[number]
export type Health = (typeof HEALTHS)[number]

/** What is known before anybody logged in. */
export interface Door {
  readonly loggedIn: boolean
  /** Not encrypted, and reachable from afar. */
  readonly insecure: boolean
}

export interface Me {
  readonly operator: string
  readonly role: Role
  readonly login: number
  readonly csrf: string
  readonly version: string
  /** Not encrypted, and reachable from afar. */
  readonly insecure: boolean
  readonly secure: boolean
  /** I have edits that are not in effect. */
  readonly candidate: boolean
}

export interface ServiceRow {
  readonly path: string
  readonly name: string
  readonly mode: string
  readonly listeners: readonly string[]
  /** Where they really are, in the same order; '' for one that is not open. */
  readonly bound: readonly string[]
  readonly groups: readonly string[]
  readonly enabledGroup: string
  readonly ready: number
  /** Of the group that serves. */
  readonly hosts: number
  readonly panic: boolean
  readonly pausedUntil: string | null
  readonly open: number
  readonly total: number
  readonly failed: number
  readonly accessLog: boolean
  readonly engine: string
}

export interface ListenerRow {
  readonly path: string
  readonly service: string
  readonly address: string
  readonly bound: string
  readonly state: string
  readonly open: number
  readonly total: number
  readonly failed: number
  readonly maxSessions: number
  readonly proxy: string
  readonly allow: readonly string[] | string
  readonly deny: readonly string[] | string
}

export interface RebalanceRow {
  readonly most: number
  readonly ended: number
  readonly until: string
}

export interface GroupRow {
  readonly path: string
  readonly service: string
  readonly name: string
  readonly enabled: boolean
  readonly scheduler: string
  readonly ask: string
  readonly ready: number
  readonly panic: boolean
  readonly open: number
  readonly waiting: number
  readonly rebalance: RebalanceRow | null
  readonly hosts: readonly unknown[]
  /** The first is check 1. */
  readonly checks: readonly CheckValues[]
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly retries: number
  readonly maxFails: number
  readonly maxSessions: number
  readonly queue: number
  readonly queueTimeoutMs: number
  readonly proxy: string
}

export interface HostRow {
  readonly path: string
  readonly service: string
  readonly group: string
  readonly name: string
  readonly address: string
  readonly weight: number
  readonly intent: Intent
  readonly health: Health
  readonly healthReason: string
  readonly healthSince: string | null
  readonly ready: boolean
  /** Why it gets no new session; '' where it is ready. */
  readonly reason: string
  readonly open: number
  readonly total: number
  readonly failed: number
  readonly maxSessions: number
}

/** A check of a group as it is set up. */
export interface CheckValues {
  readonly type: (typeof CHECK_TYPES)[number]
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly rise: number
  readonly fall: number
  readonly path: string
  readonly status: string
  readonly match: string
  readonly command: string
}

/** How the looks of one check at one host went. */
export interface CheckRow {
  readonly path: string
  readonly check: string
  readonly health: Health
  readonly good: number
  readonly bad: number
  readonly rise: number
  readonly fall: number
  /** One sign for each look, oldest first: + good, - bad, ? could not look. */
  readonly results: string
  readonly lastAt: string | null
  readonly tookMs: number | null
  readonly nextMs: number | null
  readonly reason: string
}

export interface SessionRow {
  readonly id: number
  readonly service: string
  readonly listener: string
  readonly group: string
  readonly host: string
  readonly client: string
  readonly step: string
  readonly since: string
  readonly idleMs: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}

/** What every changing command answers. */
export interface Done {
  readonly done: string
  readonly path: string
  readonly field: string | null
  readonly before: unknown
  readonly after: unknown
  readonly message: string
  /** It was done to my candidate, and is not in effect. */
  readonly candidate?: boolean
}

export interface Trial<Result> {
  readonly dryRun: true
  readonly result: Result
  readonly changes?: readonly unknown[]
}

export interface CommandRow {
  /** `drain-host` */
  readonly name: string
  readonly words: readonly string[] | string
  readonly role: Role
  readonly summary: string
  readonly edits: boolean
  readonly usage?: string
}

export interface Job {
  readonly job: string
  readonly state: 'running' | 'done' | 'failed'
  readonly line?: string
  readonly operator?: string
  readonly since?: string
  readonly notes: readonly string[]
  readonly result?: unknown
  readonly problem?: ProblemFields
}

export interface HelloEvent {
  readonly time: string
  readonly operator: string
  readonly role: Role
  readonly version: string
}

export interface ChangeEvent {
  readonly number: number
  readonly time: string
  readonly origin: string
  readonly act: number
  readonly action: 'add' | 'remove' | 'set'
  readonly path: string
  readonly field: string | null
  readonly from: unknown
  readonly to: unknown
  readonly lost?: number
}

export interface ServiceTraffic {
  readonly open: number
  readonly waiting: number
  readonly sessionsPerSecond: number
  readonly bytesFromClientPerSecond: number
  readonly bytesFromHostPerSecond: number
  readonly failedPerSecond: number
}

export interface TrafficEvent {
  readonly time: string | number
  readonly sessions: number
  readonly waiting: number
  readonly services: Readonly<Record<string, ServiceTraffic>>
}

/** open, total, failed, sessions per second, bytes per second from its clients and from it. */
export type HostFigures = readonly [
  open: number,
  total: number,
  failed: number,
  sessionsPerSecond: number,
  bytesFromClientPerSecond: number,
  bytesFromHostPerSecond: number,
]

export interface HostsEvent {
  readonly service: string
  /** By the path below the service: `main/a`. */
  readonly hosts: Readonly<Record<string, HostFigures>>
}

export interface LogEvent {
  readonly time: string
  readonly level: string
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly lost?: number
}

export interface AuditEvent {
  readonly line: Readonly<Record<string, unknown>>
  readonly lost?: number
}

/** A commit that takes itself back unless it is confirmed in time. */
export interface PendingCommit {
  readonly operator?: string
  readonly comment?: string
  readonly confirmBefore?: string
  readonly [more: string]: unknown
}

export interface ConfigEvent {
  /** Why what runs is not in the file; null where it is. */
  readonly unsaved: string | null
  readonly revision: number | null
  readonly conflicts: number
  readonly pending: PendingCommit | null
}

export interface EventMap {
  readonly hello: HelloEvent
  readonly change: ChangeEvent
  readonly traffic: TrafficEvent
  readonly hosts: HostsEvent
  readonly log: LogEvent
  readonly audit: AuditEvent
  readonly say: { readonly text: string }
  readonly config: ConfigEvent
  readonly bye: { readonly reason: string }
  /** Something may have been missed: everything is to be read again. Also made here, after a lost connection. */
  readonly reset: { readonly reason?: string }
}
