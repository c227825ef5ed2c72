// Whoever may not, does not get there by any other road: every route of the surface for strangers, for proofs that are
// over, and for each role; with methods, paths and queries that try to read as others.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOfToken, newToken } from '../../../src/base/token-hash.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { operationsOf, type OpenApi, type Operation } from '../../helpers/openapi.ts'
import { createStubProcess, sessionRow } from '../../helpers/stub-process.ts'
import { cookieWith, WebClient, type WebRequest } from '../../helpers/web-client.ts'
import { addressOf, bodyFor, startWithRoutes } from '../../helpers/web-routes.ts'
import { PASSWORDS, type RunningWeb } from '../../helpers/web-server.ts'

const { web, routes } = await start()
const operations = operationsOf(await documentOf(web))
const expired = newToken()
const revoked = newToken()

async function start() {
  const process = await createStubProcess()
  process.sessionRows = [1, 2, 42].map((id) => sessionRow(id))
  return startWithRoutes({ process, settings: { legacyApi: true } })
}

async function documentOf(of: RunningWeb): Promise<OpenApi> {
  return (await of.bearer('readonly').get('/api/v1/openapi.json')).body as OpenApi
}

beforeAll(() => {
  const dead = { name: 'gone', access: 'full', hash: hashOfToken(revoked) } as const
  const old = {
    name: 'old',
    access: 'full',
    hash: hashOfToken(expired),
    expires: '2020-01-01T00:00:00Z',
  } as const
  const others = web.balancer.tokens
  web.balancer.setTokens([...others, dead])
  web.balancer.setTokens([...others, old])
})

afterAll(() => web.stop())

/** All that a caller without rights must leave as it is. */
function whatIs() {
  const { balancer, process } = web
  const { asked, sessionRows, candidates } = process
  const open = ['rita', 'readonly-program'].map((name) => candidates.of(name) !== undefined)
  return structuredClone({
    now: balancer.snapshot(),
    changes: balancer.changeNumber,
    asked,
    sessionRows,
    open,
  })
}

const legacy = routes.filter(({ url }) => /^\/(?!api|metrics|assets)\w/.test(url))
/** Metrics ask by themselves, because the document may open them. */
const shut = routes.filter(({ open, url }) => !open || url === '/metrics')

