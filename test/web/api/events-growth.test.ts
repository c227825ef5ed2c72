// Counters into rates.
import { expect, test } from 'vitest'
import { Growth } from '../../../src/web/api/events-growth.ts'

function at(total: number, bytes: number) {
  return { total, failed: total / 2, bytesFromClient: bytes, bytesFromHost: 2 * bytes }
}

function look(growth: Growth<string>, nowMs: number, total: number, bytes: number, same = true) {
  growth.begin(nowMs, same)
  growth.note('a', at(total, bytes))
  growth.end()
  return growth.of('a')
}

test('the first look tells no rates, the next ones tell those of the time between', () => {
  const growth = new Growth<string>()
  expect(look(growth, 1_000, 100, 5_000)).toMatchObject({ sessionsPerSecond: 0 })
  expect(look(growth, 3_000, 110, 9_001)).toEqual({
    sessionsPerSecond: 5,
    failedPerSecond: 2.5,
    bytesFromClientPerSecond: 2_001,
    bytesFromHostPerSecond: 4_001,
  })
})

test('counters that go back count as nothing, as does a clock that stands', () => {
  const growth = new Growth<string>()
  look(growth, 0, 10, 1_000)
  expect(look(growth, 0, 20, 2_000)).toMatchObject({ sessionsPerSecond: 0 })
  expect(look(growth, 1_000, 5, 0)).toMatchObject({
    sessionsPerSecond: 0,
    bytesFromHostPerSecond: 0,
  })
})

test('bytes that are counted in another way than before are no traffic, sessions are', () => {
  const growth = new Growth<string>()
  look(growth, 0, 10, 0)
  expect(look(growth, 1_000, 20, 1_000_000, false)).toMatchObject({
    sessionsPerSecond: 10,
    bytesFromClientPerSecond: 0,
  })
  expect(look(growth, 2_000, 20, 1_000_010)).toMatchObject({ bytesFromClientPerSecond: 10 })
})

test('what is gone is forgotten', () => {
  const growth = new Growth<string>()
  look(growth, 0, 10, 0)
  look(growth, 1_000, 20, 0)
  growth.begin(2_000, true)
  growth.end()
  expect(growth.of('a')).toMatchObject({ sessionsPerSecond: 0 })
})
