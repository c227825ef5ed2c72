// Counters into rates, one look after the other.
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { Meter, type MeterKey } from '../../../src/commands/screen/top-model.ts'

/** One look at objects by key, total and bytes. */
function look(meter: Meter, nowMs: number, ...notes: readonly [MeterKey, number, number][]): void {
  meter.begin(nowMs)
  for (const [key, total, bytes] of notes) meter.note(key, total, bytes)
  meter.end()
}

test('the first look tells no rates, the next ones tell those of the time between', () => {
  const meter = new Meter()
  look(meter, 1_000, ['a', 100, 5_000])
  expect(meter.of('a')).toMatchObject({ sessionsPerSecond: 0, bytesPerSecond: 0, history: [] })
  look(meter, 3_000, ['a', 110, 9_000])
  expect(meter.of('a')).toMatchObject({ sessionsPerSecond: 5, bytesPerSecond: 2_000, history: [5] })
  look(meter, 4_000, ['a', 110, 9_000])
  expect(meter.of('a')).toMatchObject({ sessionsPerSecond: 0, bytesPerSecond: 0, history: [5, 0] })
})

test('counters that go back count as nothing, as does a clock that stands', () => {
  const meter = new Meter()
  look(meter, 0, [1, 9, 900])
  look(meter, 0, [1, 10, 901])
  expect(meter.of(1)).toMatchObject({ sessionsPerSecond: 0, bytesPerSecond: 0, history: [] })
  look(meter, 1_000, [1, 3, 0])
  expect(meter.of(1)).toMatchObject({ sessionsPerSecond: 0, bytesPerSecond: 0, history: [0] })
})

test('what is gone is forgotten, and a minute is kept', () => {
  const meter = new Meter()
  for (let second = 0; second <= 2 * LIMITS.topLooksKept; second++)
    look(meter, second * 1_000, ['a', second * second, 0])
  const { history } = meter.of('a')
  expect(history).toHaveLength(LIMITS.topLooksKept)
  expect(history.at(-1)).toBe(4 * LIMITS.topLooksKept - 1)
  look(meter, 1_000_000)
  expect(meter.of('a').history).toEqual([])
})
