// How metrics are written: in slices, between which everything else has its turn.
import { afterEach, expect, test, vi } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { Exposition } from '../../../src/web/metrics/exposition.ts'
import type { Metric, Sample } from '../../../src/web/metrics/metric.ts'
import { sceneOf } from '../../../src/web/metrics/scene.ts'
import { ServiceTotals } from '../../../src/web/metrics/service-totals.ts'
import { samplesIn } from '../../helpers/exposition.ts'
import { createStubProcess } from '../../helpers/stub-process.ts'

afterEach(() => vi.restoreAllMocks())

const metricOf = (samples: () => Iterable<Sample>, name = 'x'): Metric => {
  return { name, type: 'gauge', help: 'Of a test.', labels: ['n'], samples }
}
const manySamples = (count: number) => {
  return Array.from({ length: count }, (_, n) => ({ sharedLabels: { n: `${n}` }, value: n }))
}
const sceneOfStub = async () => sceneOf(await createStubProcess(), new ServiceTotals())

test.each([
  0,
  1,
  LIMITS.webMetricsAtOnce - 1,
  LIMITS.webMetricsAtOnce,
  LIMITS.webMetricsAtOnce + 1,
  3 * LIMITS.webMetricsAtOnce,
])('%i samples are all there, under one head', async (count) => {
  const metrics = [metricOf(() => manySamples(count)), metricOf(() => manySamples(1), 'y')]
  const text = await new Exposition(metrics).textOf(await sceneOfStub())
  const found = samplesIn(text).filter(({ name }) => name === 'x')
  expect(found.map(({ value }) => value)).toEqual([...Array(count).keys()])
  expect(text.match(/^# .* x .*$/gm)).toEqual(['# HELP x Of a test.', '# TYPE x gauge'])
  expect(text.endsWith('y{n="0"} 0\n')).toBe(true)
  expect(text).not.toContain('\n\n')
})

test('after each few milliseconds everything else has its turn, within one metric too', async () => {
  const scene = await sceneOfStub()
  let [now, turns, over] = [0, 0, false]
  // Whenever it is asked for, a turn is over.
  vi.spyOn(performance, 'now').mockImplementation(() => (now += LIMITS.turnMs))
  const count = () => {
    turns++
    if (!over) setImmediate(count)
  }
  setImmediate(count)
  const slices = 8
  const metric = metricOf(() => manySamples(slices * LIMITS.webMetricsAtOnce))
  await new Exposition([metric]).textOf(scene)
  over = true
  expect(turns).toBeGreaterThanOrEqual(slices - 1)
})
