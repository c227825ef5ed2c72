// Random: every ready host with the same chance, whatever its weight.
import { cumulativeOf } from './weighted-random.ts'
import type { Weighed } from './contract.ts'
import type { ChanceRule } from './rule.ts'

export function random(hosts: readonly Weighed[]): ChanceRule {
  return { kind: 'chance', cumulative: cumulativeOf(hosts.map(() => 1)), draws: 1 }
}
