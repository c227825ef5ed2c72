// Figures and times as the page writes them.
import { expect, test } from 'vitest'
import {
  ago,
  bytes,
  bytesPerSecond,
  counted,
  finishing,
  moment,
  perSecond,
  plain,
  short,
  span,
  typedDuration,
  until,
} from '../../../../src/web/ui/text/format.ts'

test.each([
  [0, '0'],
  [7, '7'],
  [0.42, '0.4'],
  [9.96, '10'],
  [999, '999'],
  [999.6, '1.0k'],
  [1_234, '1.2k'],
  [45_600, '46k'],
  [1_000_000, '1.0M'],
  [3e15, '3000T'],
  [Number.NaN, '–'],
])('%d is %s', (value, text) => {
  expect(short(value)).toBe(text)
})

test('bytes and rates have their unit', () => {
  expect(bytes(0)).toBe('0 B')
  expect(bytes(1_500)).toBe('1.5 kB')
  expect(bytesPerSecond(12_000_000)).toBe('12 MB/s')
  expect(perSecond(0.5)).toBe('0.5/s')
})

test('one is one, and none finishes', () => {
  expect(counted(1, 'session')).toBe('1 session')
  expect(counted(2, 'session')).toBe('2 sessions')
  expect(finishing(0)).toBe('no session is open')
  expect(finishing(1)).toBe('1 open session finishes')
  expect(finishing(3)).toBe('3 open sessions finish')
})

test.each([
  [-5, '0ms'],
  [250, '250ms'],
  [12_000, '12s'],
  [60_000, '1m'],
  [580_000, '9m40s'],
  [7_500_000, '2h5m'],
  [273_600_000, '3d4h'],
])('a span of %d ms is %s', (ms, text) => {
  expect(span(ms)).toBe(text)
})

test.each([
  [0, '0s'],
  [1_500, '1500ms'],
  [5_000, '5s'],
  [120_000, '2m'],
  [3_600_000, '1h'],
])('%d ms is typed as %s', (ms, text) => {
  expect(typedDuration(ms)).toBe(text)
})

test('times are told as they are to now', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  expect(ago(now - 500, now)).toBe('just now')
  expect(ago('2026-11-20T11:58:00Z', now)).toBe('2m ago')
  expect(until(now + 11_200, now)).toBe('in 12s')
  expect(until(now - 1, now)).toBe('now')
})

test('a moment is a date and a time, and what is none stays as it came', () => {
  expect(moment('2026-11-20T12:00:00Z')).toMatch(/^2026-11-(19|20|21) \d\d:\d\d:00$/)
  expect(moment('never')).toBe('never')
})

test('whatever a field holds is one line', () => {
  expect(plain('')).toBe('empty')
  expect(plain(null)).toBe('empty')
  expect(plain(0)).toBe('0')
  expect(plain(['a'])).toBe('["a"]')
})
