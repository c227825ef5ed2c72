// The bench of the web surface: what may be typed behind it, and when a target is met.
import { expect, test } from 'vitest'
import { PARTS, readOptions } from '../../scripts/bench/web/options.ts'
import { verdictOn } from '../../scripts/bench/web/verdict.ts'

test('all parts are run where nothing is said, with the engine that Sluice chooses', () => {
  expect(readOptions([])).toEqual({ only: PARTS, rounds: 3, engine: 'auto' })
  expect(readOptions(['--only', 'metrics,reads', '--rounds', '1', '--engine', 'node'])).toEqual({
    only: ['metrics', 'reads'],
    rounds: 1,
    engine: 'node',
  })
})

test.each([
  [['--only', 'reads,pages'], '--only takes reads, page, streams, metrics; got pages'],
  [['--engine', 'fast'], '--engine takes auto, node, splice; got fast'],
  [['--rounds', '0'], '--rounds is a whole number from 1 on, got 0'],
  [['--rounds', 'x'], '--rounds is a whole number from 1 on, got x'],
])('%j is refused with what is accepted', (args, message) => {
  expect(() => readOptions(args)).toThrow(message)
})

test('the median is judged, and on a busy machine CPU time excuses the clock', () => {
  const slow = { most: 50, values: [10, 60, 70], cpuMs: [5, 6, 90] }
  expect(verdictOn({ most: 50, values: [10, 40, 70] }, false)).toBe('met')
  expect(verdictOn(slow, false)).toBe('MISSED')
  expect(verdictOn(slow, true)).toBe('met in CPU time')
  expect(verdictOn({ ...slow, cpuMs: [5, 60, 90] }, true)).toBe('MISSED')
  expect(verdictOn({ ...slow, cpuMs: [] }, true)).toBe('MISSED')
  expect(verdictOn({ most: 50, values: [] }, true)).toBe('MISSED')
  expect(verdictOn({ values: [60] }, false)).toBeUndefined()
})
