// Instants as operators write them.
import { expect, test } from 'vitest'
import { formatInstant, INSTANT_MAX, parseInstant } from '../../src/base/instant.ts'

test.each([
  ['2026-12-21T10:00:00Z', Date.UTC(2026, 11, 21, 10)],
  ['1970-01-01T00:00:00Z', 0],
  ['2028-02-29T23:59:59Z', Date.UTC(2028, 1, 29, 23, 59, 59)],
  ['9999-12-31T23:59:59Z', INSTANT_MAX],
])('%s is read and written', (text, time) => {
  expect(parseInstant(text)).toBe(time)
  expect(formatInstant(time)).toBe(text)
})

test.each([
  '',
  'never',
  '2026-12-21',
  '2026-12-21T10:00:00',
  '2026-12-21T10:00:00+01:00',
  '2026-12-21T10:00:00.5Z',
  '2026-12-21t10:00:00z',
  ' 2026-12-21T10:00:00Z',
  '2026-02-30T10:00:00Z',
  '2027-02-29T10:00:00Z',
  '2026-13-01T10:00:00Z',
  '2026-12-21T24:00:00Z',
  '2026-12-21T10:60:00Z',
  '2026-12-31T23:59:60Z',
  '+012026-12-21T10:00:00Z',
])('%j is none', (text) => {
  expect(parseInstant(text)).toBeUndefined()
})

test('a part of a second is left out', () => {
  expect(formatInstant(1_999)).toBe('1970-01-01T00:00:01Z')
})
