// Medians and ratios of the bench: what the verdicts rest on.
import { expect, test } from 'vitest'
import { formatNumber } from '../../scripts/bench/report.ts'
import { rotated } from '../../scripts/bench/rounds.ts'
import { figureOf, ratioOf, type Sample, spreadOf } from '../../scripts/bench/statistics.ts'
import { measuredFor, TARGETS, verdictOn } from '../../scripts/bench/targets.ts'

const ROW = { scenario: 'keep-alive 5 B', figure: 'CPU us/request' }

test('the median of an even count lies between the middle two', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 })
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
  expect(spreadOf([])).toBeUndefined()
})

test('a ratio is taken inside each round, and a round without a partner is left out', () => {
  const samples = [
    ...[20, 11, 10, 1000].map((cost, round) => sample(round, 'sluice', cost)),
    ...[10, 10, 10].map((cost, round) => sample(round, 'bare', cost)),
  ]
  expect(ratioOf(samples, ROW, 'sluice', 'bare')).toEqual({ median: 1.1, min: 1, max: 2 })
  expect(figureOf(samples, 'haproxy', ROW)).toBeUndefined()
})

test('a target says met, by how much it was missed, or that nothing was measured', () => {
  const target = TARGETS.find(({ figure }) => figure === ROW.figure)
  if (!target) throw new Error('there is a target for CPU per request')
  const against = (cost: number) => [sample(0, 'sluice', cost), sample(0, 'bare', 10)]
  const verdict = (samples: Sample[]) => verdictOn(target, measuredFor(target, samples))
  expect(verdict(against(11.5))).toBe('met')
  expect(verdict(against(12.5))).toBe('missed by 0.10')
  expect(verdict([])).toBe('not measured')
})

test('every round starts with another peer', () => {
  expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual([
    'abc',
    'bca',
    'cab',
    'abc',
  ])
})

test('numbers keep two figures that mean something', () => {
  expect([0.5, 12.34, 123.4, 53_554.4, Number.NaN].map(formatNumber)).toEqual([
    '0.50',
    '12.3',
    '123',
    '53,554',
    '-',
  ])
})

function sample(round: number, peer: Sample['peer'], cost: number): Sample {
  return { round, peer, scenario: ROW.scenario, figures: { [ROW.figure]: cost } }
}
