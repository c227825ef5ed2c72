// Weighted random: the chance of a host is its weight's share of all weights (txLoadBalancer's `weightr`).
import type { Weighed } from './contract.ts'
import type { ChanceRule } from './rule.ts'

export function weightedRandom(hosts: readonly Weighed[]): ChanceRule {
  return { kind: 'chance', cumulative: cumulativeOf(hosts.map((host) => host.weight)), draws: 1 }
}

/** Sums of the weights up to and including each one. */
export function cumulativeOf(weights: readonly number[]): Float64Array {
  let sum = 0
  return Float64Array.from(weights, (weight) => {
    sum += weight
    return sum
  })
}
