// Who gets in: links, operators, tokens; what they did; what the log says; and long work.
import { expect, test } from 'vitest'
import type { Job } from '../../../../src/web/ui/api/types.ts'
import {
  type AuditLine,
  isAlarming,
  isWanted,
  whatOf,
  whoOf,
} from '../../../../src/web/ui/views/audit/audit-line.ts'
import {
  inOrder,
  lineOf,
  shownNotes,
  stateText,
} from '../../../../src/web/ui/views/jobs/job-list.ts'
import {
  factsText,
  isAbout,
  isSevere,
  levelOf,
  openedFacts,
} from '../../../../src/web/ui/views/log/log-line.ts'
import { codeIn, linkCommand, withoutCode } from '../../../../src/web/ui/views/login/login-link.ts'
import {
  expiryFault,
  expiryText,
  isSoon,
  type Login,
  mayLogOut,
  nameFault,
  proofText,
  removalText,
  type User,
} from '../../../../src/web/ui/views/operators/people.ts'

test('the code of a log-in link is found, and nothing else is taken for one', () => {
  expect(['#link=abc-DEF_1', '#/?link=abc', '#/link=abc', '#link=a%2Bb'].map(codeIn)).toEqual([
    'abc-DEF_1',
    'abc',
    'abc',
    'a+b',
  ])
  const none = [
    '',
    '#',
    '#/services/web',
    '#link=',
    '#link=%',
    '#link=<b>',
    `#link=${'x'.repeat(201)}`,
  ]
  expect(none.map(codeIn)).toEqual(none.map(() => undefined))
})

test('the code leaves the address, all else stays', () => {
  expect(withoutCode('/?a=1#link=abc')).toBe('/?a=1')
})

test('who has a key alone is told what to type for this very host', () => {
  expect(linkCommand('lb.example:7001')).toBe('ssh -p 2222 lb.example web link')
  expect(linkCommand('[::1]:7001')).toBe('ssh -p 2222 [::1] web link')
})

const line: AuditLine = { number: 7, time: '2026-11-21T10:00:00Z', event: 'change', hash: '' }

test('a line of the audit log is a sentence, whichever way it came', () => {
  const change = {
    ...line,
    origin: 'web:bob',
    action: 'set',
    path: 'web/main/a',
    field: 'weight',
    before: 1,
    after: 5,
  }
  expect([whoOf(change), whatOf(change)]).toEqual(['web:bob', 'set weight of web/main/a: 1 → 5'])
  const empty = {
    ...line,
    event: 'result',
    operator: 'bob',
    action: null,
    path: null,
    before: null,
    exit: 0,
  }
  expect([whoOf(empty), whatOf(empty)]).toEqual(['bob', 'exit 0'])
  expect(whatOf({ ...line, line: 'say a\u202eb' })).toBe(String.raw`say a\u202eb`)
})

test('changes are found by their author, whatever way they came in', () => {
  const change = { ...line, origin: 'web:bob' }
  const by = (operator: string, event = '') => isWanted(change, { operator, event })
  expect([by('bob'), by('web'), by(''), by('bob', 'change'), by('bob', 'login')]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ])
})

test('what was refused, failed or is broken stands out', () => {
  expect(isAlarming({ ...line, event: 'login refused' })).toBe(true)
  expect(isAlarming({ ...line, event: 'result', exit: 3 })).toBe(true)
  expect(isAlarming({ ...line, event: 'result', exit: 0 })).toBe(false)
})

const logged = {
  time: '',
  level: 'warn',
  event: 'host down',
  facts: { host: 'a', reason: 'no <b>route</b>', ms: 5 },
} as const

test('a line of the log shows its facts as text', () => {
  expect(factsText(logged)).toBe('host=a reason="no <b>route</b>" ms=5')
  expect(openedFacts({ ...logged, facts: { a: { b: 1 }, c: 'x\ny' } })).toEqual([
    ['a', '{"b":1}'],
    ['c', 'x\ny'],
  ])
})

