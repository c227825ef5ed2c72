// Hosts as schedulers see them.
import type { Weighed } from '../../src/scheduler/contract.ts'

/** Hosts h0, h1 and so on with these weights. */
export function weighed(...weights: readonly number[]): Weighed[] {
  return weights.map((weight, index) => ({ name: `h${index}`, weight }))
}

/** So many hosts of weight 1. */
export function equals(count: number): Weighed[] {
  return weighed(...Array<number>(count).fill(1))
}
