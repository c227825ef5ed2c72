// A start that fails while a commit waits to be confirmed: perhaps because of the commit, which would then keep the process
// down and whoever made it out. Finds what there is to start without it; starts nothing.
import { messageOf } from '../../base/errors.ts'
import type { Origin } from '../../base/origin.ts'
import type { Document } from '../../config/read/read.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { type Undone, without } from './commit-undo.ts'
import { ConfirmFile, type KeptCommit } from './confirm-file.ts'

/** A commit that a start leaves out. */
export interface LeftOut extends Undone {
  readonly commit: KeptCommit
  readonly reason: string
  /** What is to run of a document, and who wants that. */
  readonly from: (stored: BalancerSnapshot) => BalancerSnapshot
  readonly origin: Origin
}

/**
 * @param document with which nothing starts
 * @param why it does not
 * @throws why, where no commit waits, or the document has nothing of it
 */
export async function leaveOut(document: Document, why: unknown): Promise<LeftOut> {
  // The start that failed told of a file that cannot be read, or never came to it; either way nothing is known.
  const commit = await new ConfirmFile(document.file).read().catch(() => undefined)
  if (commit === undefined) throw why
  const { differences, kept } = without(commit, document.snapshot)
  if (differences.length === 0) throw why
  const from = (stored: BalancerSnapshot) => without(commit, stored).snapshot
  const reason = `it kept Sluice from starting (${messageOf(why)})`
  return { commit, differences, kept, from, reason, origin: `confirm:${commit.operator}` }
}
