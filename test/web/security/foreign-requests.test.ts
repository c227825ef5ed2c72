// What a page of somebody else can make an operator's browser send, on every route that there is: it is refused, and
// nothing is changed by it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStubProcess, sessionRow } from '../../helpers/stub-process.ts'
import { type LoggedIn, WebClient } from '../../helpers/web-client.ts'
import { addressOf, bodyFor, startWithRoutes } from '../../helpers/web-routes.ts'
import { PASSWORDS } from '../../helpers/web-server.ts'

const process = await createStubProcess()
process.sessionRows = [1, 2, 42].map((id) => sessionRow(id))
const { web, routes } = await startWithRoutes({ process, settings: { legacyApi: true } })
const acting = routes.filter(({ method }) => !['GET', 'HEAD'].includes(method))
const looking = routes.filter(({ method, open }) => method === 'GET' && !open)
let alice: LoggedIn

beforeAll(async () => {
  alice = await web.login('alice')
})

afterAll(() => web.stop())

const whatIs = () =>
  structuredClone([web.balancer.snapshot(), web.balancer.changeNumber, process.asked])

const FOREIGN: readonly {
  readonly as: string
  readonly headers: Readonly<Record<string, string>>
}[] = [
  { as: 'without its token', headers: { 'x-sluice-csrf': '' } },
  { as: 'with the token of nobody', headers: { 'x-sluice-csrf': 'x'.repeat(43) } },
  { as: 'with a foreign origin', headers: { origin: 'https://evil.example' } },
  { as: 'with an origin that only begins as ours', headers: { origin: `${web.url}.evil.example` } },
  {
    as: 'with an origin that only ends as ours',
    headers: { origin: `http://evil.example/${web.url}` },
  },
  { as: 'with our host at another port', headers: { origin: 'http://127.0.0.1' } },
  { as: 'with our address over TLS', headers: { origin: web.url.replace('http:', 'https:') } },
  { as: 'from a sandbox', headers: { origin: 'null' } },
  { as: 'from another site', headers: { 'sec-fetch-site': 'cross-site' } },
  { as: 'from a neighbour', headers: { 'sec-fetch-site': 'same-site' } },
  { as: 'from who knows where', headers: { 'sec-fetch-site': 'elsewhere' } },
  {
    as: 'as a form',
    headers: {
      'x-sluice-csrf': '',
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-site': 'cross-site',
    },
  },
]

describe.each(FOREIGN)('a request that is sent $as', ({ headers }) => {
  test('changes nothing, on no route', async () => {
    const before = whatIs()
    for (const route of acting) {
      const reply = await alice.client.send(route.method, addressOf(route), {
        ...bodyFor(route),
        headers,
      })
      // The log-in is open to who has no token yet, and asks for a password instead.
      const isOpen =
        route.open && headers['origin'] === undefined && headers['sec-fetch-site'] === undefined
      const where = `${route.method} ${route.url} ${reply.text}`
      expect(reply.status, `${where}`).toBe(isOpen ? 422 : 403)
      expect(reply.headers['set-cookie'], `${where}`).toBeUndefined()
    }
    expect(whatIs()).toEqual(before)
    expect((await alice.client.get('/api/v1/me')).status).toBe(200)
  })
})

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/json',
  '',
])('a log-in as %j, which any page may send, is none', async (type) => {
  const body = JSON.stringify({ user: 'alice', password: PASSWORDS.alice })
  const reply = await web.stranger.post('/api/v1/login', body, { 'content-type': type })
  expect([400, 415, 422]).toContain(reply.status)
  expect(reply.headers['set-cookie']).toBeUndefined()
})

test('no page of another site may read anything, or be told that it may', async () => {
  const headers = {
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'cors',
  }
  for (const route of looking) {
    const reply = await alice.client.get(addressOf(route), headers)
    expect(reply.status, `${route.url}`).toBe(403)
    const told = Object.keys(reply.headers).filter((name) => name.startsWith('access-control-'))
    expect(told, `${route.url}`).toEqual([])
  }
  const asked = {
    ...headers,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-sluice-csrf',
  }
  for (const route of [...acting, ...looking]) {
    const reply = await web.stranger.send('OPTIONS', addressOf(route), { headers: asked })
    expect([401, 403, 404], `${route.url}`).toContain(reply.status)
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control-'))).toEqual(
      [],
    )
  }
})

test('a password that a browser sends by itself is no proof for a call of the ancestors', async () => {
  const authorization = `Basic ${Buffer.from(`alice:${PASSWORDS.alice}`).toString('base64')}`
  const before = whatIs()
  const paths = ['/hostAdminDown?service=web&group=main&name=a', '/running', '/config.xml']
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ])
    for (const path of paths) {
      const reply = await new WebClient(web.url, { authorization, ...headers }).get(path)
      expect(reply.status, `${path}`).toBe(403)
    }
  expect(whatIs()).toEqual(before)
})

test('neither a cookie nor its token lends anything to a token that is shown beside it', async () => {
  const { cookie = '', 'x-sluice-csrf': csrf = '' } = alice.client.headers
  const before = whatIs()
  const reader = web.bearer('readonly').with({ cookie, 'x-sluice-csrf': csrf })
  const none = web.stranger.with({
    cookie,
    'x-sluice-csrf': csrf,
    authorization: 'Bearer sluice_none',
  })
  const path = '/api/v1/services/web/groups/main/hosts/a'
  expect((await reader.send('DELETE', path)).status).toBe(403)
  expect((await none.send('DELETE', path)).status).toBe(401)
  const twice = await web.stranger
    .with({ cookie, 'x-sluice-csrf': csrf, authorization: 'Basic Og==' })
    .send('DELETE', path, { headers: { 'x-sluice-csrf': '' } })
  expect(twice.status).toBe(403)
  expect(whatIs()).toEqual(before)
})
