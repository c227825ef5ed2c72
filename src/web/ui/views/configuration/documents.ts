// What the API tells of documents, as far as the page uses it.
import type { Me, PendingCommit } from '../../api/types.ts'
import type { Difference } from '../text/difference.ts'

export interface ConfigState {
  readonly file: string
  /** Why what runs is not in the file yet. */
  readonly unsaved: string | null
  readonly readOnly: boolean
  readonly revision: number
  readonly running: string
  readonly stored: string
}

export interface CandidateConflict {
  readonly path: string
  readonly kind: string
  readonly field: string | null
  readonly base: unknown
  readonly candidate: unknown
  readonly running: unknown
}

export interface CandidateState {
  readonly open: boolean
  readonly since: string | null
  readonly touched: string | null
  readonly differences: readonly Difference[]
  readonly conflicts: readonly CandidateConflict[]
}

/** What the file and the running system both changed. */
export interface Conflict {
  readonly path: string
  readonly kind: string
  readonly field: string | null
  readonly base: unknown
  readonly file: unknown
  readonly fileTime: string | null
  readonly running: unknown
  readonly origin: string | null
  readonly time: string | null
  readonly beside: readonly string[]
}

export interface Revision {
  readonly number: number
  readonly time: string
  readonly origins: readonly string[]
  readonly comment: string
  readonly changes: readonly Difference[] | null
  /** In bytes. */
  readonly size: number
}

export interface RevisionText extends Revision {
  readonly text: string
}

/** Whether this operator may confirm or undo it. */
export function mayConfirm(
  { operator }: Pick<PendingCommit, 'operator'>,
  me: Pick<Me, 'operator' | 'role'>,
): boolean {
  return me.role === 'full' || (me.role === 'operate' && operator === me.operator)
}
