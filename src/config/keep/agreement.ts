// What the file and the running system last agreed on, and what follows from it: what each side is to take over from
// the other, and what both changed to something else. Conflicts are never stored: a value is in conflict while both
// sides differ from what was agreed and from each other. Knows no file.
import { LIMITS } from '../../base/limits.ts'
import type { Origin } from '../../base/origin.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import type { Difference } from '../compare/difference.ts'
import { agreedSnapshot, type Conflict, type Merged, mergeSnapshots } from '../compare/merge.ts'
import { sameSnapshot } from '../compare/same.ts'
import { settledMerge } from '../compare/settle.ts'
import { Authors } from './authors.ts'
import { noSuchConflict } from './sync-faults.ts'

export type Side = 'file' | 'running'

/** A conflict, and who made the running side of it what it is, and when: undefined where that is forgotten. */
export interface OpenConflict extends Conflict {
  readonly origin: Origin | undefined
  /** Milliseconds since 1970. */
  readonly time: number | undefined
}

export interface Settled {
  readonly conflicts: readonly OpenConflict[]
  /** What was decided could not be done: they are open again. */
  readonly reopen: () => void
}

/** What two sides that say this are to become. */
interface Settlement {
  readonly theirs: BalancerSnapshot
  readonly ours: BalancerSnapshot
  readonly merged: Merged
}

/** The conflicts of a moment. */
interface Listed {
  readonly base: BalancerSnapshot
  readonly theirs: BalancerSnapshot
  readonly changeNumber: number
  readonly conflicts: readonly OpenConflict[]
}

export class Agreement {
  readonly #balancer: Balancer
  readonly #authors: Authors
  #base: BalancerSnapshot
  /** The last one, with the base that it began with: it knows what was called otherwise by it. */
  #last: { readonly base: BalancerSnapshot; readonly merged: Merged } | undefined

  /** What was settled and may not be done yet. */
  #settled: Settlement | undefined

  #listed: Listed | undefined

  constructor(balancer: Balancer) {
    this.#balancer = balancer
    this.#authors = new Authors(balancer)
    this.#base = balancer.snapshot()
  }

  /** Both sides say this, or will as soon as the file can be written. */
  begin(snapshot: BalancerSnapshot): void {
    this.#base = snapshot
  }

  /** What a file that says `theirs` and the running system are to be beside each other. */
  merge(theirs: BalancerSnapshot, ours: BalancerSnapshot = this.#balancer.snapshot()): Merged {
    const merged = this.#merged(theirs, ours)
    this.#last = { base: this.#base, merged }
    return merged
  }

  /** The file says `theirs` and the running system said `running`: what is the same in both is agreed on. */
  agree(theirs: BalancerSnapshot, running: BalancerSnapshot): void {
    const now = { theirs, ours: running }
    const { base, merged } = this.#last ?? {}
    this.#base =
      merged !== undefined && base === this.#base
        ? merged.agreed(now)
        : agreedSnapshot({ ...now, base: this.#base })
  }

  /** What is open between a file that says `theirs` and what runs, no more than the limit. */
  conflicts(theirs: BalancerSnapshot): readonly OpenConflict[] {
    const base = this.#base
    const { changeNumber } = this.#balancer
    const last = this.#listed
    // They are asked for at every prompt.
    if (last?.base === base && last.theirs === theirs && last.changeNumber === changeNumber)
      return last.conflicts
    const conflicts = this.#told(this.#merged(theirs).conflicts.slice(0, LIMITS.conflictsListed))
    this.#listed = { base, theirs, changeNumber, conflicts }
    return conflicts
  }

  /**
   * Agree on the value of one side, so that the other has it to take over.
   *
   * @param paths those of conflicts; none settles all
   * @throws BalancerError NOT_FOUND with those that there are
   */
  settle(theirs: BalancerSnapshot, paths: readonly string[], side: Side): Settled {
    const ours = this.#balancer.snapshot()
    const base = this.#base
    const open = this.merge(theirs, ours).conflicts
    const missing = paths.find((path) => !open.some((conflict) => conflict.path === path))
    if (missing !== undefined || open.length === 0) throw noSuchConflict(missing, open)
    const wanted = paths.length === 0 ? open : open.filter(({ path }) => paths.includes(path))
    const winner = side === 'file' ? 'theirs' : 'ours'
    const merged = settledMerge({ base, theirs, ours }, wanted, winner)
    this.#base = merged.base
    this.#settled = { theirs, ours, merged }
    return { conflicts: this.#told(wanted), reopen: () => (this.#base = base) }
  }

  /** Everybody who made some of these differences live. */
  authorsOf(differences: readonly Difference[]): readonly Origin[] {
    return this.#authors.ofAll(differences)
  }

  // Apart from `merge`: who asks for conflicts meanwhile does not get in the way of a step.
  #merged(theirs: BalancerSnapshot, ours = this.#balancer.snapshot()): Merged {
    return this.#settledFor(theirs, ours) ?? mergeSnapshots({ base: this.#base, theirs, ours })
  }

  // What was settled is carried out as it was told. Another merge, of what is agreed on since, could take what one
  // side alone has by then for a thing that the other side calls otherwise.
  #settledFor(theirs: BalancerSnapshot, ours: BalancerSnapshot): Merged | undefined {
    const settled = this.#settled
    if (settled?.merged.base !== this.#base) return undefined
    const isMeant = sameSnapshot(settled.theirs, theirs) && sameSnapshot(settled.ours, ours)
    return isMeant ? settled.merged : undefined
  }

  #told(conflicts: readonly Conflict[]): readonly OpenConflict[] {
    return conflicts.map((conflict) => {
      const { path, field } = conflict
      const thing = field === null ? path : path.slice(0, path.lastIndexOf('/'))
      const author = this.#authors.of(thing, field)
      return { ...conflict, origin: author?.origin, time: author?.time }
    })
  }
}
