// Everybody who has to know what becomes of a commit that has to be confirmed: the log, the audit log, who sits at a
// prompt.
import { type Audit, noteAfterwards } from '../../audit/line.ts'
import { factsOf, messageOf } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import { currentOrigin } from '../../base/origin.ts'
import { endedText, pendingText, soonText } from '../../commands/answer/confirm-text.ts'
import type { EndedCommitView } from '../../commands/documents.ts'
import type { KeptCommit } from './confirm-file.ts'
import type { PendingCommit } from './pending-commit.ts'

export interface NewsOptions {
  readonly log: Log
  readonly audit: Audit
  /** Show a sentence at every open prompt. */
  readonly say: (sentence: string) => void
}

export class ConfirmNews {
  readonly #options: NewsOptions

  constructor(options: NewsOptions) {
    this.#options = options
  }

  begun({ kept, view }: PendingCommit, leftMs: number): void {
    this.#options.log.warn('commit waits to be confirmed', { ...factsOfCommit(kept), leftMs })
    this.#options.say(pendingText(view))
  }

  soon({ view }: PendingCommit): void {
    this.#options.say(soonText(view))
  }

  /** The process ended before the commit was saved. */
  notMade(kept: KeptCommit): void {
    this.#options.log.warn('commit to be confirmed is not in the document', factsOfCommit(kept))
  }

  /** Each try is logged; people are told of what is new. */
  notUndone(pending: PendingCommit, error: unknown): void {
    const { log, audit, say } = this.#options
    const { kept, undoFailed: before } = pending
    const { operator } = kept
    const reason = messageOf(error)
    log.error('commit not undone', { ...factsOfCommit(kept), ...factsOf(error) })
    pending.undoFailed = reason
    if (reason === before) return
    noteAfterwards(audit, { event: 'commit not undone', operator, origin: currentOrigin(), reason })
    say(pendingText(pending.view))
  }

  ended(kept: KeptCommit, ended: EndedCommitView): void {
    const { log, audit, say } = this.#options
    const { operator, origin, outcome, reason, differences } = ended
    const text = endedText(ended)
    const facts = { ...factsOfCommit(kept), by: origin }
    if (outcome === 'confirmed') {
      log.info('commit confirmed', facts)
    } else {
      const undone = { differences: differences.length, kept: ended.kept }
      log.error('commit undone', { ...facts, reason, ...undone })
      noteAfterwards(audit, { event: 'commit undone', operator, origin, reason: text })
    }
    say(text)
  }

  /** What went wrong around it. */
  trouble(event: string, error: unknown): void {
    this.#options.log.error(event, factsOf(error))
  }
}

function factsOfCommit({ operator, origin, comment, confirmBefore }: KeptCommit) {
  return { operator, origin, comment, confirmBefore: new Date(confirmBefore).toISOString() }
}
