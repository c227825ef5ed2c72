import { expect, test } from 'vitest'
import { textOfChange } from '../../../src/commands/answer/change-text.ts'
import type { Edit } from '../../../src/model/change.ts'

const of = (edit: Edit) => textOfChange({ number: 1, time: 0, origin: 'file', act: 1, ...edit })

test.each<[string, Edit]>([
  ['web/main/a: added', { action: 'add', path: 'web/main/a', to: {} }],
  ['web: removed', { action: 'remove', path: 'web', from: {} }],
  [
    'web/main/a: state enabled -> draining',
    { action: 'set', path: 'web/main/a', field: 'intent', from: 'enabled', to: 'draining' },
  ],
  [
    'web/main: connectTimeout 5s -> 250ms',
    { action: 'set', path: 'web/main', field: 'connectTimeoutMs', from: 5_000, to: 250 },
  ],
  [
    'web/listen/unix:/run/x: allow none -> 10.0.0.0/8',
    { action: 'set', path: 'web/listen/unix:/run/x', field: 'allow', from: [], to: ['10.0.0.0/8'] },
  ],
  [
    'settings/hostCheck: interval 10s -> 5s',
    { action: 'set', path: 'settings/hostCheck', field: 'intervalMs', from: 10_000, to: 5_000 },
  ],
  [
    'settings/users: users a b -> a',
    { action: 'set', path: 'settings/users', field: 'users', from: ['a', 'b'], to: ['a'] },
  ],
  [
    'web/main: checks none -> http every 5s, tcp every 250ms',
    {
      action: 'set',
      path: 'web/main',
      field: 'checks',
      from: [],
      to: [
        { type: 'http', intervalMs: 5_000 },
        { type: 'tcp', intervalMs: 250 },
      ],
    },
  ],
  [
    'settings/users/bob: password changed',
    { action: 'set', path: 'settings/users/bob', field: 'password', from: '***', to: '***' },
  ],
  ['web: name web -> www', { action: 'set', path: 'web', field: 'name', from: 'web', to: 'www' }],
  [
    'web/main/a: moved before c',
    { action: 'set', path: 'web/main/a', field: 'before', from: 'b', to: 'c' },
  ],
  [
    'web/main/a: moved to the end',
    { action: 'set', path: 'web/main/a', field: 'before', from: 'b', to: '' },
  ],
  [
    'web: paused until 2026-11-21T00:00:00.000Z',
    { action: 'set', path: 'web', field: 'pausedUntil', from: 0, to: Date.UTC(2026, 10, 21) },
  ],
  ['web: resumed', { action: 'set', path: 'web', field: 'pausedUntil', from: 5, to: 0 }],
  ['web/main: ask none -> f', { action: 'set', path: 'web/main', field: 'ask', from: '', to: 'f' }],
])('%s', (text, edit) => {
  expect(of(edit)).toBe(text)
})

test('a long value is shortened', () => {
  const to = Array.from({ length: 50 }, () => ({ type: 'tcp' }))
  const text = of({ action: 'set', path: 'web/main', field: 'checks', from: [], to })
  expect(text.length).toBeLessThan(120)
  expect(text).toMatch(/^web\/main: checks none -> \[\{"type":"tcp"\}.*…$/)
})
