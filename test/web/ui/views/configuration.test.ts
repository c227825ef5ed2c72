// Documents: faults by their place, line numbers, conflicts in words, and what may be said with a commit.
import { expect, test } from 'vitest'
import { affectedText, openOnRemoved } from '../../../../src/web/ui/views/configuration/affected.ts'
import {
  commentFault,
  confirmFault,
} from '../../../../src/web/ui/views/configuration/commit-form.ts'
import {
  baseText,
  settleText,
  sideText,
} from '../../../../src/web/ui/views/configuration/conflict-text.ts'
import { mayConfirm } from '../../../../src/web/ui/views/configuration/documents.ts'
import {
  lineText,
  linesOf,
  linesWith,
  numberWidth,
} from '../../../../src/web/ui/views/text/line-numbers.ts'
import { offsetOf, placeOf, refusalOf } from '../../../../src/web/ui/views/configuration/refusal.ts'

test('the faults of a document are found in what refused it, with their places', () => {
  const detail = [
    'candidate:2:9: weight is a whole number from 0 to 256, got "heavy"',
    'C:\\dir:with:2:3: x/config.xml:12:5: warning: 10.0.0.1:80 is given twice',
    'more than 50 faults',
    '',
  ].join('\n')
  expect(refusalOf(detail)).toEqual({
    faults: [
      {
        line: 2,
        column: 9,
        text: 'weight is a whole number from 0 to 256, got "heavy"',
        isWarning: false,
      },
      {
        line: 2,
        column: 3,
        text: 'x/config.xml:12:5: warning: 10.0.0.1:80 is given twice',
        isWarning: false,
      },
    ],
    others: ['more than 50 faults'],
  })
  expect(refusalOf('a:1:2: warning: odd').faults).toEqual([
    { line: 1, column: 2, text: 'odd', isWarning: true },
  ])
})

test('a place is found in a text, and its end where the text is shorter', () => {
  const text = 'one\ntwo\nthree'
  expect(offsetOf(text, 1, 1)).toBe(0)
  expect(offsetOf(text, 2, 3)).toBe(6)
  expect(offsetOf(text, 2, 99)).toBe(7)
  expect(offsetOf(text, 3, 2)).toBe(9)
  expect(offsetOf(text, 99, 1)).toBe(text.length)
  expect(placeOf(text, 6)).toEqual({ line: 2, column: 3 })
  expect(placeOf(text, 0)).toEqual({ line: 1, column: 1 })
})

test('the lines of a text are those that an editor numbers', () => {
  expect(linesOf('')).toEqual([])
  expect(linesOf('a\r\nb\n')).toEqual(['a', 'b'])
  expect(linesOf('a\n\nb')).toEqual(['a', '', 'b'])
  expect([numberWidth(5), numberWidth(12_345)]).toEqual([2, 5])
})

test('a line that is too long to show says how much more there is', () => {
  expect(lineText('x'.repeat(2_005))).toBe(`${'x'.repeat(2_000)} … 5 more characters`)
})

test('lines are found by what stands in them', () => {
  expect(linesWith(['<Host a', 'b', 'host'], 'host')).toEqual([0, 2])
  expect(linesWith(['a'], '')).toEqual([])
})

test('a conflict says what became of each side', () => {
  const value = { path: 'web/main/a/weight', field: 'weight', base: 3 }
  const whole = { path: 'web/main/a', field: null, base: { name: 'a' } }
  expect([baseText(value), sideText(value, 7)]).toEqual(['3', '7'])
  expect([baseText(whole), sideText(whole, null), sideText(whole, {})]).toEqual([
    'there',
    'removed it',
    'changed it',
  ])
  expect([baseText({ ...whole, base: null }), sideText({ ...whole, base: null }, {})]).toEqual([
    'not there',
    'added it',
  ])
})

test('settling a conflict is told before it is done, with all that goes with it', () => {
  const value = { path: 'web/main/a/weight', field: 'weight', base: 3, beside: ['web/main/b'] }
  expect(settleText(value, 'file', 7)).toBe(
    'web/main/a/weight becomes 7, as in the file; settled with it: web/main/b',
  )
  const whole = { path: 'web/main/a', field: null, base: {}, beside: [] }
  expect(settleText(whole, 'running', null)).toBe('web/main/a is removed, as it runs')
})

test('a comment is one line of bounded length', () => {
  expect([commentFault(''), commentFault('b can take more')]).toEqual(['', ''])
  expect(commentFault('two\nlines')).toMatch(/one line/)
  expect(commentFault('x'.repeat(1_001))).toMatch(/at most 1000 .* 1001/)
})

test('a time to confirm has a unit and a range', () => {
  expect(['', '1s', '5m', '1.5h', '24h'].map(confirmFault)).toEqual(['', '', '', '', ''])
  expect(confirmFault('5')).toMatch(/unit/)
  expect(confirmFault('10ms')).toMatch(/from 1s to 24h/)
  expect(confirmFault('2d')).toMatch(/from 1s to 24h/)
})

test('a commit is confirmed by its operator, or by role full', () => {
  const of = { operator: 'alice' }
  expect(mayConfirm(of, { operator: 'alice', role: 'operate' })).toBe(true)
  expect(mayConfirm(of, { operator: 'bob', role: 'operate' })).toBe(false)
  expect(mayConfirm(of, { operator: 'bob', role: 'full' })).toBe(true)
  expect(mayConfirm(of, { operator: 'alice', role: 'readonly' })).toBe(false)
})

const open = {
  hosts: [
    { path: 'web/main/a', open: 3 },
    { path: 'web/main/ab', open: 5 },
    { path: 'mail/main/a', open: 7 },
  ],
  listeners: [
    { path: 'web/listen/0.0.0.0:80', open: 8 },
    { path: 'mail/listen/0.0.0.0:25', open: 7 },
  ],
}

function removed(kind: string, path: string) {
  return { action: 'remove', kind, path, field: null, before: {}, after: null } as const
}

test('sessions of what is removed are counted once', () => {
  expect(openOnRemoved([removed('host', 'web/main/a')], open)).toBe(3)
  expect(openOnRemoved([removed('group', 'web/main'), removed('host', 'web/main/a')], open)).toBe(8)
  expect(openOnRemoved([removed('listener', 'web/listen/0.0.0.0:80')], open)).toBe(8)
  const service = [removed('service', 'mail'), removed('listener', 'mail/listen/0.0.0.0:25')]
  expect(openOnRemoved(service, open)).toBe(7)
})

test('what a change means for sessions is a sentence', () => {
  const none = { ...open, hosts: [], listeners: [] }
  expect(affectedText([], open)).toBe('Nothing is removed: open sessions go on.')
  expect(affectedText([removed('host', 'web/main/a')], none)).toBe(
    'No session is open on what is removed.',
  )
  expect(affectedText([removed('host', 'web/main/a')], open)).toBe(
    '3 sessions are open on what is removed. They finish, and no new ones come.',
  )
})
