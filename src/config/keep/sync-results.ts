// What those who ask for a step of the sync say, and what they are told of it.
import type { Difference } from '../compare/difference.ts'

/** What is said of a revision that a step makes. */
export interface Note {
  readonly comment?: string
}

export interface SaveOptions extends Note {
  /** Settle every conflict for what runs, and write also over a file that does not load. Default false. */
  readonly force?: boolean
}

export interface SaveResult {
  /** False where the file already said it all; then not even its time changed. */
  readonly written: boolean
  readonly file: string
  /** Number of the newest revision, which has this text; 0 where none is kept. */
  readonly revision: number
}

export interface ApplyResult extends SaveResult {
  /** What was different and is not any more. */
  readonly differences: readonly Difference[]
}

/** What taking the file over came to. */
export interface Reloaded {
  /** False where the text of the file is the one that is known already. */
  readonly edited: boolean
  /** Differences that were applied. */
  readonly applied: number
  readonly conflicts: number
  /** Was anything that was changed live written to it? */
  readonly written: boolean
}
