// Whoever is not logged in: what is shut, what is told, and how programs get in by a token until it is revoked.
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashOfToken, newToken } from '../../../src/base/token-hash.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { eventually } from '../../helpers/eventually.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'
import { cookieWith, WebClient } from '../../helpers/web-client.ts'

let web: RunningWeb

beforeAll(async () => {
  web = await startWeb()
})

afterAll(() => web.stop())

test.each([
  '/api/v1/me',
  '/api/v1/services',
  '/api/v1/no-such-thing',
  '/api',
  '/api/docs/',
  '/metrics',
])('a stranger is asked at %s who he is', async (path) => {
  const reply = await web.stranger.get(path)
  expect(reply).toMatchObject({ status: 401, body: { code: 'NOT_LOGGED_IN' } })
  expect(reply.headers['www-authenticate']).toBe('Bearer')
  const cookie = cookieWith('x'.repeat(43), web.url)
  expect((await web.stranger.get(path, { cookie })).status).toBe(401)
  expect((await web.stranger.get(path, { cookie: cookieWith('', web.url) })).status).toBe(401)
})

test('the page may ask whether anybody is logged in, and is told no more than that', async () => {
  const nobody = { loggedIn: false, insecure: false, secure: false }
  const asked = await web.stranger.get('/api/v1/login')
  expect(asked).toMatchObject({ status: 200, body: nobody })
  expect(asked.text).toBe(JSON.stringify(nobody))
  const { client } = await web.login('rita')
  expect((await client.get('/api/v1/login')).body).toEqual({ ...nobody, loggedIn: true })
})

test('what is not there is told of to those who are logged in', async () => {
  const { client } = await web.login('rita')
  expect((await client.get('/api/v1/no-such-thing')).status).toBe(404)
  expect((await web.stranger.get('/no-such-page')).status).toBe(404)
})

test('a program gets in by its token, as often as it likes, and by nothing like it', async () => {
  const me = await web.bearer('operate').get('/api/v1/me')
  expect(me).toMatchObject({
    status: 200,
    body: { operator: 'operate-program', role: 'operate', login: 0, csrf: '' },
  })
  expect(me.headers['set-cookie']).toBeUndefined()
  const { authorization = '' } = web.bearer('operate').headers
  const wrong = [
    `${authorization}x`,
    authorization.slice(0, -1),
    'Bearer',
    'Bearer ',
    `Bearer ${'x'.repeat(10_000)}`,
    authorization.replace('Bearer', 'Basic'),
    authorization.slice('Bearer '.length),
  ]
  for (const each of wrong) {
    const reply = await web.stranger.get('/api/v1/me', { authorization: each })
    expect(reply.status).toBe(401)
  }
  const written = JSON.stringify([web.log.lines, web.process.audit.lines()])
  expect(written).not.toContain(authorization.slice('Bearer '.length))
  expect(web.process.audit.lines()).toContainEqual(
    expect.objectContaining({ event: 'login refused', reason: 'no such token' }),
  )
})

test('a token that is revoked, expires or gets another role is not what it was', async () => {
  const text = newToken()
  const token = { name: 'deploy', access: 'readonly', hash: hashOfToken(text) } as const
  const others = web.balancer.tokens
  const status = async () => {
    const client = new WebClient(web.url, { authorization: `Bearer ${text}` })
    const { status: was, body } = await client.get('/api/v1/me')
    return was === 200 ? (body as { role: string }).role : was
  }
  web.balancer.setTokens([...others, token])
  expect(await status()).toBe('readonly')
  web.balancer.setTokens([...others, { ...token, access: 'full' }])
  expect(await status()).toBe('full')
  web.balancer.setTokens([...others, { ...token, expires: '2020-01-01T00:00:00Z' }])
  expect(await status()).toBe(401)
  web.balancer.setTokens(others)
  expect(await status()).toBe(401)
})

test('events end with the token or the log-in by which they are looked at', async () => {
  const { client, me } = await web.login('bob')
  const [byCookie, byToken] = await Promise.all([
    client.open('GET', '/api/v1/events'),
    web.bearer('full').open('GET', '/api/v1/events'),
  ])
  expect([byCookie.statusCode, byToken.statusCode]).toEqual([200, 200])
  const isOpen = () => web.process.operators.list().find(({ id }) => id === me.login)
  expect(isOpen()?.channels).toEqual(['page', 'events'])
  const ends = [byCookie, byToken].map((reply) => once(reply.resume(), 'close'))
  web.server.logout(me.login)
  await ends[0]
  web.balancer.setTokens([])
  await ends[1]
  await eventually(() => isOpen() === undefined, 'the log-in is gone')
})

test('however many strangers are refused, they fill no log', async () => {
  const before = web.log.of('web login refused').length
  const flood = Array.from({ length: 100 }, () =>
    web.stranger.get('/api/v1/me', { authorization: 'Bearer sluice_no' }),
  )
  expect((await Promise.all(flood)).every(({ status }) => status === 401)).toBe(true)
  const lines = web.log.of('web login refused').length - before
  expect(lines).toBeLessThan(5 * LIMITS.auditRefusalsPerSecond)
})
