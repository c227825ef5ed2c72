// Checks of a group in words, and whose looks are whose.
import { expect, test } from 'vitest'
import type { CheckRow, CheckValues } from '../../../../../src/web/ui/api/types.ts'
import {
  fieldsOf,
  looksOf,
  nameOf,
  STANDARD,
  typedOf,
  whatItDecides,
  whatItDoes,
} from '../../../../../src/web/ui/views/service/check-text.ts'

const HTTP: CheckValues = { ...STANDARD, type: 'http', path: '/healthz', intervalMs: 1_500 }
const EXEC: CheckValues = { ...STANDARD, type: 'exec', command: '/usr/bin/look --hard' }

test('what a check does is a sentence', () => {
  expect(whatItDoes(STANDARD)).toBe('Connects every 5s, and waits 2s at most.')
  expect(whatItDoes({ ...HTTP, match: 'fine' })).toBe(
    'Asks for /healthz over HTTP every 1500ms, and waits 2s at most; good is 200-399 with “fine” in the answer.',
  )
  expect(whatItDoes(EXEC)).toContain('Runs /usr/bin/look --hard every 5s')
  expect([STANDARD, HTTP, EXEC].map(nameOf)).toEqual([
    'tcp',
    'http /healthz',
    'exec /usr/bin/look --hard',
  ])
})

test('what comes of its looks is one, too', () => {
  const text = (rise: number, fall: number) => whatItDecides({ ...STANDARD, rise, fall })
  expect(text(2, 3)).toBe('3 bad looks in a row take a host out, 2 good ones bring it back.')
  expect(text(1, 1)).toBe('1 bad look takes a host out, 1 good one brings it back.')
})

test('only fields that mean something are asked for, and are typed as the file has them', () => {
  expect(fieldsOf('tcp').map(({ name }) => name)).toEqual(['interval', 'timeout', 'fall', 'rise'])
  expect(fieldsOf('exec').map(({ name }) => name)).toContain('command')
  expect(typedOf(HTTP)).toMatchObject({
    type: 'http',
    interval: '1500ms',
    timeout: '2s',
    rise: '2',
  })
})

test('looks of two checks that read the same are told apart by their places', () => {
  const rows = [
    row('web/main/a', 'tcp', '+++'),
    row('web/main/a', 'tcp', '--', 2),
    row('web/main/a', 'probe', '-'),
    row('web/main/b', 'tcp', '+-+'),
    row('web/main/b', 'tcp', '++'),
  ]
  const found = (place: number) =>
    looksOf([STANDARD, STANDARD], place, rows).map(({ path, results }) => `${path} ${results}`)
  expect(found(0)).toEqual(['web/main/b +-+', 'web/main/a +++'])
  expect(found(1)).toEqual(['web/main/a --', 'web/main/b ++'])
  expect(found(2)).toEqual([])
})

function row(path: string, check: string, results: string, bad = 0): CheckRow {
  const streaks = { good: 0, bad, rise: 2, fall: 3 }
  const times = { lastAt: null, tookMs: null, nextMs: null }
  return { path, check, health: 'up', ...streaks, results, ...times, reason: '' }
}
