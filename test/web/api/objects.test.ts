// Services, listeners, groups and hosts over the API: read, add, replace, change, remove; versions, trials, roles and
// candidates. Each is what the command table makes of it.
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import type { Change } from '../../../src/model/change.ts'
import { contextOf, TAKEN } from '../../helpers/stub-process.ts'
import type { WebClient, WebReply } from '../../helpers/web-client.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

const SERVICES = '/api/v1/services'
const HOST_A = `${SERVICES}/web/groups/main/hosts/a`

/** One of each kind: one that is there, one that is not, and what may be sent. */
const KINDS = [
  {
    kind: 'service',
    there: `${SERVICES}/mail`,
    missing: `${SERVICES}/ftp`,
    put: { accessLog: true },
    patch: { engine: 'node' },
    refused: { accessLog: 'yes' },
    standard: { accessLog: false, engine: 'auto' },
  },
  {
    kind: 'listener',
    there: `${SERVICES}/web/listeners/127.0.0.1%3A8080`,
    missing: `${SERVICES}/web/listeners/127.0.0.1%3A8081`,
    put: { maxSessions: 7, allow: ['10.0.0.0/8', '::1'] },
    patch: { proxy: 'require' },
    refused: { allow: ['no network'] },
    standard: { maxSessions: 0, proxy: 'none', allow: [], deny: [] },
  },
  {
    kind: 'group',
    there: `${SERVICES}/web/groups/spare`,
    missing: `${SERVICES}/web/groups/next`,
    put: { scheduler: 'random', connectTimeoutMs: 2_000 },
    patch: { queue: 5 },
    refused: { connectTimeoutMs: 0 },
    standard: { scheduler: 'leastconns', connectTimeoutMs: 5_000, queue: 1_024 },
  },
  {
    kind: 'host',
    there: HOST_A,
    missing: `${SERVICES}/web/groups/main/hosts/d`,
    put: { address: '10.0.0.9:80', weight: 5 },
    patch: { intent: 'draining' },
    refused: { address: '10.0.0.9' },
    standard: { weight: 1, intent: 'enabled', maxSessions: 0 },
  },
] as const

let web: RunningWeb
let full: WebClient
let changes: Change[]

beforeEach(async () => {
  web = await startWeb()
  onTestFinished(() => web.stop())
  full = web.bearer('full')
  changes = []
  web.balancer.follow((change) => changes.push(change))
})

test('lists are what show answers with --json, all of them or those of one place', async () => {
  for (const kind of ['services', 'listeners', 'groups', 'hosts']) {
    expect((await full.get(`/api/v1/${kind}`)).body).toEqual(await shown(`show ${kind}`))
    const scoped = await full.get(`/api/v1/${kind}?scope=web`)
    expect(scoped.body).toEqual(await shown(`show ${kind} web`))
  }
  expect((await full.get(`${SERVICES}/web/groups`)).body).toEqual(await shown('show groups web'))
  const hosts = await full.get(`${SERVICES}/web/groups/main/hosts`)
  expect(hosts.body).toEqual(await shown('show hosts web/main'))
})

test('one object is its row, and one that is not there is told with the nearest name', async () => {
  const [row] = (await shown('show hosts web/main/a')) as readonly unknown[]
  expect((await full.get(HOST_A)).body).toEqual(row)
  const missing = await full.get(`${SERVICES}/wep`)
  expect(missing.status).toBe(404)
  expect(missing.body).toMatchObject({
    code: 'NOT_FOUND',
    detail: 'no service wep, did you mean web?',
  })
})

