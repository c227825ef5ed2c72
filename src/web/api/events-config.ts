// How the document stands, as far as pages are told of it by themselves.
import type { Process } from '../../commands/context.ts'
import { pendingCommitOf } from '../../commands/show/summary.ts'

export interface ConfigState {
  /** Why running changes are not in the file yet; null where they are. */
  readonly unsaved: string | null
  readonly revision: number
  readonly conflicts: number
  /** The commit that waits to be confirmed, as `show summary --json` has it but for its sentence. */
  readonly pending: object | null
}

export function configState(process: Process): ConfigState {
  const { unsaved = null, revision } = process.document()
  const conflicts = process.conflicts.paths.length
  return { unsaved, revision, conflicts, pending: pendingOf(process) }
}

// Its sentence counts the minutes, which would be news once a minute.
function pendingOf(process: Process): object | null {
  const commit = pendingCommitOf(process)
  if (commit === null) return null
  const { text: _, ...pending } = commit
  return pending
}
