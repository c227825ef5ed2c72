// The document over the API: what runs and what is stored, what was, the caller's candidate, and commits.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { contextOf } from '../../helpers/stub-process.ts'
import type { WebClient } from '../../helpers/web-client.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

const CANDIDATE = '/api/v1/config/candidate'
const XML = { 'content-type': 'application/xml' }
const DOCUMENT = `<config>
  <service name="api">
    <group name="main" enable="true"><host name="a" ip="10.0.0.1:80" /></group>
  </service>
</config>
`

let web: RunningWeb
let full: WebClient
let operate: WebClient

beforeEach(async () => {
  web = await startWeb()
  onTestFinished(() => web.stop())
  full = web.bearer('full')
  operate = web.bearer('operate')
})

test('the document is there as JSON and as XML', async () => {
  expect((await full.get('/api/v1/config')).body).toEqual({
    file: 'run/config.xml',
    running: '<config/>\n',
    stored: '<config/>\n',
    candidateText: null,
    unsaved: null,
    readOnly: false,
    revision: 2,
  })
  const xml = await full.get('/api/v1/config', { accept: 'application/xml' })
  expect([xml.text, xml.headers['content-type']]).toEqual([
    '<config/>\n',
    'application/xml; charset=utf-8',
  ])
  expect(xml.headers.etag).toMatch(/^"[\w-]+"$/)
})

test('hashes are for role full', async () => {
  const secret = '<config><user name="x" password="scrypt$1$2$3$a$b"/></config>'
  web.process.state = { ...web.process.state, running: secret, stored: secret }
  const shown = await Promise.all(
    [full, operate].flatMap((client) => [
      client.get('/api/v1/config'),
      client.get('/api/v1/config', { accept: 'text/xml' }),
    ]),
  )
  expect(shown.map(({ text }) => text.includes('scrypt'))).toEqual([true, true, false, false])
})

test.each([
  ['/api/v1/config/difference', 'diff --text'],
  ['/api/v1/config/history', 'history --lines 100'],
  ['/api/v1/config/history/1', 'show revision 1'],
  ['/api/v1/config/conflicts', 'show conflicts'],
])('%s is what %s answers', async (url, line) => {
  const { out } = await runLine(`${line} --json`, contextOf(web.process))
  expect((await full.get(url)).body).toEqual(JSON.parse(out))
})

test('a revision that is not there is not found, and what is no number is refused', async () => {
  expect((await full.get('/api/v1/config/history/99')).status).toBe(404)
  expect((await full.get('/api/v1/config/history/last')).status).toBe(422)
})

test('who has no candidate is told so, whatever the role', async () => {
  for (const role of ['readonly', 'operate', 'full'] as const)
    expect((await web.bearer(role).get(CANDIDATE)).body).toMatchObject({ open: false })
  expect((await operate.send('DELETE', CANDIDATE)).status).toBe(204)
})

test('a whole document becomes the candidate, and a commit puts it in effect', async () => {
  const put = await operate.send('PUT', CANDIDATE, { body: DOCUMENT, headers: XML })
  expect(put.status).toBe(200)
  expect(put.body).toMatchObject({ done: 'load', dryRun: false })
  const { body } = await operate.get(CANDIDATE)
  const { differences } = body as { readonly differences: readonly { readonly path: string }[] }
  expect(body).toMatchObject({ open: true, conflicts: [], commands: null })
  expect(differences.length).toBeGreaterThan(3)
  expect(web.balancer.serviceList.map(({ name }) => name)).toEqual(['web', 'mail'])
  // It takes the operators away, which is for role full.
  const refused = await operate.post('/api/v1/config/commit', {})
  expect(refused.body).toMatchObject({ status: 403, code: 'NOT_ALLOWED' })
  await full.send('PUT', CANDIDATE, { body: DOCUMENT, headers: XML })
  const committed = await full.post('/api/v1/config/commit', { comment: 'all new', force: true })
  expect(committed.body).toMatchObject({ done: 'commit', confirmBefore: null })
  expect(web.balancer.serviceList.map(({ name }) => name)).toEqual(['api'])
  expect(web.process.candidates.comments).toEqual(['all new'])
})

test('the candidate as a whole document holds what was edited from elsewhere, too', async () => {
  const accept = 'application/xml, application/json;q=0.5'
  expect((await operate.get(CANDIDATE, { accept })).body).toMatchObject({ open: false })
  expect((await operate.get(CANDIDATE, { accept: 'text/xml' })).status).toBe(404)
  await operate.send('PUT', CANDIDATE, { body: DOCUMENT, headers: XML })
  await operate.post('/api/v1/commands/add-service', { name: 'more' })
  const reply = await operate.get(CANDIDATE, { accept })
  expect(reply.headers['content-type']).toBe('application/xml; charset=utf-8')
  expect(reply.headers.etag).toBe((await operate.get(CANDIDATE)).headers.etag)
  expect(reply.text).toContain(' more ')
  expect(await full.get(CANDIDATE, { accept: 'text/xml' })).toMatchObject({ status: 404 })
})

test('a document that does not load opens no candidate, and one that is open stays', async () => {
  const bad = '<config><service name="x" mode="udp"/></config>'
  const first = await operate.send('PUT', CANDIDATE, { body: bad, headers: XML })
  expect(first.body).toMatchObject({ status: 422, code: 'CONFIG_BAD' })
  expect(web.process.candidates.of('operate-program')).toBeUndefined()
  await operate.send('PUT', CANDIDATE, { body: DOCUMENT, headers: XML })
  const before = (await operate.get(CANDIDATE)).headers.etag
  await operate.send('PUT', CANDIDATE, { body: bad, headers: XML })
  expect((await operate.get(CANDIDATE)).headers.etag).toBe(before)
})

