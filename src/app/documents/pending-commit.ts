// One commit that waits to be confirmed: what it was, whether it is being undone, and why that failed. Waits for nothing
// itself.
import type { PendingCommitView } from '../../commands/documents.ts'
import { diffSnapshots } from '../../config/compare/diff.ts'
import type { KeptCommit } from './confirm-file.ts'
import { viewOf } from './difference-view.ts'
import type { TrafficWatch } from './traffic-watch.ts'

/** A commit that has to be confirmed; `before` and `after` are what runs right before and right after it. */
export interface ConfirmedCommit
  extends Pick<
    KeptCommit,
    'operator' | 'origin' | 'comment' | 'watchTraffic' | 'before' | 'after'
  > {
  readonly confirmMs: number
}

interface PendingParts {
  readonly kept: KeptCommit
  /** Undefined where traffic does not matter. */
  readonly watch: TrafficWatch | undefined
  readonly survivesRestart: boolean
}

export class PendingCommit {
  readonly kept: KeptCommit
  /** Why the last try to undo it failed. */
  undoFailed: string | undefined
  readonly #parts: PendingParts
  readonly #changes: PendingCommitView['changes']
  readonly #ended = new AbortController()
  #isUndone = false

  constructor(parts: PendingParts) {
    const { before, after } = parts.kept
    this.kept = parts.kept
    this.#parts = parts
    this.#changes = diffSnapshots(before, after).map(viewOf)
  }

  get view(): PendingCommitView {
    const { operator, origin, comment, time, confirmBefore, watchTraffic } = this.kept
    const facts = { operator, origin, comment, time, confirmBefore, watchTraffic }
    return {
      ...facts,
      changes: this.#changes,
      survivesRestart: this.#parts.survivesRestart,
      undoFailed: this.undoFailed ?? null,
    }
  }

  /** Aborted when it is confirmed or undone, or the process stops. */
  get signal(): AbortSignal {
    return this.#ended.signal
  }

  /** Nothing waits for it any more. */
  stop(): void {
    this.#ended.abort()
  }

  /** @returns false where that has begun already */
  beginUndo(): boolean {
    const isFirst = !this.#isUndone
    this.#isUndone = true
    return isFirst
  }

  /** @returns what is worse since the commit; undefined where nothing is, or nobody asked for it */
  judgeTraffic(): string | undefined {
    return this.#isUndone ? undefined : this.#parts.watch?.judge()
  }
}