describe.each(KINDS)('a $kind', ({ kind, there, missing, put, patch, refused, standard }) => {
  test('is added by PUT, once', async () => {
    const first = await full.send('PUT', missing, { body: put })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ ...standard, ...put })
    expect(first.headers.location).toBe(missing)
    const made = changes.length
    expect(made).toBeGreaterThan(0)
    const second = await full.send('PUT', missing, { body: put })
    expect(second.status).toBe(200)
    expect(second.body).toEqual(first.body)
    expect(second.headers.etag).toBe(first.headers.etag)
    expect(changes).toHaveLength(made)
  })

  test('is replaced by PUT: what is left out gets its default', async () => {
    await full.send('PATCH', there, { body: patch })
    const { status, body } = await full.send('PUT', there, { body: put })
    expect(status).toBe(200)
    expect(body).toMatchObject({ ...standard, ...put })
  })

  test('keeps what PATCH does not name', async () => {
    await full.send('PUT', missing, { body: put })
    const { status, body } = await full.send('PATCH', missing, { body: patch })
    expect(status).toBe(200)
    expect(body).toMatchObject({ ...put, ...patch })
  })

  test('is removed by DELETE, and stays removed', async () => {
    await full.send('PUT', missing, { body: put })
    for (const _ of [1, 2]) {
      const { status, text } = await full.send('DELETE', missing)
      expect([status, text]).toEqual([204, ''])
    }
    expect((await full.get(missing)).status).toBe(404)
    expect((await full.send('PATCH', missing, { body: patch })).status).toBe(404)
  })

  test('has an ETag that follows what is edited, and nothing else', async () => {
    const before = await full.get(there)
    expect(before.headers.etag).toMatch(/^"[\w-]{24}"$/)
    web.balancer.service('web').group('main').host('a').setHealth('down', 'a test')
    expect((await full.get(there)).headers.etag).toBe(before.headers.etag)
    const edited = await full.send('PATCH', there, { body: patch })
    expect(edited.headers.etag).not.toBe(before.headers.etag)
    expect((await full.get(there)).headers.etag).toBe(edited.headers.etag)
  })

  test('is left alone by who has seen another version', async () => {
    const stale = { 'if-match': String((await full.get(there)).headers.etag) }
    const { headers } = await full.send('PATCH', there, { body: patch })
    const row = (await full.get(there)).body
    changes.length = 0
    const requests = [
      await full.send('PUT', there, { body: put, headers: stale }),
      await full.send('PATCH', there, { body: patch, headers: stale }),
      await full.send('DELETE', there, { headers: stale }),
    ]
    for (const { status, body, headers: now } of requests) {
      expect(status).toBe(412)
      expect(body).toMatchObject({ code: 'CHANGED_MEANWHILE', current: row })
      expect(now.etag).toBe(headers.etag)
    }
    expect(changes).toEqual([])
    const seen = { 'if-match': String(headers.etag) }
    expect((await full.send('PATCH', there, { body: patch, headers: seen })).status).toBe(200)
  })

  test('is added only where nothing is, and changed only where something is, if asked so', async () => {
    const onlyNew = { 'if-none-match': '*' }
    const onlyThere = { 'if-match': '*' }
    const taken = await full.send('PUT', there, { body: put, headers: onlyNew })
    expect([taken.status, changes]).toEqual([412, []])
    const gone = await full.send('PUT', missing, { body: put, headers: onlyThere })
    expect([gone.status, changes]).toEqual([412, []])
    expect(gone.body).toMatchObject({ current: null })
    expect((await full.send('DELETE', missing, { headers: onlyThere })).status).toBe(412)
    expect((await full.send('PUT', missing, { body: put, headers: onlyNew })).status).toBe(201)
    expect((await full.send('PUT', missing, { body: put, headers: onlyThere })).status).toBe(200)
  })

  test('is tried without being touched', async () => {
    const trials = [
      await full.send('PUT', `${missing}?dryRun=true`, { body: put }),
      await full.send('PATCH', `${there}?dryRun=true`, { body: patch }),
    ]
    for (const { status, body } of trials) {
      expect(status).toBe(200)
      const tried = body as { readonly dryRun: true; readonly changes: readonly unknown[] }
      expect(tried.dryRun).toBe(true)
      expect(tried.changes.length).toBeGreaterThan(0)
    }
    expect(trials[1]?.body).toMatchObject({ result: { done: 'set', candidate: false } })
    expect(changes).toEqual([])
    expect((await full.get(missing)).status).toBe(404)
  })

  test('is refused a value with its path and what is accepted', async () => {
    const { status, body } = await full.send('PATCH', there, { body: refused })
    expect(status).toBe(422)
    const [name = ''] = Object.keys(refused)
    expect(body).toMatchObject({ code: 'VALUE_BAD' })
    const accepted = expect.stringMatching(/^is .+, got /)
    const { errors } = body as { readonly errors: readonly unknown[] }
    expect(errors).toContainEqual({ path: `/${name}`, detail: accepted })
    expect(changes).toEqual([])
  })

  test('is refused a member that is no field', async () => {
    const { status, body } = await full.send('PUT', there, { body: { ...put, wieght: 5 } })
    expect(status).toBe(422)
    const errors = [{ path: '/wieght', detail: expect.stringMatching(/^is no field of this/) }]
    expect(body).toMatchObject({ code: 'VALUE_BAD', errors })
  })

  test('is not put back as it was read, and what is only told is named as such', async () => {
    const { body: row } = await full.get(there)
    const { status, body } = await full.send('PUT', there, { body: row })
    expect(status).toBe(422)
    const { errors } = body as { readonly errors: readonly { path: string; detail: string }[] }
    expect(errors.length).toBeGreaterThan(0)
    const detail = 'is told, and cannot be set: leave it out'
    const others = errors.filter((error) => error.detail !== detail)
    // A group does not stop to serve by itself.
    expect(others.filter(({ path }) => path !== '/enabled')).toEqual([])
    const told = errors.map(({ path }) => path.slice(1))
    const rest = Object.entries(row as object).filter(([name]) => !told.includes(name))
    const { enabled: _serves, ...settable } = Object.fromEntries(rest) as { enabled?: boolean }
    expect((await full.send('PUT', there, { body: settable })).status).toBe(200)
    expect(changes).toEqual([])
  })

  test('that is not there is removed on trial as nothing, and not as one that was seen', async () => {
    const tried = await full.send('DELETE', `${missing}?dryRun=true`)
    expect([tried.status, tried.body]).toEqual([200, { dryRun: true, result: null, changes: [] }])
    const headers = { 'if-match': '*' }
    const seen = await full.send('DELETE', missing, { headers })
    expect(seen.body).toMatchObject({ status: 412, current: null })
  })

  test('is read by role readonly, and changed by none of it', async () => {
    const readonly = web.bearer('readonly')
    expect((await readonly.get(there)).status).toBe(200)
    const refusals = [
      await readonly.send('PUT', there, { body: put }),
      await readonly.send('PUT', missing, { body: put }),
      await readonly.send('PATCH', there, { body: patch }),
      await readonly.send('DELETE', there),
      await readonly.send('DELETE', missing),
    ]
    for (const { status, body } of refusals) {
      expect(status).toBe(403)
      expect(body).toMatchObject({ code: 'NOT_ALLOWED' })
    }
    expect(changes).toEqual([])
  })

  test('is edited in the candidate while one is open, and answers so', async () => {
    const before = (await full.get(there)).body
    await web.process.candidates.begin('full-program')
    const edited = await full.send('PATCH', there, { body: patch })
    expect(edited.body).toMatchObject({ ...patch, candidate: true })
    const added = await full.send('PUT', missing, { body: put })
    expect([added.status, (added.body as { candidate: boolean }).candidate]).toEqual([201, true])
    expect(changes).toEqual([])
    expect((await full.get(there)).body).toEqual(before)
    const seen = { 'if-match': String(edited.headers.etag) }
    expect((await full.send('PATCH', there, { body: patch, headers: seen })).status).toBe(200)
    expect(kind).toBeDefined()
  })
})

