// What operators are told of commits that have to be confirmed.
import { counted } from './figures.ts'
import { formatDuration } from '../../base/duration.ts'
import { LIMITS } from '../../base/limits.ts'
import type { EndedCommitView, PendingCommitView } from '../documents.ts'

type Pending = Omit<PendingCommitView, 'changes'>

/** `10:05:03Z`: the wall clock of a message that is read at once. */
function clockOf(time: number): string {
  return new Date(time).toISOString().replace(/^.*T(.*)\.\d+Z$/, '$1Z')
}

/** What waits, until when, and why it may be undone before that. */
export function pendingText(pending: Pending): string {
  const { operator, comment, confirmBefore, watchTraffic, survivesRestart, undoFailed } = pending
  const what = `${operator} committed${said(comment)}`
  if (undoFailed !== null) {
    return `${what}; undo failed: ${undoFailed}; it is tried again, confirm keeps the commit`
  }
  const orTraffic = watchTraffic ? ', and at once when traffic gets worse' : ''
  const lasts = survivesRestart ? '' : '; nothing may be written, so a restart forgets both'
  return `${what}; undone at ${clockOf(confirmBefore)} unless: confirm${orTraffic}${lasts}`
}

export function soonText({ operator, comment, confirmBefore }: Pending): string {
  const left = formatDuration(LIMITS.confirmWarnMs)
  return `the commit of ${operator}${said(comment)} is undone in ${left}, at ${clockOf(confirmBefore)}, unless: confirm`
}

/** What became of one, in one sentence. */
export function endedText(ended: EndedCommitView): string {
  const { operator, comment, outcome, origin, reason, differences, kept } = ended
  const what = `the commit of ${operator}${said(comment)}`
  if (outcome === 'confirmed') return `${what} was confirmed by ${origin}`
  const undone =
    differences.length === 0
      ? nothingUndone(kept)
      : `${counted(differences.length, 'difference')} undone`
  return `${what} was undone, ${reason}: ${undone}${keptText(kept)}`
}

function nothingUndone(kept: readonly string[]): string {
  return kept.length === 0 ? 'nothing was left to undo' : 'nothing of it'
}

/** Paths that one message names. */
const NAMED_MAX = 5

function keptText(kept: readonly string[]): string {
  if (kept.length === 0) return ''
  const more = kept.length > NAMED_MAX ? ` and ${kept.length - NAMED_MAX} more` : ''
  return `; kept, because somebody changed it since: ${kept.slice(0, NAMED_MAX).join(', ')}${more}`
}

function said(comment: string): string {
  return comment === '' ? '' : ` (${comment})`
}

/** The comment of the revision that an undo makes. */
export function revisionComment(comment: string, reason: string): string {
  const what = `undone, ${reason}`
  const text = comment === '' ? what : `${what}: ${comment}`
  return text.slice(0, LIMITS.commentLengthMax)
}
