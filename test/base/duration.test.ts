// Durations with their unit, both ways.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../src/base/duration.ts'
import { randomly, seed } from '../helpers/seed.ts'

test.each([
  ['250ms', 250],
  ['5s', 5_000],
  ['1.5m', 90_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
  ['0s', 0],
  [' 5s ', 5_000],
  ['0.0004s', 0],
  ['0.0005s', 1],
])('%j is %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  '',
  '5',
  '5 s',
  's',
  '-5s',
  '+5s',
  '5S',
  '5sec',
  '1e3s',
  '.5s',
  '5.s',
  '1h30m',
  '5,5s',
  'NaNs',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test.each([
  [0, '0ms'],
  [1, '1ms'],
  [1_000, '1s'],
  [1_500, '1500ms'],
  [90_000, '90s'],
  [120_000, '2m'],
  [3_600_000, '1h'],
  [86_400_000, '1d'],
  [90_000_000, '25h'],
])('%d milliseconds are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test(`what is written is read again as the same (seed ${seed})`, () => {
  const anyMs = fc.oneof(
    fc.nat(),
    fc.nat({ max: 10_000 }).map((n) => n * 1_000),
  )
  fc.assert(
    fc.property(anyMs, (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms)
    }),
    randomly(),
  )
})
