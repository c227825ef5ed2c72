// What commands may touch: the live graph, and a few things of the running process behind one interface.
// The composition root supplies it; commands never see an engine, a file or a socket.
import type { LogLine } from '../base/log.ts'
import type { Balancer } from '../model/balancer.ts'
import type { OperatorRole } from '../model/fields.ts'
import type { SessionView } from '../model/session-view.ts'

export interface DocumentState {
  /** Path of the configuration file; '' where there is none. */
  readonly file: string
  /** The text that the file has or would have after a save. */
  readonly running: string
  /** The text that was last read or written. */
  readonly stored: string
  /** Why running changes are not in the file yet; undefined where they are. */
  readonly unsaved: string | undefined
}

/** The running process as commands see it. */
export interface Process {
  readonly version: string
  readonly engine: { readonly name: string; readonly reason: string }
  readonly startedAt: number
  readonly balancer: Balancer
  sessions(options: { readonly after: number; readonly limit: number }): readonly SessionView[]
  readonly sessionCount: number
  logLines(): readonly LogLine[]
  document(): DocumentState
  /** Write the running configuration to the file now. @throws BalancerError CONFIG_CONFLICT, FILE_UNWRITABLE */
  save(options: {
    readonly force: boolean
  }): Promise<{ readonly written: boolean; readonly file: string }>
  /** Begin a graceful stop; returns at once. */
  stop(): void
}

/** Who runs a command, and how it can be ended. */
export interface CommandContext {
  readonly process: Process
  readonly operator: string
  readonly role: OperatorRole
  /** Aborted when the operator leaves or interrupts. */
  readonly signal: AbortSignal
  /** Columns of the operator's terminal; 0 where there is none. */
  readonly columns: number
}
