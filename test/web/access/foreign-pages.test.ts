// Pages of others in the browser of an operator: whatever they send, with his cookie and without, nothing is done by it.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { LoggedIn } from '../../helpers/web-client.ts'
import { PASSWORDS, type RunningWeb, startWeb } from '../../helpers/web-server.ts'

let web: RunningWeb
let alice: LoggedIn

beforeAll(async () => {
  web = await startWeb()
  alice = await web.login('alice')
})

afterAll(() => web.stop())

/** Something that changes what runs. */
const COMMAND = '/api/v1/commands/log-level'
const BODY = { level: 'debug' }

/** What a browser says of itself where another page sends a form. */
const FORM = {
  'content-type': 'text/plain',
  origin: 'https://evil.example',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'no-cors',
}

const own = () => ({ origin: web.url, 'sec-fetch-site': 'same-origin' })

test('our own page may', async () => {
  const reply = await alice.client.post('/api/v1/login', BODY, own())
  expect(reply.status).toBe(422)
  const session = await web.login('alice')
  expect((await session.client.post('/api/v1/logout', undefined, own())).status).toBe(204)
})

test.each([
  { of: 'no token', headers: { 'x-sluice-csrf': '' } },
  { of: 'another token', headers: { 'x-sluice-csrf': 'x'.repeat(43) } },
  { of: 'another origin', headers: { origin: 'https://evil.example' } },
  { of: 'another port', headers: { origin: 'http://127.0.0.1:1' } },
  { of: 'another scheme', headers: { origin: 'https://127.0.0.1' } },
  { of: 'an origin that is kept back', headers: { origin: 'null' } },
  { of: 'another site', headers: { 'sec-fetch-site': 'cross-site' } },
  { of: 'a neighbour', headers: { 'sec-fetch-site': 'same-site' } },
  { of: 'a form', headers: FORM },
])('a request with $of is refused, told in full, and does nothing', async ({ headers }) => {
  // One of its own, because a flood of refusals has a bounded number of lines.
  const one = await startWeb()
  onTestFinished(() => one.stop())
  const { client, me } = await one.login('alice')
  for (const path of ['/api/v1/logout', COMMAND]) {
    const before = one.process.audit.lines().length
    const reply = await client.post(path, BODY, headers)
    expect(reply).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } })
    const lines = one.process.audit.lines().slice(before)
    expect(lines).toMatchObject([
      { event: 'refused', operator: 'alice', login: me.login, action: `POST ${path}` },
    ])
  }
  expect((await client.get('/api/v1/me')).status).toBe(200)
})

test.each(['PUT', 'PATCH', 'DELETE', 'POST'])(
  '%s is held to it on paths that are not there',
  async (method) => {
    const path = '/api/v1/nothing-of-the-kind'
    const headers = { 'x-sluice-csrf': '' }
    expect((await alice.client.send(method, path, { headers })).status).toBe(403)
  },
)

test('nobody is logged in as somebody else by a foreign page', async () => {
  const body = { user: 'bob', password: PASSWORDS.bob }
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const reply = await web.stranger.post('/api/v1/login', body, headers)
    expect(reply).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } })
    expect(reply.headers['set-cookie']).toBeUndefined()
  }
  const form = await web.stranger.post('/api/v1/login', JSON.stringify(body), {
    'content-type': 'text/plain',
  })
  expect(form.status).toBeGreaterThanOrEqual(400)
  expect(form.headers['set-cookie']).toBeUndefined()
})

test('what only looks is no business of a foreign page either, but for a link that is followed', async () => {
  const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
  for (const path of ['/api/v1/me', '/api/v1/events'])
    expect((await alice.client.get(path, foreign)).status).toBe(403)
  const followed = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  expect((await alice.client.get('/api/v1/me', followed)).status).toBe(200)
})

test('a token needs no proof of a page, and a cookie beside it counts for nothing', async () => {
  const reader = web.bearer('readonly')
  const cookie = alice.client.headers['cookie'] ?? ''
  const me = await reader.get('/api/v1/me', { cookie })
  expect(me.body).toMatchObject({
    operator: 'readonly-program',
    role: 'readonly',
    login: 0,
    csrf: '',
  })
  const out = await reader.post('/api/v1/logout', undefined, { cookie })
  expect(out).toMatchObject({ status: 409, body: { code: 'REFUSED' } })
  expect((await alice.client.get('/api/v1/me')).status).toBe(200)
  const bad = await web.stranger.get('/api/v1/me', { cookie, authorization: 'Bearer sluice_no' })
  expect(bad.status).toBe(401)
})

test('no page can be put around ours, whatever it answers', async () => {
  const replies = [
    await web.stranger.get('/'),
    await web.stranger.get('/nothing'),
    await web.stranger.get('/api/v1/me'),
    await web.stranger.post('/api/v1/login', {}),
    await web.stranger.post('/api/v1/login', '{"broken', { 'content-type': 'application/json' }),
    await alice.client.get('/api/v1/me'),
    await alice.client.post('/api/v1/logout', {}, { 'x-sluice-csrf': '' }),
  ]
  for (const { headers } of replies) {
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    })
  }
})