test('several fields are one act, which one undo takes back', async () => {
  const body = { weight: 9, intent: 'disabled', maxSessions: 4, before: null }
  expect((await full.send('PATCH', HOST_A, { body })).status).toBe(200)
  expect(changes).toHaveLength(4)
  expect(new Set(changes.map(({ act }) => act)).size).toBe(1)
  expect(new Set(changes.map(({ origin }) => origin))).toEqual(new Set(['api:full-program']))
  await full.post('/api/v1/commands/undo', {})
  expect((await full.get(HOST_A)).body).toMatchObject({ weight: 1, intent: 'enabled' })
})

test('of several edits none stays when one is refused', async () => {
  const main = web.balancer.service('web').group('main')
  const note = web.process.audit.note.bind(web.process.audit)
  // It is gone by then, after it was there to be named.
  web.process.audit.note = (facts) => {
    note(facts)
    if (main.hosts['c'] !== undefined) main.removeHost('c')
  }
  const { status, body } = await full.send('PATCH', HOST_A, { body: { weight: 9, before: 'c' } })
  expect([status, body]).toMatchObject([404, { code: 'NOT_FOUND' }])
  expect((await full.get(HOST_A)).body).toMatchObject({ weight: 1 })
})

test('a host stands where it is put, and stays there', async () => {
  const url = `${SERVICES}/web/groups/main/hosts/d`
  const order = () =>
    web.balancer
      .service('web')
      .group('main')
      .hostList.map(({ name }) => name)
  await full.send('PUT', url, { body: { address: '10.0.0.9:80', before: 'b' } })
  expect(order()).toEqual(['a', 'd', 'b', 'c'])
  await full.send('PUT', url, { body: { address: '10.0.0.9:80' } })
  expect(order()).toEqual(['a', 'd', 'b', 'c'])
  await full.send('PATCH', url, { body: { before: null } })
  expect(order()).toEqual(['a', 'b', 'c', 'd'])
})

