// Two choices: draw two hosts by weight and take the one with fewer open sessions for its weight. Nearly as
// even as looking at all hosts, at the cost of looking at two (Mitzenmacher, "The power of two choices in
// randomized load balancing", IEEE TPDS 12(10), 2001).
import type { Weighed } from './contract.ts'
import type { ChanceRule } from './rule.ts'
import { cumulativeOf } from './weighted-random.ts'

export function twoChoices(hosts: readonly Weighed[]): ChanceRule {
  return { kind: 'chance', cumulative: cumulativeOf(hosts.map((host) => host.weight)), draws: 2 }
}
