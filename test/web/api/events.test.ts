// What pages are told of by themselves: whom, what, and when no more.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { EventScene } from '../../helpers/event-scene.ts'
import { eventually } from '../../helpers/eventually.ts'
import { sessionRow } from '../../helpers/stub-process.ts'

let scene: EventScene

beforeEach(async () => {
  scene = await EventScene.start({ streams: 3, perLogin: 2 })
})

afterEach(async () => {
  await scene.stop()
})

function weigh(weight: number): void {
  withOrigin('ssh:bob', () => {
    scene.balancer.service('web').group('main').host('a').weight = weight
  })
}

test('a stream says who one is and how the document stands, and may not be kept', async () => {
  const reader = await scene.open()
  expect(reader.reply.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  expect(reader.text).toMatch(/^retry: \d+\n\n/)
  expect(reader.events[0]).toMatchObject({
    event: 'hello',
    data: { operator: 'alice', role: 'full', version: '1.2.3' },
  })
  expect(reader.events[1]).toMatchObject({
    event: 'config',
    data: { unsaved: null, revision: 2, conflicts: 1, pending: null },
  })
})

test('a change is told to all, as `tail changes --json` has it', async () => {
  const readers = [await scene.open(), await scene.open('?topics=change', { login: 2 })]
  weigh(5)
  for (const reader of readers) {
    const { data, id } = await reader.next('change')
    expect(data).toEqual({
      number: expect.any(Number),
      time: new Date(0).toISOString(),
      origin: 'ssh:bob',
      act: expect.any(Number),
      action: 'set',
      path: 'web/main/a',
      field: 'weight',
      from: 1,
      to: 5,
      lost: 0,
    })
    expect(id).toMatch(/^[0-9a-f]{12}-1$/)
  }
})

test('no hash of a password is told', async () => {
  const reader = await scene.open()
  const hash = 'scrypt$16384$8$1$c2FsdHNhbHRzYWx0c2FsdA$a2V5a2V5'
  scene.balancer.setUsers([{ name: 'alice', access: 'full', password: hash }])
  weigh(7)
  await reader.next('change', ({ data }) => data['to'] === 7)
  expect(reader.text).not.toContain('scrypt')
})

test('who comes back is told what was missed, and who missed too much is told to begin anew', async () => {
  const first = await scene.open()
  const { id = '' } = await first.next('config')
  first.close()
  weigh(2)
  weigh(3)
  const second = await scene.open('', {}, { 'last-event-id': id })
  expect(second.of('change').map(({ data }) => data['to'])).toEqual([2, 3])
  expect(second.of('reset')).toEqual([])
  const late = second.of('config')[0]?.id ?? ''
  second.close()
  for (let count = 0; count <= LIMITS.webChangesKept; count++) weigh(count % 2 === 0 ? 10 : 11)
  const third = await scene.open('', {}, { 'last-event-id': late })
  expect(third.of('reset')).toHaveLength(1)
  expect(third.of('change')).toEqual([])
  third.close()
})

test.each(['x', '5', '1-2', '-', '1-2-3', '9e99-1', '__proto__'])(
  'an id that nobody gave means beginning anew: %j',
  async (id) => {
    const reader = await scene.open('', {}, { 'last-event-id': id })
    expect(reader.of('reset')).toHaveLength(1)
    expect(reader.of('change')).toEqual([])
  },
)

test('traffic is told once a second, open sessions included', async () => {
  scene.process.sessionRows = [sessionRow(1, { bytesFromHost: 1_000 })]
  const reader = await scene.open('?topics=traffic')
  await reader.next('traffic')
  scene.process.sessionRows = [sessionRow(1, { bytesFromHost: 9_000_000 })]
  const isMoving = ({ data }: { data: Readonly<Record<string, unknown>> }) => {
    const { web } = data['services'] as Record<string, Record<string, number>>
    return (web?.['bytesFromHostPerSecond'] ?? 0) > 1_000_000
  }
  const { data } = await reader.next('traffic', isMoving)
  expect(data).toMatchObject({ sessions: 1, waiting: 0, time: expect.stringMatching(/Z$/) })
  expect(Object.keys(data['services'] as object)).toEqual(['web', 'mail'])
  expect(reader.of('hosts')).toEqual([])
})

test('hosts are told of the service that is asked for, and of none that is not there', async () => {
  const reader = await scene.open('?topics=hosts&service=web')
  const { data } = await reader.next('hosts')
  expect(data).toEqual({
    service: 'web',
    hosts: {
      'main/a': [0, 0, 0, 0, 0, 0],
      'main/b': [0, 0, 0, 0, 0, 0],
      'main/c': [0, 0, 0, 0, 0, 0],
      'spare/s': [0, 0, 0, 0, 0, 0],
    },
  })
  const other = await scene.open('?topics=hosts,traffic&service=constructor', { login: 2 })
  await other.next('traffic')
  expect(other.of('hosts')).toEqual([])
})

test('how the document stands is told when that changes', async () => {
  const reader = await scene.open('?topics=change')
  scene.process.state = { ...scene.process.state, unsaved: 'the disk is full', revision: 3 }
  const { data } = await reader.next('config', (seen) => seen.data['revision'] === 3)
  expect(data).toMatchObject({ unsaved: 'the disk is full' })
})

test('a commit that waits to be confirmed is told of, without its changes', async () => {
  const reader = await scene.open('?topics=change')
  const pending = {
    operator: 'bob',
    origin: 'ssh:bob',
    comment: 'more',
    time: Date.UTC(2026, 10, 20),
    confirmBefore: Date.UTC(2026, 10, 20, 1),
    watchTraffic: false,
    changes: [],
    survivesRestart: true,
    undoFailed: null,
  }
  Object.assign(scene.process, { confirmations: { ...scene.process.confirmations, pending } })
  const { data } = await reader.next('config', (seen) => seen.data['pending'] !== null)
  const time = '2026-11-20T00:00:00.000Z'
  const confirmBefore = '2026-11-20T01:00:00.000Z'
  expect(data['pending']).toEqual({ ...pending, time, confirmBefore, changes: 0 })
})

test('now and then a comment says that somebody is there', async () => {
  const reader = await scene.open('?topics=change')
  await eventually(() => reader.text.includes('\n\n:\n\n'), 'a comment')
})

test('lines of the log come as `tail log --json` has them, and are followed while somebody listens', async () => {
  const reader = await scene.open('?topics=log')
  const line = { time: '2026-11-20T00:00:00.000Z', level: 'warn', event: 'host down' } as const
  scene.tell('log', { ...line, facts: { host: 'web/main/a' } })
  const { data } = await reader.next('log')
  expect(data).toEqual({ ...line, facts: { host: 'web/main/a' }, lost: 0 })
  expect(scene.followers('log')).toBe(1)
  reader.close()
  await eventually(() => scene.followers('log') === 0, 'nobody follows the log')
})

test('the audit log is for who may tail it, and who looks is in it', async () => {
  const refused = await scene.ask('?topics=audit', { operator: 'bob', role: 'operate' })
  expect(refused).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } })
  expect(JSON.stringify(scene.process.audit.lines())).toContain('tail audit')
  const reader = await scene.open('?topics=audit')
  scene.process.audit.note({ event: 'command', line: 'drain host web/main/a' })
  const { data } = await reader.next('audit', (seen) => JSON.stringify(seen.data).includes('drain'))
  expect(data).toMatchObject({ line: { event: 'command' }, lost: 0 })
})

