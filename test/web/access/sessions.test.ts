// How long log-ins of the page last, and how many there can be, by a clock that the test winds.
import { expect, test } from 'vitest'
import { LoginNotes } from '../../../src/access/login-notes.ts'
import type { UserSnapshot } from '../../../src/model/snapshot.ts'
import { WEB_ACCESS_LIMITS, type WebAccessLimits } from '../../../src/web/access/limits.ts'
import { Links } from '../../../src/web/access/links.ts'
import { type Session, Sessions } from '../../../src/web/access/sessions.ts'
import { HandClock } from '../../helpers/hand-clock.ts'
import { MemoryAudit } from '../../helpers/memory-audit.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'

const HOUR_MS = 3_600_000
const address = '192.0.2.1'
const userNamed = (name: string): UserSnapshot => {
  return { name, access: 'operate', auth: 'any', password: '', keys: ['ssh-ed25519 AAAA one'] }
}
const alice = userNamed('alice')

function start(limits: Partial<WebAccessLimits> = {}) {
  const [clock, audit] = [new HandClock(), new MemoryAudit()]
  const notes = new LoginNotes('web', new RecordingLog(), audit)
  const sessions = new Sessions({ notes, clock, limits: { ...WEB_ACCESS_LIMITS, ...limits } })
  const open = (user = alice, how: 'password' | 'link' = 'password') =>
    sessions.open({ user, how, address })
  const whyEnded = ({ id }: Session) =>
    audit.lines().find(({ event, login }) => event === 'logout' && login === id)?.reason
  return { clock, sessions, open, whyEnded }
}

test('a log-in lies idle for an hour and no longer, and what goes on by it is aborted', () => {
  const { clock, sessions, open, whyEnded } = start()
  const { session, id } = open()
  clock.jump(HOUR_MS - 1)
  expect(sessions.of(id)).toBe(session)
  sessions.use(session, false)()
  clock.jump(HOUR_MS - 1)
  expect(session.ended.aborted).toBe(false)
  clock.jump(1)
  sessions.look()
  expect(session.ended.aborted).toBe(true)
  expect(sessions.of(id)).toBeUndefined()
  expect(sessions.list).toEqual([])
  expect(whyEnded(session)).toBe('it was idle for too long')
})

test('who looks on at the events is not idle, but a day is never made of it', () => {
  const { clock, sessions, open, whyEnded } = start()
  const { session, id } = open()
  const done = sessions.use(session, true)
  expect(session.view).toMatchObject({ channels: ['page', 'events'] })
  clock.jump(11 * HOUR_MS)
  expect(sessions.of(id)).toBe(session)
  done()
  expect(session.view).toMatchObject({ channels: ['page'] })
  clock.jump(HOUR_MS - 1)
  sessions.use(session, true)
  expect(sessions.of(id)).toBe(session)
  clock.jump(1)
  expect(sessions.of(id)).toBeUndefined()
  expect(whyEnded(session)).toBe('it lasted too long')
})

test('of too many log-ins the one that was idle longest ends, first among those of the same operator', () => {
  const { clock, sessions, open, whyEnded } = start({ sessionsMax: 4, sessionsPerOperatorMax: 2 })
  const others = ['bob', 'carol'].map((name) => {
    clock.jump(1)
    return open(userNamed(name)).session
  })
  const [first, second] = [open().session, open().session]
  clock.jump(1)
  sessions.use(first, false)()
  const third = open().session
  expect(sessions.list).toEqual([...others, first, third])
  expect(whyEnded(second)).toBe('there were too many log-ins')
  const dave = open(userNamed('dave')).session
  expect(sessions.list).toEqual([others[1], first, third, dave])
})

test('a log-in by a link ends when a key of its operator is taken out, by which it may have come', () => {
  const { sessions, open } = start()
  const [byLink, byPassword] = [open(alice, 'link').session, open().session]
  sessions.usersChanged([{ ...alice, keys: [...alice.keys, 'ssh-ed25519 AAAA two'] }], undefined)
  expect(sessions.list).toEqual([byLink, byPassword])
  sessions.usersChanged([{ ...alice, keys: [] }], undefined)
  expect(sessions.list).toEqual([byPassword])
})

test('a hash that Sluice replaced by itself ends nothing, any other one does', () => {
  const { sessions, open } = start()
  const { session } = open()
  const renewed = { ...alice, password: 'scrypt$…' }
  sessions.usersChanged([renewed], 'alice')
  expect(sessions.list).toEqual([session])
  sessions.usersChanged([{ ...renewed, password: 'another' }], 'bob')
  expect(sessions.list).toEqual([])
})

test('only the token of the log-in proves that our page asks', () => {
  const { open } = start()
  const [one, other] = [open().session, open().session]
  expect(one.proves(one.csrf)).toBe(true)
  for (const token of [other.csrf, '', `${one.csrf} `, one.csrf.slice(1)])
    expect(one.proves(token)).toBe(false)
})

test('an id lets in whoever has it, and is kept nowhere', () => {
  const { sessions, open } = start()
  const { session, id } = open()
  expect(sessions.of(id)).toBe(session)
  expect(sessions.of(`${id}x`)).toBeUndefined()
  expect(sessions.of(undefined)).toBeUndefined()
  expect(JSON.stringify([sessions, session, session.view])).not.toContain(id)
})

function startLinks(limits: Partial<WebAccessLimits> = {}) {
  const clock = new HandClock()
  let users: readonly UserSnapshot[] = [alice, userNamed('bob')]
  const links = new Links({
    clock,
    limits: { ...WEB_ACCESS_LIMITS, ...limits },
    users: () => users,
  })
  const setUsers = (now: readonly UserSnapshot[]) => {
    users = now
  }
  return { clock, links, setUsers }
}

test('a link lets its operator in once, for a minute', () => {
  const { clock, links } = startLinks()
  const [code, late] = [links.make('alice'), links.make('alice')]
  clock.jump(59_999)
  expect(links.take(code)).toEqual({ kind: 'right', user: alice })
  expect(links.take(code)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/used/) })
  clock.jump(1)
  expect(links.take(late)).toMatchObject({
    kind: 'refused',
    name: 'alice',
    reason: expect.stringMatching(/too old/),
  })
  expect(() => links.make('nobody')).toThrow('no such object: no user nobody')
})

test('a link does not outlive what its operator was when he asked for it', () => {
  const { links, setUsers } = startLinks()
  const codes = [links.make('alice'), links.make('alice')]
  setUsers([{ ...alice, access: 'full' }])
  expect(links.take(codes[0] ?? '')).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/was changed/),
  })
  setUsers([])
  expect(links.take(codes[1] ?? '')).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/was changed/),
  })
})

test('links are few, and the oldest of an operator who asks for many goes', () => {
  const { links } = startLinks({ linksPerOperatorMax: 2, linksMax: 3 })
  const bobs = links.make('bob')
  const [first, second, third] = [1, 2, 3].map(() => links.make('alice'))
  expect(links.take(first ?? '')).toMatchObject({ kind: 'refused' })
  expect(links.take(bobs)).toMatchObject({ kind: 'right' })
  expect(links.take(second ?? '')).toMatchObject({ kind: 'right' })
  expect(links.take(third ?? '')).toMatchObject({ kind: 'right' })
})
