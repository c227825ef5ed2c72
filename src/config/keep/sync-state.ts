// How the file and the running system stand: in step, or why not. It is told after every step, keeps the reasons for
// whoever asks, and says once what is new.
import { factsOf, messageOf } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import type { OpenConflict } from './agreement.ts'
import { conflictsLeft, conflictsOpen, isReadOnly } from './sync-faults.ts'

/** What is not as it should be after a step. */
export interface Troubles {
  /** Why edits of the file are not taken over; undefined where they are. */
  readonly refused: unknown
  /** Why running changes are not in the file; undefined where they are. */
  readonly unwritten: unknown
  readonly conflicts: readonly OpenConflict[]
}

export interface SyncStateOptions {
  readonly file: string
  readonly log: Log
  /** Those that are open by now. */
  readonly conflicts: () => readonly OpenConflict[]
  /** Told of conflicts that were not there before. */
  readonly onConflicts: (conflicts: readonly OpenConflict[]) => void
  /** Told of anything else that was not wrong before, in one line. */
  readonly onTrouble: (reason: string) => void
}

export class SyncState {
  readonly #options: SyncStateOptions
  #reasons: readonly string[] = []
  /** Paths of the conflicts that were there the last time. */
  #open: ReadonlySet<string> = new Set()

  constructor(options: SyncStateOptions) {
    this.#options = options
  }

  /** All that is wrong, on one line; undefined where nothing is. */
  get unsaved(): string | undefined {
    // A conflict that was met may be over before the next step, because both sides say the same.
    const open = this.#open.size === 0 ? [] : this.#options.conflicts()
    return oneLine([...this.#reasons, ...(open.length === 0 ? [] : [conflictsOpen(open)])])
  }

  /** @returns what an operator who asked for the step is told of first; undefined where nothing is wrong */
  note({ refused, unwritten, conflicts }: Troubles): unknown {
    const faults = [refused, unwritten].filter((each) => each !== undefined)
    const wasInStep = this.#reasons.length === 0 && this.#open.size === 0
    this.#noteReasons(faults, refused)
    this.#noteConflicts(conflicts)
    const { file, log } = this.#options
    if (!wasInStep && faults.length + conflicts.length === 0) log.info('config in step', { file })
    return refused ?? unwritten ?? (conflicts.length === 0 ? undefined : conflictsLeft(conflicts))
  }

  #noteReasons(faults: readonly unknown[], refused: unknown): void {
    const { file, log, onTrouble } = this.#options
    const before = this.#reasons
    const reasonFor = (fault: unknown) => {
      const reason = reasonOf(fault)
      const isPlain = fault !== refused || reason.includes(file)
      return isPlain ? reason : `${file} is not taken over: ${reason}`
    }
    this.#reasons = faults.map(reasonFor)
    for (const fault of faults) {
      if (before.includes(reasonFor(fault))) continue
      const level = isReadOnly(fault, file) ? 'info' : 'error'
      log[level]('config out of step', { file, ...factsOf(fault) })
      onTrouble(reasonFor(fault))
    }
  }

  #noteConflicts(conflicts: readonly OpenConflict[]): void {
    const before = this.#open
    this.#open = new Set(conflicts.map(({ path }) => path))
    const fresh = conflicts.filter(({ path }) => !before.has(path))
    if (fresh.length > 0) this.#options.onConflicts(fresh)
  }
}

function oneLine(reasons: readonly string[]): string | undefined {
  return reasons.length === 0 ? undefined : reasons.join('; ')
}

/** A file that does not load has a line for each fault. */
function reasonOf(thrown: unknown): string {
  const [first = '', ...rest] = messageOf(thrown).split('\n')
  return rest.length === 0 ? first : `${first}, and ${rest.length} more; the log has all`
}