test('these are open to strangers, and no others', () => {
  const open = routes.filter((route) => route.open && ![...legacy, ...shut].includes(route))
  expect(open.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual([
    'GET /',
    'GET /api/v1/login',
    'GET /assets/*',
    'HEAD /',
    'HEAD /assets/*',
    'POST /api/v1/login',
  ])
  expect(shut.length).toBeGreaterThan(100)
  expect(legacy.length).toBeGreaterThan(20)
})

const PROOFS = [
  { who: 'a stranger', headers: {} },
  { who: 'an expired token', headers: { authorization: `Bearer ${expired}` } },
  { who: 'a revoked token', headers: { authorization: `Bearer ${revoked}` } },
  { who: 'no token at all', headers: { authorization: 'Bearer ' } },
  { who: 'a wrong cookie', headers: { cookie: cookieWith('x'.repeat(43), web.url) } },
  { who: 'a password in the wrong place', headers: { authorization: basic('alice') } },
] as const

describe.each(PROOFS)('$who', ({ headers }) => {
  test('gets nowhere, on no route, by no other name of it', async () => {
    const before = whatIs()
    const client = new WebClient(web.url, headers)
    for (const route of shut) {
      const address = addressOf(route)
      // Once is enough for names: who asks is looked at before them.
      const others = headers === PROOFS[0].headers ? disguised(address) : []
      for (const path of [address, ...others]) {
        const { status, text } = await client.send(route.method, path, bodyFor(route))
        const where = `${route.method} ${path}: ${text.slice(0, 200)}`
        // What is another address may be none; never is it what the route would answer.
        const refused = path === address ? [401] : [400, 401, 404]
        expect(refused, `${where}`).toContain(status)
      }
    }
    expect(whatIs()).toEqual(before)
  })
})

const TRIED = operations.filter(({ id }) => !['logOut', 'logIn', 'events'].includes(id))
/** Commands are all called alike, so that a few of them show what becomes of their addresses. */
const SHAPES = TRIED.filter(({ id }) => !id.startsWith('command-') || id.endsWith('host'))

test.each([
  ['as it is', TRIED, plainly],
  ['tried and done at once', TRIED, halfTried],
  ['as another method', SHAPES, overridden],
  ['at another address', SHAPES, elsewhere],
] as const)('role readonly changes nothing, whatever it asks %s', async (_, some, ways) => {
  const { client } = await web.login('rita')
  const before = whatIs()
  for (const reader of [web.bearer('readonly'), client])
    for (const operation of some) {
      const sent = ways(operation).map(async ([method, path, request]) => {
        const { status, text } = await reader.send(method, path, request)
        return { status, where: `${method} ${path} ${text.slice(0, 200)}` }
      })
      const failed = (await Promise.all(sent)).filter(({ status }) => status >= 500)
      expect(failed).toEqual([])
    }
  await client.post('/api/v1/logout')
  expect(whatIs()).toEqual(before)
})

/** What needs a higher role by its words alone. */
const BY_WORDS: readonly (readonly [OperatorRole, string, string, unknown])[] = [
  ['readonly', 'POST', '/api/v1/commands/log-level', { level: 'debug' }],
  ['operate', 'POST', '/api/v1/commands/compare', { commands: true }],
  ['operate', 'POST', '/api/v1/commands/undo', { all: true }],
  [
    'operate',
    'POST',
    '/api/v1/commands/set',
    { target: 'settings/ssh', field: 'listen', value: ':22' },
  ],
  [
    'operate',
    'POST',
    '/api/v1/commands/set-setting',
    { setting: 'ssh', field: 'listen', value: ':22' },
  ],
  ['operate', 'POST', '/api/v1/commands/token-create', { name: 'evil', role: 'full' }],
  ['operate', 'POST', '/api/v1/commands/user-add', { name: 'evil', role: 'full' }],
  ['operate', 'POST', '/api/v1/commands/show-audit', {}],
  ['operate', 'POST', '/api/v1/commands/stop', {}],
  ['operate', 'GET', '/api/v1/events?topics=audit', undefined],
  ['readonly', 'GET', '/api/v1/events?topics=change,audit', undefined],
]

test.each(BY_WORDS)(
  'role %s is refused %s %s %j, tried or done',
  async (role, method, path, body) => {
    const before = whatIs()
    for (const query of method === 'GET' ? [''] : ['', '?dryRun=true', '?dryRun=false']) {
      const reply = await web.bearer(role).send(method, `${path}${query}`, { body })
      expect([reply.status, reply.body], `${reply.text}`).toEqual([
        403,
        expect.objectContaining({ code: 'NOT_ALLOWED' }),
      ])
    }
    expect(whatIs()).toEqual(before)
  },
)

test('a token with the name of an operator is not he, and sees nothing of his jobs', async () => {
  const text = newToken()
  const others = web.balancer.tokens
  web.balancer.setTokens([...others, { name: 'bob', access: 'operate', hash: hashOfToken(text) }])
  const [{ client: bob }, token] = [
    await web.login('bob'),
    new WebClient(web.url, { authorization: `Bearer ${text}` }),
  ]
  const begun = await bob.post('/api/v1/commands/show-version', {}, { prefer: 'respond-async' })
  const address = String(begun.headers.location)
  expect(begun.status).toBe(202)
  expect((await token.get(address)).status).toBe(404)
  expect((await token.send('DELETE', address)).status).toBe(404)
  expect((await token.get('/api/v1/jobs')).body).toEqual([])
  expect((await token.post('/api/v1/commands/web-link', {})).status).toBe(404)
  // Role full may see that it was, and stop it; what came of it is bob's.
  const seen = await web.bearer('full').get(address)
  expect(seen.body).toMatchObject({ operator: 'bob', line: 'show version' })
  expect(seen.body).not.toHaveProperty('result')
  expect((await bob.get(address)).body).toHaveProperty('result')
  web.balancer.setTokens(others)
})

test('no line of a batch is allowed more than it would be alone', async () => {
  const input = ['show version', 'token create evil --role full', 'user add evil --role full'].join(
    '\n',
  )
  for (const body of [{ input }, { input, atomic: true }, { input, keepGoing: true }]) {
    const before = whatIs()
    const reply = await web.bearer('operate').post('/api/v1/commands/batch', body)
    expect(reply.status, `${reply.text}`).toBeGreaterThanOrEqual(400)
    expect(whatIs()).toEqual(before)
  }
  expect(web.balancer.tokens.map(({ name }) => name)).not.toContain('evil')
})

/** The same address written otherwise. */
function disguised(address: string): readonly string[] {
  return [
    `${address}/`,
    `/${address}`,
    address.replace('/api', '/%61pi'),
    address.replace('/api', '/API'),
    address.replace('/api/', '/api/%2e/'),
    address.replace('/api/', '/assets/%2e%2e/api/'),
    address.replace('/api/', '/assets/../api/'),
    `${address};open=true`,
    `${address}%00`,
    `/running/..${address}`,
  ].filter((path) => path !== address)
}

type Ways = readonly (readonly [method: string, path: string, request: WebRequest])[]

function plainly(operation: Operation): Ways {
  return [operation.example()]
}

/** Of two values that contradict each other one might be looked at, and the other be done. */
function halfTried(operation: Operation): Ways {
  const [method, path, request] = operation.example()
  const and = path.includes('?') ? '&' : '?'
  const queries = ['dryRun=true', 'dryRun=true&dryRun=false', 'dryRun=false', 'force=true']
  return queries.map((query) => [method, `${path}${and}${query}`, request])
}

function overridden(operation: Operation): Ways {
  const [method, path, request] = operation.example()
  const override = {
    'x-http-method-override': method,
    'x-method-override': method,
    'x-original-url': path,
    'x-forwarded-for': '127.0.0.1',
  }
  const headers = { ...request.headers, ...override }
  return [
    ['GET', `${path}${path.includes('?') ? '&' : '?'}_method=${method}`, { headers: override }],
    ['POST', path, { ...request, headers }],
    ['HEAD', path, { headers: override }],
    ['OPTIONS', path, { headers: override }],
  ]
}

function elsewhere(operation: Operation): Ways {
  const [method, path, request] = operation.example()
  return disguised(path).map((other) => [method, other, request])
}

function basic(user: keyof typeof PASSWORDS): string {
  return `Basic ${Buffer.from(`${user}:${PASSWORDS[user]}`).toString('base64')}`
}