test('lines of the log are filtered by level and by text', () => {
  expect([isSevere(logged, 'warn'), isSevere(logged, 'error'), isSevere(logged, 'debug')]).toEqual([
    true,
    false,
    true,
  ])
  expect([isAbout(logged, 'ROUTE'), isAbout(logged, 'down'), isAbout(logged, 'web')]).toEqual([
    true,
    true,
    false,
  ])
  expect([levelOf('info'), levelOf('loud')]).toEqual(['info', 'debug'])
})

const login = { id: 3, operator: 'alice' } as Login
const user: User = { name: 'bob', role: 'full', auth: 'any', password: true, keys: 2, logins: 1 }

test('a log-in is ended by its own operator, or by role full', () => {
  expect(mayLogOut(login, { operator: 'alice', role: 'operate' })).toBe(true)
  expect(mayLogOut(login, { operator: 'bob', role: 'operate' })).toBe(false)
  expect(mayLogOut(login, { operator: 'bob', role: 'full' })).toBe(true)
})

test('removing an operator says what that ends', () => {
  expect(removalText(user)).toMatch(/with 2 keys .* 1 log-in ends/)
  expect(removalText({ ...user, logins: 0 })).toMatch(/Nobody is logged in/)
  expect(proofText(user)).toBe('a password and 2 keys; asked for: any')
  expect(proofText({ ...user, password: false, keys: 0 })).toBe('nothing yet; asked for: any')
})

test('names and expiries are looked at before they are sent', () => {
  expect([
    nameFault('carol', ['bob']),
    nameFault('bob', ['bob']),
    nameFault('a b', []),
    nameFault('', []),
  ]).toEqual([
    '',
    'there is already bob',
    'a name has neither gaps nor slashes',
    'a name is needed',
  ])
  expect(['30d', 'never', '2027-01-01T00:00:00Z'].map(expiryFault)).toEqual(['', '', ''])
  expect(expiryFault('soon')).toMatch(/30d/)
})

test('a token says how long it still is one', () => {
  const token = { name: 'deploy', role: 'operate', expires: '1970-01-03T00:00:00Z', expired: false }
  expect(expiryText(token, 0)).toBe('expires in 2 days')
  expect(expiryText(token, 86_400_001)).toBe('expires within a day')
  expect(expiryText({ ...token, expired: true }, 0)).toBe('has expired')
  expect(expiryText({ ...token, expires: null }, 0)).toBe('never expires')
  expect([isSoon(token, 0), isSoon({ ...token, expires: '1970-01-30T00:00:00Z' }, 0)]).toEqual([
    true,
    false,
  ])
})

const job: Job = { job: '1', state: 'running', line: 'save', operator: 'bob', since: '', notes: [] }

test('jobs that run come first', () => {
  const jobs: readonly Job[] = [
    { ...job, job: '1', state: 'done' },
    { ...job, job: '2' },
    { ...job, job: '3', state: 'failed' },
  ]
  expect(inOrder(jobs).map((each) => each.job)).toEqual(['2', '1', '3'])
})

test('what a job says of itself is bounded, and text', () => {
  const notes = Array.from({ length: 500 }, (_, index) => `<b>${index}</b>\u202e`)
  expect(shownNotes({ ...job, notes })).toHaveLength(200)
  expect(stateText({ ...job, notes })).toBe(String.raw`<b>499</b>\u202e`)
  const { line: _, ...nameless } = job
  expect([lineOf(job), lineOf(nameless)]).toEqual(['save', 'job 1'])
})

test('a job that ended says how', () => {
  expect(stateText(job)).toBe('under way')
  expect(stateText({ ...job, state: 'done', result: { message: 'config.xml: written' } })).toBe(
    'config.xml: written',
  )
  expect(stateText({ ...job, state: 'done', result: [] })).toBe('done')
  expect(
    stateText({
      ...job,
      state: 'failed',
      problem: { title: 'Refused', status: 409, code: 'REFUSED', detail: 'no room' },
    }),
  ).toBe('no room')
})
