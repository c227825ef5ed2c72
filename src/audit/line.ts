// What the audit log says: one line for each thing that was done, tried or refused, and what the rest of the house
// knows of the log. Its file is not known here.

/** What happened. */
export const AUDIT_EVENTS = [
  /** The process runs, or ends in good order. */
  'start',
  'stop',
  'login',
  'login refused',
  'logout',
  /** A command that may change something, before it runs. */
  'command',
  /** How it ended. */
  'result',
  /** A command, or another request, that was not allowed. */
  'refused',
  'javascript',
  'change',
  'file',
  'tunnel',
  /** A commit that was not confirmed in time, or made traffic worse, is taken back; or that failed, and is tried again. */
  'commit undone',
  'commit not undone',
  /** The first line of each file. */
  'opened',
  /** Something was not written, and nothing else is wrong: a crash in the middle of a line, a full disk. */
  'recovered',
  /** What was found is not what was written last: somebody else had the file. */
  'broken',
] as const
export type AuditEvent = (typeof AUDIT_EVENTS)[number]

/** Who, and from where. Absent for what no operator did. */
export interface AuditActor {
  readonly operator?: string
  readonly login?: number
  readonly address?: string
  /** Fingerprint of the key that let the operator in. */
  readonly key?: string
}

export interface AuditFacts extends AuditActor {
  readonly event: AuditEvent
  /** Who caused a change: `ssh:alice`, `file`. */
  readonly origin?: string
  /** What was typed. Secrets are blanked when it is written. */
  readonly line?: string
  /** Path of the object that was changed, or of the file that was read or written. */
  readonly path?: string
  readonly field?: string
  readonly action?: string
  readonly before?: unknown
  readonly after?: unknown
  readonly exit?: number
  /** Why it was refused, or how it ended. */
  readonly reason?: string
  /** Of `opened`: the hash that the chain goes on from. */
  readonly previous?: string
  /** Of `recovered` and `broken`: SHA-256 of the piece of a line in front of this one. */
  readonly torn?: string
}

export interface AuditLine extends AuditFacts {
  /** Counts up over the life of the log, across its files. */
  readonly number: number
  /** ISO 8601, in UTC. */
  readonly time: string
  /** SHA-256 over the hash of the line before and this line. */
  readonly hash: string
}

export interface AuditVerdict {
  /** Nothing is wrong, as far as can be told. */
  readonly whole: boolean
  /** Lines that were looked at. */
  readonly lines: number
  /** From the oldest to the one that is being written. */
  readonly files: readonly string[]
  /** Number and hash of the last line; null where there is none. */
  readonly last: { readonly number: number; readonly hash: string } | null
  /** What is wrong, each with file and line. */
  readonly faults: readonly string[]
  /** What is worth knowing and no fault: what Sluice itself could not write at the time. */
  readonly notes: readonly string[]
}

/** The audit log; written before anything it tells of is answered. */
export interface Audit {
  /** @throws BalancerError AUDIT_UNWRITABLE; then what was to be noted must not happen */
  note(facts: AuditFacts): void
  /** Why it cannot be written; undefined where it can. */
  readonly unwritable: string | undefined
  /** The newest lines that are kept in memory, oldest first. */
  lines(): readonly AuditLine[]
  /** Be told of every line from now on. @returns stops it */
  follow(tell: (line: AuditLine) => void): () => void
  /** Recompute the chain of the files. */
  verify(): Promise<AuditVerdict>
}

/** Note what has happened already, so that nothing can be refused any more. @returns whether it was written */
export function noteAfterwards(audit: Audit, facts: AuditFacts): boolean {
  try {
    audit.note(facts)
    return true
  } catch {
    // `unwritable` says so to everybody, and the log counts what was missed.
    return false
  }
}
