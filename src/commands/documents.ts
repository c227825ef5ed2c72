// What commands see of documents: the file and what differs from it, conflicts, revisions, candidates, and commits that
// have to be confirmed. The composition root supplies it; nothing here reads or writes a file.
import type { Balancer } from '../model/balancer.ts'
import type { Journal } from '../model/journal.ts'
import type { PermitUsers, UserSnapshot } from '../model/snapshot.ts'

export interface DocumentState {
  /** Path of the configuration file; '' where there is none. */
  readonly file: string
  /** The text that the file has or would have after a save. */
  readonly running: string
  /** The text that was last read or written. */
  readonly stored: string
  /** Why running changes are not in the file yet; undefined where they are. */
  readonly unsaved: string | undefined
  /** The file is never written, and that is meant so. */
  readonly readOnly: boolean
  /** Number of the newest revision; 0 where none is kept. */
  readonly revision: number
}

/** One thing that a document changes. */
export interface DifferenceView {
  readonly action: 'add' | 'remove' | 'set'
  /** `service`, `listener`, `group`, `host`, `user` or `setting`. */
  readonly kind: string
  readonly path: string
  /** By its property name; null where the whole object comes or goes. */
  readonly field: string | null
  /** Secrets are `***`. */
  readonly before: unknown
  readonly after: unknown
}

/** What became of a document, a rollback or a commit. */
export interface AppliedDocument {
  readonly differences: readonly DifferenceView[]
  readonly file: string
  /** False where the file already had this text, or cannot be written: see `unsaved` of the document. */
  readonly written: boolean
  /** Number of the newest revision; 0 where none is kept. */
  readonly revision: number
}

/** A value that the file and the running system both changed, to something else. */
export interface ConflictView {
  /** `web/main/a/weight`; `web/main/a` where one side removed what the other changed. */
  readonly path: string
  readonly kind: string
  /** By its property name; null where it is about the whole thing. */
  readonly field: string | null
  /** What both last agreed on. Null: nothing is there. Secrets are `***`. */
  readonly base: unknown
  readonly file: unknown
  /** When the file was last written, in milliseconds since 1970; null where it is not there. */
  readonly fileTime: number | null
  readonly running: unknown
  /** Who made the running system what it is; null where that is forgotten. */
  readonly origin: string | null
  /** When, in milliseconds since 1970. */
  readonly time: number | null
  /** Paths of what is settled together with it, because not all of it can be had; mostly none. */
  readonly beside: readonly string[]
}

/** What the file and the running system do not agree on. */
export interface Conflicts {
  /** Where they are, as far as it is known without a look at the file. */
  readonly paths: readonly string[]
  list(): Promise<readonly ConflictView[]>
  /**
   * Settle those at these paths, or all where none is named, for one side, and save.
   *
   * @returns those that were settled
   * @throws BalancerError NOT_FOUND with those that there are, CONFIG_BAD, FILE_UNWRITABLE, PORT_TAKEN
   */
  resolve(
    paths: readonly string[],
    side: 'file' | 'running',
    permit?: PermitUsers,
  ): Promise<readonly ConflictView[]>
}

/** A document that was saved or taken over. */
export interface RevisionView {
  readonly number: number
  /** When it became the document, in milliseconds since 1970. */
  readonly time: number
  /** Whose edits it holds: `ssh:alice`, `file`. */
  readonly origins: readonly string[]
  readonly comment: string
  /** Against the one before; null where there were too many to keep. */
  readonly changes: readonly DifferenceView[] | null
  /** In bytes. */
  readonly size: number
}

/** `running`, `stored`, the number of a revision, or the path of a file (role full only; the caller has looked). */
export type DocumentName = 'running' | 'stored' | number | { readonly file: string }

/** The documents that were. */
export interface History {
  /** Newest first. @throws BalancerError FILE_UNREADABLE */
  list(): Promise<readonly RevisionView[]>
  /** @throws BalancerError NOT_FOUND, FILE_UNREADABLE */
  get(number: number): Promise<RevisionView>
  /** @throws BalancerError NOT_FOUND, FILE_UNREADABLE */
  text(name: DocumentName): Promise<string>
  /** What turns one into the other. @throws BalancerError NOT_FOUND, FILE_UNREADABLE, CONFIG_BAD */
  compare(from: DocumentName, to: DocumentName): Promise<readonly DifferenceView[]>
  /**
   * The same as lines for `batch`, with hashes of passwords and tokens.
   *
   * @throws BalancerError NOT_FOUND, FILE_UNREADABLE, CONFIG_BAD
   */
  commands(from: DocumentName, to: DocumentName): Promise<readonly string[]>
  /**
   * Make the running system what a revision says, in place, and save that as a new one.
   *
   * @throws BalancerError NOT_FOUND, CONFIG_BAD, PORT_TAKEN, PORT_DENIED; what `permit` throws
   */
  rollback(number: number, comment: string, permit?: PermitUsers): Promise<AppliedDocument>
}

