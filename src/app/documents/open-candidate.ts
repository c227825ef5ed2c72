// One operator's edits that are not in effect yet: a copy of the live graph, what ran when it was made, and what follows
// from both and from what runs now. Puts nothing in effect.
import { BalancerError } from '../../base/errors.ts'
import { currentOrigin } from '../../base/origin.ts'
import { pauses } from '../../base/steps.ts'
import { textOfConflict } from '../../commands/answer/conflict-text.ts'
import type { Candidate, CandidateConflictView, DifferenceView } from '../../commands/documents.ts'
import { applySnapshot } from '../../config/compare/apply.ts'
import { diffSnapshots } from '../../config/compare/diff.ts'
import {
  type Conflict,
  type Merged,
  mergeSnapshots,
  type Three,
} from '../../config/compare/merge.ts'
import { VERSIONS } from '../../config/compare/three.ts'
import type { Balancer } from '../../model/balancer.ts'
import { Journal } from '../../model/journal.ts'
import { rehearsalOf } from '../../model/rehearsal.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { withoutSecrets } from '../../config/compare/secrets.ts'
import { editScript, linesOfScript } from '../edit-script/script.ts'
import { viewOf } from './difference-view.ts'

/** Conflicts that one refusal names. */
const CONFLICTS_NAMED = 5

/** Why a candidate may not be edited now; '' where it may. */
interface Lock {
  reason: string
}

export interface CandidateParts {
  readonly operator: string
  readonly running: Balancer
  readonly now: () => number
}

export class OpenCandidate implements Candidate {
  readonly operator: string
  readonly since: number
  readonly balancer: Balancer
  readonly journal: Journal
  readonly #running: Balancer
  readonly #now: () => number
  readonly #lock: Lock
  #base: BalancerSnapshot
  #touched: number
  #renewing = false
  #last: { readonly of: Three<BalancerSnapshot>; readonly merged: Merged } | undefined

  static async of(parts: CandidateParts): Promise<OpenCandidate> {
    const { running } = parts
    const lock: Lock = { reason: '' }
    const everything = new Set(running.serviceList.map(({ name }) => name))
    // What others change while it is made counts as changed since.
    const permit = () => requireUnlocked(lock)
    const copy = await rehearsalOf(running, everything, { permit, pause: pauses() })
    return new OpenCandidate(parts, copy, lock)
  }

  private constructor({ operator, running, now }: CandidateParts, copy: Balancer, lock: Lock) {
    this.operator = operator
    this.since = now()
    this.balancer = copy
    this.journal = new Journal(copy)
    this.#running = running
    this.#now = now
    this.#lock = lock
    this.#base = copy.snapshot()
    this.#touched = this.since
    this.journal.start()
    copy.follow(() => {
      this.#touched = now()
    })
  }

  get touched(): number {
    return this.#touched
  }

  get locked(): boolean {
    return this.#lock.reason !== ''
  }

  /** What is to run after a commit. @throws BalancerError CONFIG_CONFLICT with what is to be settled before */
  wanted(running: BalancerSnapshot): BalancerSnapshot {
    const { ours, conflicts } = this.#merged(running)
    if (conflicts.length > 0) throw refusalOf(conflicts.map(conflictView))
    return ours
  }

  compare(): readonly DifferenceView[] {
    const running = this.#running.snapshot()
    return diffSnapshots(running, this.#merged(running).ours).map(viewOf)
  }

  commands(): readonly string[] {
    const running = this.#running.snapshot()
    return linesOfScript(editScript(running, this.#merged(running).ours))
  }

  conflicts(): readonly CandidateConflictView[] {
    return this.#merged(this.#running.snapshot()).conflicts.map(conflictView)
  }

  /** Take what runs now as the base; what was changed here stays changed. @throws BalancerError what the model refuses */
  async renew(): Promise<void> {
    const running = this.#running.snapshot()
    const { theirs } = this.#merged(running)
    // What others did is not for this operator to undo here.
    this.journal.stop()
    this.#renewing = true
    try {
      await applySnapshot(this.balancer, theirs, currentOrigin())
    } finally {
      this.#renewing = false
      this.journal.start()
    }
    this.#base = running
    this.#touched = this.#now()
  }

  /** Refuse edits from now on, with this reason. */
  lock(reason: string): void {
    this.#lock.reason = reason
  }

  unlock(): void {
    this.#lock.reason = ''
  }

  /** @throws BalancerError REFUSED while something is done with the whole of it */
  requireUnlocked(): void {
    requireUnlocked(this.#lock)
    if (this.#renewing)
      throw new BalancerError('REFUSED', 'your candidate gets a new base just now')
  }

  // Asked for again and again while nothing changes, and a large one takes a while.
  #merged(ours: BalancerSnapshot): Merged {
    const versions = { base: this.#base, theirs: this.balancer.snapshot(), ours }
    const { of, merged } = this.#last ?? {}
    if (merged !== undefined && VERSIONS.every((each) => of?.[each] === versions[each]))
      return merged
    this.#last = { of: versions, merged: mergeSnapshots(versions) }
    return this.#last.merged
  }
}

function requireUnlocked({ reason }: Lock): void {
  if (reason !== '') throw new BalancerError('REFUSED', reason)
}

function conflictView({ path, kind, field, ...values }: Conflict): CandidateConflictView {
  const { base = null, theirs = null, ours = null } = values
  const [before, candidate, running] = [base, theirs, ours].map((value) => {
    return withoutSecrets(field, value)
  })
  return { path, kind, field, base: before, candidate, running }
}

function refusalOf(conflicts: readonly CandidateConflictView[]): BalancerError {
  const named = conflicts.slice(0, CONFLICTS_NAMED).map(textOfConflict)
  const more = conflicts.length - named.length
  const all = more > 0 ? [...named, `and ${more} more, see compare`] : named
  const next = 'set those in the candidate to what runs, or keep yours with: begin --again'
  return new BalancerError('CONFIG_CONFLICT', `${all.join('; ')}. Nothing was done: ${next}`)
}
