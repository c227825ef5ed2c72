// The running process as the command table sees it: a thin front over the core, the log, the document and who is
// logged in.
import type { Audit } from '../audit/line.ts'
import type { FileLog, LogLine } from '../base/log.ts'
import type {
  AppliedDocument,
  Candidates,
  Confirmations,
  Conflicts,
  DifferenceView,
  DocumentState,
  History,
} from '../commands/documents.ts'
import type {
  Feeds,
  HostKeyView,
  KeyView,
  Operators,
  Process,
  ReloadResult,
  Rebalances,
  Trial,
  UsageView,
} from '../commands/context.ts'
import type { ConfigSync } from '../config/keep/sync.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Host } from '../model/host.ts'
import type { Journal } from '../model/journal.ts'
import type { CheckView, HostLook } from '../model/check-view.ts'
import type { PickView } from '../model/pick-view.ts'
import type { ServiceFigures } from '../model/service-figures.ts'
import type { RefusedSessionView, SessionDetail, SessionView } from '../model/session-view.ts'
import type { Target } from '../model/target.ts'
import type { Core } from './core.ts'
import { trialOn } from './documents/trial.ts'
import { viewOf } from './documents/difference-view.ts'
import { keyViewOf } from '../ssh/access/key-view.ts'
import { VERSION } from './version.ts'

/** Where operators log in over ssh. */
export interface FrontDoor {
  readonly hostKeys: readonly HostKeyView[]
}

export interface ProcessParts {
  /** In milliseconds since 1970. */
  readonly startedAt: number
  readonly core: Core
  readonly log: FileLog
  readonly sync: ConfigSync
  readonly audit: Audit
  /** Undefined where nobody can log in over ssh. */
  readonly frontDoor: () => FrontDoor | undefined
  readonly operators: Operators
  /** A one-time address of the page for an operator; undefined where there is no page. */
  readonly webLink: (operator: string) => string | undefined
  readonly reload: () => Promise<ReloadResult>
  readonly documents: Pick<Process, 'conflicts' | 'history' | 'candidates' | 'confirmations'>
  readonly usage: () => UsageView
  /** Begin a graceful stop. */
  readonly stop: () => void
}

export class RunningProcess implements Process {
  readonly version = VERSION
  readonly #parts: ProcessParts
  readonly #objects: Pick<Process, 'balancer' | 'journal'>

  /** @param objects those that commands act on; those that run, where nothing is said */
  constructor(parts: ProcessParts, objects: Pick<Process, 'balancer' | 'journal'> = parts.core) {
    this.#parts = parts
    this.#objects = objects
  }

  get startedAt(): number {
    return this.#parts.startedAt
  }

  get engine(): Process['engine'] {
    const { chosen, eventsLost } = this.#parts.core
    const { engine, reason, exceptions } = chosen
    return {
      name: engine.name,
      reason,
      threads: engine.threads,
      exceptions: exceptions(),
      eventsLost,
    }
  }

  get balancer(): Balancer {
    return this.#objects.balancer
  }

  get journal(): Journal {
    return this.#objects.journal
  }

  get hostKeys(): readonly HostKeyView[] {
    return this.#parts.frontDoor()?.hostKeys ?? []
  }

  get operators(): Operators {
    return this.#parts.operators
  }

  webLink(operator: string): string | undefined {
    return this.#parts.webLink(operator)
  }

  keyOf(line: string): KeyView | string {
    return keyViewOf(line)
  }

  get audit(): Audit {
    return this.#parts.audit
  }

  get sessionCount(): number {
    return this.#parts.core.engine.sessionCount
  }

  sessions(options: { readonly after: number; readonly limit: number }): readonly SessionView[] {
    return this.#parts.core.engine.sessions(options)
  }

  killSessions(ids: readonly number[]): number {
    return this.#parts.core.engine.killSessions(ids)
  }

  get rebalances(): Rebalances {
    return this.#parts.core.rebalances
  }

  refusals(): readonly RefusedSessionView[] {
    return this.#parts.core.refusals()
  }

  session(id: number): SessionDetail | undefined {
    return this.#parts.core.engine.session(id)
  }

  explainPick(service: string, clientIp?: string): PickView | undefined {
    return this.#parts.core.engine.explainPick(service, clientIp)
  }

  figuresOf(service: string): ServiceFigures | undefined {
    return this.#parts.core.engine.figuresOf(service)
  }

  targetOf(host: Host): Target | undefined {
    return this.#parts.core.targetOf(host)
  }

  checksOf(host: Host): readonly CheckView[] {
    return this.#parts.core.checksOf(host)
  }

  usage(): UsageView {
    return this.#parts.usage()
  }

  follow<Name extends keyof Feeds>(feed: Name, listener: (item: Feeds[Name]) => void): () => void {
    const { core, log, audit } = this.#parts
    const follow: {
      readonly [Feed in keyof Feeds]: (listener: (item: Feeds[Feed]) => void) => () => void
    } = {
      log: (tell) => log.follow(tell),
      audit: (tell) => audit.follow(tell),
      changes: (tell) => core.balancer.follow(tell),
      sessions: (tell) => core.followSessions(tell),
    }
    return follow[feed](listener)
  }

  retryHost(host: Host): Promise<HostLook> {
    return this.#parts.core.retryHost(host)
  }

  logLines(): readonly LogLine[] {
    return this.#parts.log.lines
  }

  document(): DocumentState {
    const { sync } = this.#parts
    return {
      file: sync.file,
      stored: sync.document?.text ?? '',
      unsaved: sync.unsaved,
      readOnly: !sync.mayWrite,
      revision: sync.revision,
      // Made only for those who read it: it costs a comparison of the whole document.
      get running() {
        return sync.running.text
      },
    }
  }

  textOf(balancer: Balancer): string {
    return this.#parts.sync.documentOf(balancer.snapshot()).text
  }

  compare(document: string | Uint8Array): readonly DifferenceView[] {
    return this.#parts.sync.compare(document).map(viewOf)
  }

  async apply(...given: Parameters<Process['apply']>): Promise<AppliedDocument> {
    const { differences, ...saved } = await this.#parts.sync.apply(...given)
    return { differences: differences.map(viewOf), ...saved }
  }

  get conflicts(): Conflicts {
    return this.#parts.documents.conflicts
  }

  get history(): History {
    return this.#parts.documents.history
  }

  get candidates(): Candidates {
    return this.#parts.documents.candidates
  }

  get confirmations(): Confirmations {
    return this.#parts.documents.confirmations
  }

  save(options: Parameters<Process['save']>[0]) {
    return this.#parts.sync.save(options)
  }

  reload(): Promise<ReloadResult> {
    return this.#parts.reload()
  }

  stop(): void {
    this.#parts.stop()
  }

  trial(operator: string): Promise<Trial> {
    return trialOn(this.candidates.of(operator)?.balancer ?? this.balancer)
  }

  actingOn(objects: Pick<Process, 'balancer' | 'journal'>): Process {
    return new RunningProcess(this.#parts, objects)
  }
}