/** Edits of one operator that are not in effect yet. */
export interface Candidate {
  readonly operator: string
  /** When it was opened, and last edited, in milliseconds since 1970. */
  readonly since: number
  readonly touched: number
  /** A copy of the live graph: what edit commands act on. */
  readonly balancer: Balancer
  readonly journal: Journal
  /** What a commit would change of what runs now. */
  compare(): readonly DifferenceView[]
  /** The same as lines for `batch`; with hashes of passwords and tokens. */
  commands(): readonly string[]
  /** What the candidate and somebody else both changed since; a commit refuses while there are any. */
  conflicts(): readonly CandidateConflictView[]
}

export interface CandidateConflictView {
  /** `web/main/a/weight`; `web/main/a` where one side removed what the other changed. */
  readonly path: string
  readonly kind: string
  /** By its property name; null where it is about the whole thing. */
  readonly field: string | null
  /** What ran when the candidate was opened. Null: nothing is there. Secrets are `***`. */
  readonly base: unknown
  readonly candidate: unknown
  readonly running: unknown
}

export interface CommitOptions {
  readonly comment: string
  /** Undo it unless it is confirmed within this time, in milliseconds; undefined asks for no confirmation. */
  readonly confirmMs: number | undefined
  /** Undo it at once when traffic gets clearly worse. Only with `confirmMs`. */
  readonly watchTraffic: boolean
  /** Asked before anything is done. @throws BalancerError why this may not be put in effect */
  readonly permit: (differences: readonly DifferenceView[], users: readonly UserSnapshot[]) => void
}

export interface CommittedView extends AppliedDocument {
  /** Until when it has to be confirmed, in milliseconds since 1970; null where it need not be. */
  readonly confirmBefore: number | null
}

/** The candidates of all operators. */
export interface Candidates {
  list(): readonly Candidate[]
  of(operator: string): Candidate | undefined
  /** @throws BalancerError REFUSED where there is one already, or too many */
  begin(operator: string): Promise<Candidate>
  /**
   * Take what runs now as the base of the one that is open. What it changed stays changed, also where what runs was
   * changed meanwhile; everything else is as it runs.
   *
   * @throws BalancerError REFUSED where there is none, or it is being committed
   */
  renew(operator: string): Promise<Candidate>
  /**
   * Make it what a document says; one is opened where there is none.
   *
   * @throws BalancerError CONFIG_BAD with every fault, REFUSED while it is being committed; then it is as it was
   */
  load(operator: string, document: string | Uint8Array): Promise<Candidate>
  /** Put it in effect, all or nothing, and close it. @throws BalancerError REFUSED, CONFIG_CONFLICT, PORT_TAKEN … */
  commit(operator: string, options: CommitOptions): Promise<CommittedView>
  /** @returns whether there was one. @throws BalancerError REFUSED while it is being committed */
  discard(operator: string): boolean
}

/** A commit that waits to be confirmed. */
export interface PendingCommitView {
  readonly operator: string
  /** Who made it: `ssh:alice`. */
  readonly origin: string
  readonly comment: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly confirmBefore: number
  readonly watchTraffic: boolean
  readonly changes: readonly DifferenceView[]
  /** False where nothing may be written: then a restart forgets that it has to be confirmed, and the commit as well. */
  readonly survivesRestart: boolean
  /** Why it could not be undone, although it is time; it is tried again. Null where nothing went wrong. */
  readonly undoFailed: string | null
}

/** What became of a commit that had to be confirmed. */
export interface EndedCommitView {
  readonly operator: string
  readonly comment: string
  readonly outcome: 'confirmed' | 'undone'
  /** When, in milliseconds since 1970. */
  readonly time: number
  /** Who confirmed or undid it: `ssh:bob`; `confirm:alice` where its time was over or traffic got worse. */
  readonly origin: string
  /** Why it was undone; '' where it was confirmed. */
  readonly reason: string
  /** What was undone. */
  readonly differences: readonly DifferenceView[]
  /** What stays although the commit changed it, because somebody changed it since. */
  readonly kept: readonly string[]
}

/** Commits that have to be confirmed. */
export interface Confirmations {
  /** Undefined where none waits. One at a time. */
  readonly pending: PendingCommitView | undefined
  /** The one before, since the process started. */
  readonly last: EndedCommitView | undefined
  /** Keep it. @throws BalancerError NOT_FOUND where none waits, with what became of the last one; FILE_UNWRITABLE */
  confirm(): Promise<EndedCommitView>
  /** Undo it now. @throws BalancerError NOT_FOUND, and why it could not be undone, PORT_TAKEN …; then it still waits */
  undo(): Promise<EndedCommitView>
}