test('a candidate is replaced and dropped only as it was seen', async () => {
  await operate.send('PUT', CANDIDATE, { body: DOCUMENT, headers: XML })
  const seen = { 'if-match': String((await operate.get(CANDIDATE)).headers.etag) }
  await operate.post('/api/v1/commands/add-service', { name: 'more' })
  const put = await operate.send('PUT', CANDIDATE, { body: DOCUMENT, headers: { ...XML, ...seen } })
  const dropped = await operate.send('DELETE', CANDIDATE, { headers: seen })
  expect([put.status, dropped.status]).toEqual([412, 412])
  const now = { 'if-match': String((await operate.get(CANDIDATE)).headers.etag) }
  expect((await operate.send('DELETE', CANDIDATE, { headers: now })).status).toBe(204)
  expect((await operate.send('DELETE', CANDIDATE, { headers: now })).status).toBe(412)
})

test('one undo takes a document out of the candidate again', async () => {
  await full.post('/api/v1/commands/begin', {})
  await full.send('PUT', CANDIDATE, { body: DOCUMENT, headers: XML })
  const undone = await full.post('/api/v1/commands/undo', {})
  expect(undone.body).toMatchObject([{ candidate: true }])
  expect((await full.get(CANDIDATE)).body).toMatchObject({ open: true, differences: [] })
})

test('what it would do is told without doing it', async () => {
  const put = await operate.send('PUT', `${CANDIDATE}?dryRun=true`, {
    body: DOCUMENT,
    headers: XML,
  })
  expect(put.body).toMatchObject({ dryRun: true, result: { done: 'load', dryRun: true } })
  expect(web.process.candidates.of('operate-program')).toBeUndefined()
  await full.post('/api/v1/commands/begin', {})
  await full.post('/api/v1/commands/set-host', { target: 'web/main/a', field: 'weight', value: 5 })
  const commit = await full.post('/api/v1/config/commit?dryRun=true', {})
  expect(commit.body).toMatchObject({
    dryRun: true,
    result: { differences: [{ path: 'web/main/a', field: 'weight', before: 1, after: 5 }] },
  })
  const rollback = await full.post('/api/v1/config/rollback?dryRun=true', { revision: 1 })
  expect(rollback.body).toMatchObject({ dryRun: true, result: { dryRun: true } })
  expect(web.balancer.service('web').group('main').host('a').weight).toBe(1)
})

test('a commit that has to be confirmed says until when, and is confirmed or undone', async () => {
  await full.post('/api/v1/commands/begin', {})
  await full.post('/api/v1/commands/set-host', { target: 'web/main/a', field: 'weight', value: 5 })
  const body = { comment: 'heavier', confirm: '5m', watchTraffic: true }
  const committed = await full.post('/api/v1/config/commit', body)
  expect(committed.body).toMatchObject({
    done: 'commit',
    confirmBefore: expect.any(String) as unknown,
  })
  expect((await full.post('/api/v1/config/confirm', {})).body).toMatchObject({
    outcome: 'confirmed',
  })
  const undone = await full.post('/api/v1/config/confirm', { undo: true })
  expect(undone.body).toMatchObject({ outcome: 'undone' })
})

test('a rollback is for role full', async () => {
  const forbidden = await operate.post('/api/v1/config/rollback', { revision: 1 })
  expect(forbidden.status).toBe(403)
  const done = await full.post('/api/v1/config/rollback', {
    revision: 1,
    comment: 'b was no better',
  })
  expect(done.body).toMatchObject({ done: 'rollback', revision: 3 })
})

test('a rollback may have to be confirmed, where no candidate is in its way', async () => {
  const body = { revision: 1, confirm: '5m', force: true }
  await full.post('/api/v1/commands/begin', {})
  const refused = await full.post('/api/v1/config/rollback', body)
  expect(refused.body).toMatchObject({ status: 409, code: 'REFUSED' })
  expect(web.process.candidates.of('full-program')).toBeDefined()
  await full.send('DELETE', CANDIDATE)
  const done = await full.post('/api/v1/config/rollback', body)
  expect(done.body).toMatchObject({
    done: 'rollback',
    confirmBefore: expect.any(String) as unknown,
  })
  expect(web.process.candidates.confirmations.map(({ step }) => step)).toEqual(['prepare', 'arm'])
  expect(web.process.candidates.of('full-program')).toBeUndefined()
})

test('a document is XML, says its type, and has a bounded size', async () => {
  const typeless = await operate.send('PUT', CANDIDATE, {
    body: DOCUMENT,
    headers: { 'content-type': 'text/plain' },
  })
  expect(typeless.status).toBe(415)
  const large = await operate.send('PUT', CANDIDATE, {
    body: `<config>${' '.repeat(2 * 1_024 * 1_024)}</config>`,
    headers: XML,
  })
  expect(large.status).toBe(200)
  const tooLarge = await operate.send('PUT', CANDIDATE, {
    body: `<config>${' '.repeat(9 * 1_024 * 1_024)}</config>`,
    headers: XML,
  })
  expect(tooLarge.body).toMatchObject({ status: 413, code: 'TOO_LARGE' })
})