test('a host that is to stand in front of nobody is refused for that, and nothing else is done', async () => {
  for (const url of [HOST_A, `${SERVICES}/web/groups/main/hosts/d`]) {
    const body = { address: '10.0.0.9:80', before: 'bb' }
    const reply = await full.send('PUT', url, { body })
    const detail = 'there is no host "bb" in web/main, did you mean b?'
    expect(reply.body).toMatchObject({ status: 422, errors: [{ path: '/before', detail }] })
  }
  expect(changes).toEqual([])
})

test('a group serves when it is enabled, and is not disabled by itself', async () => {
  const spare = `${SERVICES}/web/groups/spare`
  expect((await full.send('PATCH', spare, { body: { enabled: true } })).body).toMatchObject({
    enabled: true,
  })
  expect(web.balancer.service('web').enabledGroup).toBe('spare')
  expect((await full.send('PATCH', spare, { body: { enabled: false } })).status).toBe(422)
  const removed = await full.send('DELETE', spare)
  expect(removed.status).toBe(409)
  expect(web.balancer.service('web').enabledGroup).toBe('spare')
})

test('the last host of the enabled group goes by force alone', async () => {
  for (const name of ['b', 'c']) await full.send('DELETE', HOST_A.replace(/a$/, name))
  expect((await full.send('DELETE', HOST_A)).body).toMatchObject({ code: 'REFUSED', status: 409 })
  expect((await full.send('DELETE', `${HOST_A}?force=true`)).status).toBe(204)
})

test('a listener is found however its address is written, and a port is asked for', async () => {
  const added = await full.send('PUT', `${SERVICES}/web/listeners/LOCALHOST%3A8099`, { body: {} })
  expect(added.body).toMatchObject({ address: 'localhost:8099' })
  expect((await full.get(`${SERVICES}/web/listeners/localhost%3A8099`)).status).toBe(200)
  const taken = await full.send('PUT', `${SERVICES}/web/listeners/${encodeURIComponent(TAKEN)}`, {
    body: {},
  })
  expect(taken.body).toMatchObject({ status: 409, code: 'PORT_TAKEN' })
  const portless = await full.send('PUT', `${SERVICES}/web/listeners/127.0.0.1`, { body: {} })
  expect(portless.status).toBe(422)
})

test('who loses a race is told, also when it is lost at the last moment', async () => {
  const seen = { 'if-match': String((await full.get(HOST_A)).headers.etag) }
  const note = web.process.audit.note.bind(web.process.audit)
  let raced = false
  // Between the check of the role and the edit: the line is noted just before it runs.
  web.process.audit.note = (facts) => {
    note(facts)
    if (raced) return
    raced = true
    web.balancer.service('web').group('main').host('a').maxSessions = 3
  }
  const { status, body } = await full.send('PATCH', HOST_A, { body: { weight: 9 }, headers: seen })
  expect(raced).toBe(true)
  expect(status).toBe(412)
  expect(body).toMatchObject({ current: { maxSessions: 3, weight: 1 } })
})

test('of two who saw the same version one gets its way', async () => {
  const seen = { 'if-match': String((await full.get(HOST_A)).headers.etag) }
  const both = await Promise.all(
    [5, 6].map((weight) => full.send('PATCH', HOST_A, { body: { weight }, headers: seen })),
  )
  expect(both.map(statusOf).toSorted((a, b) => a - b)).toEqual([200, 412])
})

function statusOf({ status }: WebReply): number {
  return status
}

async function shown(line: string): Promise<unknown> {
  const { out } = await runLine(`${line} --json`, contextOf(web.process))
  return JSON.parse(out)
}
