// Three-way: what two sides last agreed on, and what each of them made of it since. What changed on one side alone is
// taken over to the other, value by value; what both changed to something else is a conflict, and each side keeps its
// own. One side is the running system (`ours`), the other the file, or a candidate (`theirs`).
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { Comparison } from './comparison.ts'
import type { Conflict } from './conflict.ts'
import { equal } from './equal.ts'
import { type Side, type Three, SIDES } from './three.ts'
import { sameSnapshot } from './same.ts'

export type { Conflict } from './conflict.ts'
export type { Side, Three } from './three.ts'

export function mergeSnapshots(versions: Three<BalancerSnapshot>): Merged {
  return new Merged(versions)
}

/** What two sides are to be. */
export class Merged {
  /** `ours`, with what was changed in `theirs` alone; `ours` itself where that is nothing. */
  readonly ours: BalancerSnapshot
  /** `theirs`, with what was changed in `ours` alone. Says the same as `ours` where there is no conflict. */
  readonly theirs: BalancerSnapshot
  /** By their paths. */
  readonly conflicts: readonly Conflict[]
  readonly #versions: Three<BalancerSnapshot>
  readonly #settled: Comparison | undefined
  #comparison: Comparison | undefined

  /** @param settled where conflicts were settled: who wins them. Then `base` is as `settle.ts` has it */
  constructor(versions: Three<BalancerSnapshot>, settled?: Comparison) {
    const { base, theirs, ours } = versions
    this.#versions = versions
    this.#settled = settled
    const [changed = 'ours', ...others] = SIDES.filter((side) => !equal(versions[side], base))
    if (others.length === 0 && settled === undefined) {
      // One side alone, as it is nearly always: of a large document nothing else has to be looked at.
      const wanted = versions[changed]
      this.ours = sameSnapshot(ours, wanted) ? ours : wanted
      this.theirs = sameSnapshot(theirs, wanted) ? theirs : wanted
      this.conflicts = []
    } else {
      this.ours = this.#compared.side('ours')
      this.theirs = this.#compared.side('theirs')
      this.conflicts = this.#compared.conflicts
    }
  }

  /**
   * The `base` of the next merge, now that the sides say this: what both agree on, and what it was where they do not.
   * Knows what is called otherwise by now, where each side is as it was or as it was to become.
   */
  agreed(now: Pick<Three<BalancerSnapshot>, Side>): BalancerSnapshot {
    const { base } = this.#versions
    const plain = plainlyAgreed({ ...now, base })
    if (plain !== undefined) return plain
    const done = new Set(SIDES.filter((side) => sameSnapshot(now[side], this[side])))
    const asBefore = SIDES.filter((side) => sameSnapshot(now[side], this.#versions[side]))
    const isKnown = SIDES.every((side) => done.has(side) || asBefore.includes(side))
    // What was settled and is not done yet is in base alone.
    const isHalf = this.#settled !== undefined && done.size < SIDES.length
    if (!isKnown || isHalf) return agreedSnapshot({ ...now, base })
    return this.#compared.base({ done, settled: () => undefined })
  }

  /** What both agreed on before. */
  get base(): BalancerSnapshot {
    return this.#versions.base
  }

  get #compared(): Comparison {
    return (this.#comparison ??= this.#settled ?? new Comparison(this.#versions))
  }
}

/** What both sides agree on by now; `base` where they do not. */
export function agreedSnapshot(versions: Three<BalancerSnapshot>): BalancerSnapshot {
  const nothingDone = { done: new Set<Side>(), settled: () => undefined }
  return plainlyAgreed(versions) ?? new Comparison(versions).base(nothingDone)
}

/** The same where nothing has to be compared value by value: both say the same, or one said nothing new. */
function plainlyAgreed({
  base,
  theirs,
  ours,
}: Three<BalancerSnapshot>): BalancerSnapshot | undefined {
  if (equal(theirs, ours)) return ours
  return equal(theirs, base) || equal(ours, base) ? base : undefined
}
