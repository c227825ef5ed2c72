// Smooth weighted round-robin: exact shares over a round, spread evenly over it, and a bounded round.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { weightedRoundRobin } from '../../src/scheduler/weighted-round-robin.ts'
import { randomFrom, randomly, seed } from '../helpers/seed.ts'
import { equals, weighed } from '../helpers/weighed.ts'

test('a host of weight 5 among ones gets five turns of seven, spread over the round', () => {
  expect(turnsOf(5, 1, 1)).toBe('0001002')
  expect(turnsOf(2, 1)).toBe('001')
  expect(turnsOf(3, 2)).toBe('01001')
})

test('equal weights are a plain rotation in file order, whatever the weight', () => {
  for (const weight of [1, 7, 256]) expect(turnsOf(weight, weight, weight)).toBe('012')
})

test('weights with a common divisor make a round as short as their shares allow', () => {
  expect(turnsOf(100, 200)).toBe(turnsOf(1, 2))
})

test('a host of weight 0 has no turn', () => {
  expect(turnsOf(0, 2, 0, 1)).toBe('113')
  expect(turnsOf(0, 0)).toBe('')
})

test(`shares are exact over one round (seed ${seed})`, () => {
  fc.assert(
    fc.property(anyWeights, (weights) => {
      const counts = countsOf(weights)
      const [one = 0] = counts.filter((count) => count > 0)
      const perTurn = (weights[counts.indexOf(one)] ?? 0) / (one || 1)
      expect(counts.map((count) => count * perTurn)).toEqual(weights)
    }),
    randomly(),
  )
})

test(`between two turns of a host no other has more than its share, and one (seed ${seed})`, () => {
  fc.assert(
    fc.property(anyWeights, (weights) => {
      const { order } = weightedRoundRobin(weighed(...weights))
      const counts = countsOf(weights)
      for (const [host, gaps] of gapsOf(order)) {
        const ideal = order.length / (counts[host] ?? 1)
        expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil(ideal) + weights.length)
      }
    }),
    randomly(),
  )
})

test('no gap between turns of a host is more than three times the ideal one', () => {
  const random = randomFrom(7)
  for (let round = 0; round < 500; round++) {
    const most = [2, 5, 20, 256][round % 4] ?? 2
    const weights = Array.from({ length: 1 + (round % 12) }, () => 1 + Math.floor(random() * most))
    const { order } = weightedRoundRobin(weighed(...weights))
    for (const gaps of gapsOf(order).values())
      expect(Math.max(...gaps) / (order.length / gaps.length)).toBeLessThan(3)
  }
})

test('a round is bounded: weights are scaled down, and nobody loses its turn', () => {
  const weights = Array.from({ length: 2_000 }, (_, index) => (index % 2 === 0 ? 255 : 1))
  const { order } = weightedRoundRobin(weighed(...weights))
  expect(order.length).toBeLessThanOrEqual(LIMITS.cycleMax + weights.length)
  const counts = countsOf(weights)
  expect(Math.min(...counts)).toBe(1)
  expect(Math.max(...counts)).toBeGreaterThan(50)
})

test('ten thousand hosts of every weight stay within the bound', () => {
  const weights = Array.from({ length: LIMITS.groupHostsMax }, (_, index) => 1 + (index % 256))
  const { order } = weightedRoundRobin(weighed(...weights))
  expect(order.length).toBeLessThanOrEqual(LIMITS.cycleMax + weights.length)
  expect(new Set(order).size).toBe(weights.length)
})

test('many equal hosts are one turn each', () => {
  expect(weightedRoundRobin(equals(1_000)).order).toHaveLength(1_000)
})

const anyWeights = fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 256 })), { maxLength: 16 })

function turnsOf(...weights: readonly number[]): string {
  return Array.from(weightedRoundRobin(weighed(...weights)).order).join('')
}

function countsOf(weights: readonly number[]): number[] {
  const counts = weights.map(() => 0)
  for (const host of weightedRoundRobin(weighed(...weights)).order)
    counts[host] = (counts[host] ?? 0) + 1
  return counts
}

/** For each host the distances from each of its turns to the next one, around the end of the round. */
function gapsOf(order: Uint32Array): Map<number, number[]> {
  const places = new Map<number, number[]>()
  for (const [place, host] of order.entries())
    places.set(host, [...(places.get(host) ?? []), place])
  const pairs = [...places].map(([host, at]) => {
    const [first = 0] = at
    return [host, at.map((place, turn) => (at[turn + 1] ?? first + order.length) - place)] as const
  })
  return new Map(pairs)
}
