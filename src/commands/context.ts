// What commands may touch: the live graph, and a few things of the running process behind one interface.
// The composition root supplies it; commands never see an engine, a file or a socket.
import type { Audit, AuditLine } from '../audit/line.ts'
import type { LogLine } from '../base/log.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Change } from '../model/change.ts'
import type { EngineException, EngineThreadView } from '../model/engine-view.ts'
import type { OperatorRole } from '../model/fields.ts'
import type { Group } from '../model/group.ts'
import type { Host } from '../model/host.ts'
import type { Journal } from '../model/journal.ts'
import type { CheckView, HostLook } from '../model/check-view.ts'
import type { PickView } from '../model/pick-view.ts'
import type { ServiceFigures } from '../model/service-figures.ts'
import type {
  ClosedSessionView,
  RefusedSessionView,
  SessionDetail,
  SessionView,
} from '../model/session-view.ts'
import type { PermitUsers } from '../model/snapshot.ts'
import type { Target } from '../model/target.ts'
import type {
  AppliedDocument,
  Candidates,
  Confirmations,
  Conflicts,
  DifferenceView,
  DocumentState,
  History,
} from './documents.ts'
import type { Outcome } from './outcome.ts'
import type { Screen } from './screen/screen.ts'

/** A key by which operators recognise this machine. */
export interface HostKeyView {
  /** `ED25519`, `RSA`, `ECDSA`, as `ssh-keygen -l` says it. */
  readonly algorithm: string
  readonly bits: number
  /** `SHA256:…` */
  readonly fingerprint: string
  readonly file: string
}

/** One line as in an authorized_keys file. */
export interface KeyView {
  /** `ssh-ed25519` */
  readonly type: string
  readonly bits: number
  /** `SHA256:…` */
  readonly fingerprint: string
  /** `restrict,from="10.0.0.0/8"`; '' where there are none. */
  readonly options: string
  readonly comment: string
}

/** One login of an operator. */
export interface OperatorView {
  /** Counts up over the life of the process. */
  readonly id: number
  readonly operator: string
  readonly role: OperatorRole
  readonly address: string
  /** `key SHA256:…`, `password`, `certificate …` */
  readonly how: string
  /** What is open on the connection: `prompt`, `exec`, `sftp` …, in the order of opening. */
  readonly channels: readonly string[]
  /** Milliseconds since 1970. */
  readonly since: number
  /** Last key or request, in milliseconds since 1970. */
  readonly active: number
}

/** Everybody who is logged in. */
export interface Operators {
  list(): readonly OperatorView[]
  /** Show a line to every open prompt but those of `except`. @returns how many saw it */
  say(text: string, except?: number): number
  /** The same, to the open prompts of one operator. */
  tell(operator: string, text: string, except?: number): number
  /** End a login, with a reason that the operator sees. @returns false where there is none with that number */
  logout(id: number, reason: string): boolean
}

/** How much of a group a rebalance may end. */
export interface RebalancePlan {
  /** Part of the open sessions of the group, above 0 up to 1. */
  readonly share: number
  /** Spread evenly over this time, in milliseconds; 0 ends them at once. */
  readonly overMs: number
}

export interface RebalanceView {
  /** Sessions that are ended at most; 0 where no host has more than its share. */
  readonly most: number
  readonly ended: number
  /** When the last of them is ended, in milliseconds since 1970. */
  readonly until: number
}

/** What ends idle sessions so that their clients come back to hosts with fewer; one at a time for each group. */
export interface Rebalances {
  /** The one under way. */
  of(group: Group): RebalanceView | undefined
  /** Begin one, in place of the one under way; returns at once. */
  begin(group: Group, plan: RebalancePlan): RebalanceView
  /** End the one under way. @returns how far it was; undefined where there was none */
  end(group: Group): RebalanceView | undefined
}

/** The engine that carries the traffic, and why it is this one. */
export interface EngineView {
  readonly name: string
  readonly reason: string
  /** None where it works on the thread of the control plane. */
  readonly threads: readonly EngineThreadView[]
  readonly exceptions: readonly EngineException[]
  /** Reports of it that were dropped because the control plane was busy; traffic and counters are not touched. */
  readonly eventsLost: number
}

/** What the process takes of the machine. */
export interface UsageView {
  readonly pid: number
  /** 0 where the system does not say. */
  readonly threads: number
  /** Memory in use, in bytes. */
  readonly rssBytes: number
  /** How late the event loop is, the worst of 99 in 100 looks of the last minutes, in milliseconds. */
  readonly loopDelayP99Ms: number
}

/** What taking the file over came to. */
export interface ReloadResult {
  /** Path of the configuration file. */
  readonly file: string
  /** False where its text is the one that is known already. */
  readonly edited: boolean
  /** Differences that were applied. */
  readonly applied: number
  /** Values that both sides changed to something else, and that stay as they are on each. */
  readonly conflicts: number
  /** Was anything that was changed live written to it? */
  readonly written: boolean
}

/** What `tail` can follow, and what each tells. */
export interface Feeds {
  readonly log: LogLine
  readonly audit: AuditLine
  readonly changes: Change
  /** Sessions, as they end. */
  readonly sessions: ClosedSessionView
}

