// Sessions: which are looked at, and what ending them says and does.
import { expect, test } from 'vitest'
import type { SessionRow } from '../../../../src/web/ui/api/types.ts'
import {
  clientIp,
  commandOf,
  consequenceOf,
  endedIn,
  filterOf,
  filterText,
  hostPathOf,
  isAddress,
  isFiltered,
  onlyGone,
  queryOf,
} from '../../../../src/web/ui/views/sessions/session-filter.ts'

test('a filter becomes a query, whatever was typed', () => {
  expect(queryOf({ scope: '', client: '' }, 0)).toBe('limit=100')
  expect(queryOf(filterOf({ scope: ' /web/main/ ', client: ' ::1&after=9 ' }), 42)).toBe(
    'limit=100&scope=web%2Fmain&client=%3A%3A1%26after%3D9&after=42',
  )
})

test('a filter says what it lets through', () => {
  expect(filterText({ scope: 'web', client: '10.0.0.0/8' })).toBe(' of web from 10.0.0.0/8')
  expect(filterText({ scope: '', client: '' })).toBe('')
  expect([isFiltered({ scope: '', client: '' }), isFiltered({ scope: '', client: 'a' })]).toEqual([
    false,
    true,
  ])
})

test.each([
  ['192.0.2.7:51514', '192.0.2.7'],
  ['[2001:db8::7]:51514', '2001:db8::7'],
  ['192.0.2.7', '192.0.2.7'],
  ['', ''],
])('the client %s is %s without its port', (client, ip) => {
  expect(clientIp(client)).toBe(ip)
})

test('a session that has no host yet has no path of one', () => {
  const row = { service: 'web', group: 'main', host: '' } as SessionRow
  expect([hostPathOf(row), hostPathOf({ ...row, host: 'a' })]).toEqual(['', 'web/main/a'])
})

test('each way of ending sessions is one command', () => {
  expect(commandOf({ kind: 'session', id: 7 })).toEqual({ name: 'kill-session', values: { id: 7 } })
  expect(commandOf({ kind: 'host', path: 'web/main/a' })).toEqual({
    name: 'kill-host',
    values: { host: 'web/main/a' },
  })
  expect(commandOf({ kind: 'client', client: '::1' })).toEqual({
    name: 'kill-client',
    values: { clients: '::1' },
  })
})

test('what is shown is ended by lines that are made of numbers alone', () => {
  const evil = ['2\nstop', Number.NaN, 3.5, -1] as unknown as readonly number[]
  expect(commandOf({ kind: 'shown', ids: [1, ...evil, 9] })).toEqual({
    name: 'batch',
    values: { keepGoing: true, input: 'kill session 1\nkill session 9\n' },
  })
})

test('a confirm says how many sessions end', () => {
  expect(consequenceOf({ kind: 'host', path: 'web/main/a' }, 1_234)).toMatch(
    /^1234 open sessions of web\/main\/a end at once/,
  )
  expect(consequenceOf({ kind: 'client', client: '::1' }, 1)).toMatch(
    /^1 open session from ::1 ends at once/,
  )
  expect(consequenceOf({ kind: 'shown', ids: [1] }, 1)).toMatch(/^1 open session of this page ends/)
  expect(consequenceOf({ kind: 'session', id: 3 }, 1)).toMatch(/^Session 3 ends at once/)
})

test('what was ended is read out of any answer', () => {
  expect(endedIn({ after: { ended: 3 } })).toBe(3)
  expect(endedIn([{ exit: 0 }, { exit: 4 }, { exit: 0 }])).toBe(2)
  expect([endedIn(null), endedIn({}), endedIn({ after: null }), endedIn([null])]).toEqual([
    0, 0, 0, 0,
  ])
})

test('only a whole address of clients can be ended as one', () => {
  const whole = ['192.0.2.7', '2001:db8::7', '::1', '::ffff:192.0.2.7']
  expect(whole.map(isAddress)).toEqual([true, true, true, true])
  expect(['192.0', '', '10.0.0.0/8', 'a:b', '192.0.2.7:80', ':'].map(isAddress)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ])
})

test('sessions that ended by themselves meanwhile are no failure', () => {
  expect(onlyGone([{ exit: 0 }, { exit: 4 }])).toBe(true)
  expect([
    onlyGone([{ exit: 0 }, { exit: 3 }]),
    onlyGone([]),
    onlyGone(undefined),
    onlyGone([{}]),
  ]).toEqual([false, false, false, false])
})

test('where there are too many to count, a confirm says so', () => {
  expect(consequenceOf({ kind: 'client', client: '::1' }, 10_000, true)).toMatch(
    /^more than 10000 open sessions/,
  )
})
