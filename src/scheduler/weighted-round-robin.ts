// Weighted round-robin, smooth: a host of weight 5 among ones gets five turns of a round, spread evenly over
// it. The k-th turn of host i is due at (k + phase) / weight, and turns come in the order in which they are
// due; phases follow file order, so that equal weights are plain round-robin. Shares are exact over a round.
// This costs n log n where the well-known step by step form (nginx) costs n * n.
import { LIMITS } from '../base/limits.ts'
import type { Weighed } from './contract.ts'
import type { CycleRule } from './rule.ts'

export function weightedRoundRobin(hosts: readonly Weighed[]): CycleRule {
  const weights = boundedWeights(hosts.map((host) => host.weight))
  const turns = weights.flatMap((weight, host) => {
    const phase = (host + 0.5) / weights.length
    return Array.from({ length: weight }, (_, k) => ({ host, due: (k + phase) / weight }))
  })
  turns.sort((a, b) => a.due - b.due || a.host - b.host)
  return { kind: 'cycle', order: Uint32Array.from(turns, (turn) => turn.host) }
}

// One round is as short as the shares allow. Beyond `cycleMax` turns the weights are scaled down, and shares
// are then right to within one turn of a round.
function boundedWeights(weights: readonly number[]): number[] {
  const divisor = weights.reduce(greatestCommonDivisor, 0) || 1
  const sum = weights.reduce((total, weight) => total + weight, 0) / divisor
  const scale = sum > LIMITS.cycleMax ? LIMITS.cycleMax / sum / divisor : 1 / divisor
  return weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.floor(weight * scale))))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