test('a reader is told of everything but the audit log', async () => {
  const who = { operator: 'rita', role: 'readonly' } as const
  const reader = await scene.open('?topics=change,traffic,hosts,log&service=web', who)
  await reader.next('traffic')
})

test.each([
  '?topics=everything',
  '?topics=',
  '?topics=change,,log',
  '?other=1',
  '?topics=log&topics=log',
])('is not understood: %s', async (query) => {
  const { status, body } = await scene.ask(query)
  if (query === '?service=') return
  expect(status).toBe(422)
  expect(body).toMatchObject({ code: 'VALUE_BAD' })
})

test('there may be so many of one log-in, and so many in all', async () => {
  const readers = [await scene.open(), await scene.open()]
  const third = await scene.ask('')
  expect(third).toMatchObject({ status: 429, body: { code: 'TOO_MANY' } })
  expect(Number(third.headers['retry-after'])).toBeGreaterThan(0)
  const other = await scene.open('', { login: 2 })
  expect(await scene.ask('', { login: 3 })).toMatchObject({ status: 429 })
  readers[0]?.close()
  const isFree = async () =>
    (await scene.open('', { login: 3 }).catch(() => undefined)) !== undefined
  let free = false
  await eventually(() => {
    void isFree().then((now) => (free ||= now))
    return free
  }, 'room for one more')
  other.close()
})

test('what is said is seen at the pages of whom it is said to, and by no program', async () => {
  const alice = await scene.open('', { login: 1 })
  const bob = await scene.open('', { operator: 'bob', login: 2 })
  const program = await scene.open('', { operator: 'deploy', login: 0 })
  expect(scene.events.say('to bob', { operator: 'bob' })).toBe(1)
  expect(scene.events.say('to all but alice', { except: 1 })).toBe(1)
  expect(scene.events.say('to all', {})).toBe(2)
  await alice.next('say')
  await bob.next('say', ({ data }) => data['text'] === 'to all')
  expect(bob.of('say').map(({ data }) => data['text'])).toEqual([
    'to bob',
    'to all but alice',
    'to all',
  ])
  expect(alice.of('say').map(({ data }) => data['text'])).toEqual(['to all'])
  expect(program.of('say')).toEqual([])
})

test('the end of a log-in ends its streams and no others', async () => {
  const alice = await scene.open('', { login: 1 })
  const bob = await scene.open('', { operator: 'bob', login: 2 })
  scene.logins.get(1)?.abort()
  await eventually(() => alice.ended, 'the stream of alice ended')
  expect(alice.events.at(-1)).toEqual({
    event: 'bye',
    id: undefined,
    data: { reason: 'your log-in ended' },
  })
  weigh(9)
  await bob.next('change')
})

test('a stop says bye to all', async () => {
  const reader = await scene.open()
  weigh(6)
  scene.events.stop()
  await eventually(() => reader.ended, 'the stream ended')
  expect(reader.of('change')).toHaveLength(1)
  expect(reader.events.at(-1)?.event).toBe('bye')
  expect(scene.followers('changes')).toBe(0)
})
