// What is remembered of a commit that is undone, or was not made, and may go. Not before the document is without the commit: a
// restart would put it in effect again. And for certain: a restart would undo the same change again, whoever made it since.
import type { ConfigSync } from '../../config/keep/sync.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { type Change, without } from './commit-undo.ts'
import type { ConfirmFile } from './confirm-file.ts'

export interface ForgettingOptions {
  readonly file: ConfirmFile
  readonly sync: Pick<ConfigSync, 'document'>
  /** Told once why it cannot be forgotten. */
  readonly onTrouble: (error: unknown) => void
}

interface Due {
  readonly commit: Change
  /** The document in which it was found the last time. */
  seenIn?: BalancerSnapshot
  told?: boolean
}

export class Forgetting {
  readonly #options: ForgettingOptions
  #due: Due | undefined

  constructor(options: ForgettingOptions) {
    this.#options = options
  }

  /** Is there something that could not be forgotten yet? */
  get isDue(): boolean {
    return this.#due !== undefined
  }

  /** Forget this one, now or as soon as it can be. Never rejects. */
  begin(commit: Change): Promise<void> {
    this.#due = { commit }
    return this.tryAgain()
  }

  /** Another commit took its place. */
  end(): void {
    this.#due = undefined
  }

  /** Never rejects. */
  async tryAgain(): Promise<void> {
    const due = this.#due
    if (due === undefined || this.#isInDocument(due)) return
    try {
      await this.#options.file.remove()
      this.end()
    } catch (error) {
      if (due.told !== true) this.#options.onTrouble(error)
      due.told = true
    }
  }

  #isInDocument(due: Due): boolean {
    const stored = this.#options.sync.document?.snapshot
    if (stored === undefined) return false
    // A large document is not gone through again and again.
    if (due.seenIn === stored) return true
    const isThere = without(due.commit, stored).differences.length > 0
    if (isThere) due.seenIn = stored
    return isThere
  }
}
