// Medians and ratios of the bench: what the verdicts rest on.
import { expect, test } from 'vitest'
import { formatNumber } from '../../scripts/bench/report.ts'
import { rotated } from '../../scripts/bench/rounds.ts'
import { SCENARIOS } from '../../scripts/bench/scenarios.ts'
import {
  betterOf,
  figureOf,
  ratioOf,
  type Sample,
  spreadOf,
} from '../../scripts/bench/statistics.ts'
import { judge, type Target, targetsOn } from '../../scripts/bench/targets.ts'

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

test('the better of two has the better median of that figure, whatever better means for it', () => {
  const samples = [
    ...[10, 30, 11].map((cost, round) => sample(round, 'haproxy', cost)),
    ...[12, 12, 12].map((cost, round) => sample(round, 'nginx', cost)),
  ]
  expect(betterOf(samples, ['haproxy', 'nginx'], ROW, 'least')).toBe('haproxy')
  expect(betterOf(samples, ['haproxy', 'nginx'], ROW, 'most')).toBe('nginx')
  expect(betterOf([], ['haproxy', 'nginx'], ROW, 'least')).toBeUndefined()
})

test('a target says met, by how much it was missed, or that nothing was measured', () => {
  const target: Target = { ...ROW, of: 'sluice', against: 'bare', most: 1.15 }
  const against = (cost: number) => [sample(0, 'sluice', cost), sample(0, 'bare', 10)]
  expect(judge(target, against(11.5)).verdict).toBe('met')
  expect(judge(target, against(12.5)).verdict).toBe('missed by 0.10')
  expect(judge(target, []).verdict).toBe('not measured')
  expect(judge({ ...target, without: '2 CPUs' }, []).verdict).toBe('not measured: 2 CPUs')
  expect(judge({ ...ROW, of: 'sluice', least: 9 }, against(8)).verdict).toBe('missed by 1.00')
})

test('beside the better one a target names whom it was measured by', () => {
  const target: Target = { ...ROW, of: 'sluice', against: 'the better', most: 0.85 }
  const both = [sample(0, 'haproxy', 10), sample(0, 'nginx', 8)]
  const { against, measured, verdict } = judge(target, [sample(0, 'sluice', 8), ...both])
  expect({ against, ratio: measured?.median }).toEqual({ against: 'nginx', ratio: 1 })
  expect(verdict).toBe('missed by 0.15')
  expect(judge(target, [sample(0, 'sluice', 8)]).verdict).toBe('not measured')
})

test('a loop is judged beside its control where it takes a CPU that clients and hosts need', () => {
  const looped = (cpus: number) =>
    targetsOn(cpus).filter(({ figure }) => figure.includes('looped / '))
  expect(looped(2)).toHaveLength(15)
  expect(looped(2).every(({ figure }) => figure.endsWith('/ control'))).toBe(true)
  expect(looped(4).every(({ figure }) => figure.endsWith('/ undisturbed'))).toBe(true)
})

test('every target is about a figure that some row has', () => {
  for (const { scenario, figure } of targetsOn(2)) {
    const row = SCENARIOS.find(({ title }) => title === scenario)
    expect({ scenario, figures: row?.figures ?? [] }).toEqual({
      scenario,
      figures: expect.arrayContaining([figure]) as unknown,
    })
  }
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