/** The running process as commands see it. */
export interface Process {
  readonly version: string
  readonly engine: EngineView
  readonly startedAt: number
  readonly balancer: Balancer
  /** What was done lately, for `undo`. */
  readonly journal: Journal
  readonly hostKeys: readonly HostKeyView[]
  readonly operators: Operators
  /**
   * A one-time address by which this operator gets to the page, logged in; undefined where there is no page.
   * @throws BalancerError NOT_FOUND where nobody of that name may log in
   */
  webLink(operator: string): string | undefined
  /** What a line as in an authorized_keys file says, or why it would let nobody in. */
  keyOf(line: string): KeyView | string
  readonly audit: Audit
  sessions(options: { readonly after: number; readonly limit: number }): readonly SessionView[]
  readonly sessionCount: number
  /** End these sessions at once. @returns how many were there */
  killSessions(ids: readonly number[]): number
  readonly rebalances: Rebalances
  /** The last sessions that never reached a host, oldest first. */
  refusals(): readonly RefusedSessionView[]
  /** All that is known of one open session. */
  session(id: number): SessionDetail | undefined
  /** Who would be next, and why, without moving anything; undefined while the service has no group. */
  explainPick(service: string, clientIp?: string): PickView | undefined
  /** How the sessions of a service ended and how long they took; undefined while no engine serves it. */
  figuresOf(service: string): ServiceFigures | undefined
  /** Where a host is reached; undefined while its name has no address. */
  targetOf(host: Host): Target | undefined
  /** The looks that are taken at a host, with their last results. */
  checksOf(host: Host): readonly CheckView[]
  usage(): UsageView
  /** Be told of everything new from now on. @returns stops it */
  follow<Name extends keyof Feeds>(feed: Name, listener: (item: Feeds[Name]) => void): () => void
  /** Look at a host now, whatever the timers say: that look decides its health. @throws BalancerError REFUSED, VALUE_BAD */
  retryHost(host: Host): Promise<HostLook>
  logLines(): readonly LogLine[]
  document(): DocumentState
  /** The text that the file would have if it said what a copy of the live objects does. */
  textOf(balancer: Balancer): string
  /** What a document would change, and nothing done. @throws BalancerError CONFIG_BAD with every fault */
  compare(document: string | Uint8Array): readonly DifferenceView[]
  /**
   * Make the running system what a document says, all or nothing, and the document the file.
   *
   * @throws BalancerError CONFIG_BAD, CONFIG_CONFLICT, FILE_UNREADABLE, PORT_TAKEN, PORT_DENIED; what `permit` throws
   */
  apply(document: string | Uint8Array, permit?: PermitUsers): Promise<AppliedDocument>
  readonly conflicts: Conflicts
  readonly history: History
  readonly candidates: Candidates
  readonly confirmations: Confirmations
  /** Write the running configuration to the file now. @throws BalancerError CONFIG_CONFLICT, FILE_UNWRITABLE */
  save(options: {
    readonly force: boolean
    readonly comment: string
  }): Promise<Omit<AppliedDocument, 'differences'>>
  /** Take edits of the file over now, and open the log anew: what SIGHUP does. @throws BalancerError with the reason */
  reload(): Promise<ReloadResult>
  /** Begin a graceful stop; returns at once. */
  stop(): void
  /** A copy of what this operator edits: of the own candidate where there is one, else of what runs. */
  trial(operator: string): Promise<Trial>
  /** The same process with other objects in place of those that run: what an edit of a candidate is given. */
  actingOn(objects: Pick<Process, 'balancer' | 'journal'>): Process
}

/** A copy of the live objects on which an operator tries what edits would do. */
export interface Trial extends Pick<Process, 'balancer' | 'journal'> {
  /** What was edited so far, in order, without secrets. */
  readonly changes: readonly Change[]
}

/** Who runs a command, how it can be ended, and where its answer goes piece by piece. */
export interface CommandContext {
  readonly process: Process
  readonly operator: string
  readonly role: OperatorRole
  /** Number of the login; 0 where there is none. */
  readonly login: number
  /** Where the operator is: an IP address; '' inside the process. */
  readonly address: string
  /** Fingerprint of the key of the login; '' where there was none. */
  readonly key: string
  /** Aborted when the operator leaves or interrupts. */
  readonly signal: AbortSignal
  /** A program asks: answers and refusals are JSON, whatever was typed. */
  readonly json?: boolean
  /** What the command acts on instead of what runs: nothing of it comes into effect. */
  readonly trial?: Trial | undefined
  /** Called when all that was typed is understood and allowed, right before it is done. @throws to keep it from being done */
  readonly before?: (() => void) | undefined
  /** Columns of the operator's terminal; 0 where there is none. */
  readonly columns: number
  /** Standard output while the command runs. Resolves when a slow reader has room again, or has left. */
  readonly print: (text: string) => Promise<void>
  /** Standard error while the command runs: progress and notes for people. */
  readonly note: (text: string) => Promise<void>
  /** What came along on standard input; undefined where nothing can (a line typed at a prompt). */
  readonly input: AsyncIterable<Buffer> | undefined
  /** The operator's terminal for commands that fill it; undefined where there is none. */
  readonly screen: Screen | undefined
}

/** What a command gets: besides who runs it, a way to run other lines for the same operator. */
export interface RunContext extends CommandContext {
  /** The objects are those of the operator's candidate: what is done to them is not in effect. */
  readonly onCandidate: boolean
  /** Run another line through the table, roles and audit included. Never throws. */
  readonly runLine: (line: string, context: CommandContext) => Promise<Outcome>
  /** What a line asks for; no object is looked up yet. @throws BalancerError NOT_UNDERSTOOD, NOT_ALLOWED */
  readonly readLine: (line: string, context: CommandContext) => AskedLine
}

/** What a line asks for, as far as it can be told without running it. */
export interface AskedLine {
  /** Those of the command: `drain`, `host`. */
  readonly words: readonly string[]
  readonly role: OperatorRole
  /** It changes nothing, whatever role it needs. */
  readonly looks: boolean
  /** The words behind those of the command. */
  readonly rest: readonly string[]
  /** It goes on until the operator leaves. */
  readonly endless: boolean
}
