// What strangers wrote, count-downs and differences as the page shows them.
import { expect, test } from 'vitest'
import {
  type Difference,
  partsOf,
  summaryOf,
  textOf,
  valueText,
} from '../../../../src/web/ui/views/text/difference.ts'
import {
  countDownNews,
  countDownText,
  untilNextSecond,
} from '../../../../src/web/ui/views/text/count-down.ts'
import { rowsOf } from '../../../../src/web/ui/views/text/unified.ts'
import { visible, visibleLine } from '../../../../src/web/ui/views/text/visible.ts'

test('what steers a line instead of showing is shown instead of steering', () => {
  expect(visible('a\u202eb\u001b[31m\u200b')).toBe(String.raw`a\u202eb\u001b[31m\u200b`)
  expect(visible('two\nlines\tand <b>markup</b> é 日本')).toBe(
    'two\nlines\tand <b>markup</b> é 日本',
  )
})

test('a value of a list is one line of bounded length', () => {
  expect(visibleLine('a\nb')).toBe(String.raw`a\nb`)
  expect(visibleLine('x'.repeat(1_000_000))).toHaveLength(301)
})

test('a cut in the middle of a pair of units leaves nothing that cannot be shown', () => {
  expect(visibleLine('\u{1f600}'.repeat(200), 1)).toBe(String.raw`\ud83d…`)
})

test.each([
  [-1, '0:00'],
  [0, '0:00'],
  [1, '0:01'],
  [59_001, '1:00'],
  [299_000, '4:59'],
  [3_600_000, '1:00:00'],
])('a count-down shows %i ms as %s', (ms, text) => {
  expect(countDownText(ms)).toBe(text)
})

test('a count-down is looked at again as its next second begins', () => {
  expect([untilNextSecond(4_300), untilNextSecond(4_000), untilNextSecond(-3)]).toEqual([
    300, 1_000, 1_000,
  ])
})

test('a count-down is read aloud three times, not each second', () => {
  const said = [61_000, 60_000, 45_000, 30_000, 11_000, 10_000, 3_000, 0].map(countDownNews)
  expect(said).toEqual([
    '',
    'less than 1m left',
    'less than 1m left',
    'less than 30s left',
    'less than 30s left',
    'less than 10s left',
    'less than 10s left',
    'the time is over',
  ])
})

const set = (path: string, field: string, before: unknown, after: unknown): Difference => {
  return { action: 'set', kind: 'host', path, field, before, after }
}

test('differences are put together by service, settings last', () => {
  const parts = partsOf([
    set('settings/logging', 'level', 'info', 'debug'),
    set('web/main/a', 'weight', 1, 5),
    set('mail', 'mode', 'tcp', 'http'),
    set('web/main/b', 'weight', 1, 5),
  ])
  expect(parts.map(({ name, differences }) => [name, differences.length])).toEqual([
    ['web', 2],
    ['mail', 1],
    ['settings', 1],
  ])
})

test('a difference is a sentence with units', () => {
  const address = { address: '10.0.0.4:80' }
  expect([
    textOf(set('web/main/a', 'weight', 1, 5)),
    textOf(set('web/main', 'connectTimeoutMs', 5_000, 2_000)),
    textOf(set('settings/users/bob', 'password', '***', '***')),
    textOf(set('web/main/a', 'before', null, '')),
    textOf(set('web/main/a', 'before', null, 'b')),
    textOf({ ...set('web/main/d', '', null, address), action: 'add', field: null }),
    textOf({ ...set('web/main/d', '', address, null), action: 'remove', field: null }),
  ]).toEqual([
    'web/main/a: weight 1 → 5',
    'web/main: connectTimeout 5s → 2s',
    'settings/users/bob: password changed',
    'web/main/a: moved to the end',
    'web/main/a: moved before b',
    'host web/main/d 10.0.0.4:80',
    'host web/main/d 10.0.0.4:80',
  ])
})

test('a value of any kind has words', () => {
  const values = [null, '', true, false, 0, [], ['10.0.0.0/8', '::1'], { a: 1 }]
  expect(values.map((value) => valueText('deny', value))).toEqual([
    'none',
    'none',
    'yes',
    'no',
    '0',
    'none',
    '10.0.0.0/8 ::1',
    '{"a":1}',
  ])
})

test('how many differences there are', () => {
  const one = set('web/main/a', 'weight', 1, 5)
  expect([summaryOf([]), summaryOf([one]), summaryOf([one, one])]).toEqual([
    'no differences',
    '1 difference',
    '2 differences',
  ])
})

test('a unified difference becomes rows with the numbers of both sides', () => {
  const text =
    '--- stored\n+++ running\n@@ -4,3 +4,3 @@\n <a>\n-  <b />\n+  <b c="1" />\n </a>\n\\ No newline at end of file\n'
  expect(rowsOf(text)).toEqual([
    { kind: 'gap', from: null, to: null, text: '@@ -4,3 +4,3 @@' },
    { kind: 'same', from: 4, to: 4, text: '<a>' },
    { kind: 'removed', from: 5, to: null, text: '  <b />' },
    { kind: 'added', from: null, to: 5, text: '  <b c="1" />' },
    { kind: 'same', from: 6, to: 6, text: '</a>' },
  ])
  expect(rowsOf('')).toEqual([])
})
