// A conflict is settled by taking back that the losing side ever changed it: then the winner alone did, and it is taken
// over to the other.
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { Comparison } from './comparison.ts'
import { type Conflict, keyOf } from './conflict.ts'
import { Merged } from './merge.ts'
import { type Side, type Three, otherThan } from './three.ts'

/**
 * What two sides are to be then. Its `base` is what is agreed on before either side is: also where that has to wait,
 * what was settled stays so.
 *
 * @param versions those of which the conflicts were told
 * @param winner whose values are to become those of both
 */
export function settledMerge(
  versions: Three<BalancerSnapshot>,
  conflicts: readonly Conflict[],
  winner: Side,
): Merged {
  const comparison = new Comparison(versions)
  comparison.settle(conflicts, winner)
  return new Merged({ ...versions, base: settledBase(versions, conflicts, winner) }, comparison)
}

function settledBase(
  versions: Three<BalancerSnapshot>,
  conflicts: readonly Conflict[],
  winner: Side,
): BalancerSnapshot {
  const keys = new Set(conflicts.map(keyOf))
  const settled = (one: Conflict) => (keys.has(keyOf(one)) ? otherThan(winner) : undefined)
  return new Comparison(versions).base({ done: new Set(), settled })
}
