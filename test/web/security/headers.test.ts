// What a browser is told with every answer, whatever kind of answer it is: no frame around it, no script but ours, no type
// that it would guess, nothing kept.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { testFolder } from '../../helpers/folder.ts'
import { replyIn, sendRaw } from '../../helpers/raw-http.ts'
import { addressOf, startWithRoutes } from '../../helpers/web-routes.ts'
import { startWeb } from '../../helpers/web-server.ts'

type Told = Readonly<Record<string, unknown>>

const pageFolder = testFolder()
mkdirSync(join(pageFolder, 'assets'))
writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>Sluice</title>')
writeFileSync(join(pageFolder, 'assets', 'page-1.js'), '1')
const { web, routes } = await startWithRoutes({ pageFolder, settings: { legacyApi: true } })

afterAll(() => web.stop())

/** Of files that hold nothing of this balancer, the first and the last. */
const KEPT = new Set([
  'public, max-age=31536000, immutable',
  'no-cache',
  'no-store',
  'public, max-age=0',
])

function requireHard(headers: Told, where: string): void {
  expect(headers, `${where}`).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'/),
  })
  const policy = String(headers['content-security-policy'])
  expect(policy, `${where}`).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/)
  expect([...KEPT], `${where}`).toContain(headers['cache-control'])
  for (const name of ['server', 'x-powered-by'])
    expect(headers, `${where}`).not.toHaveProperty(name)
}

test('every route, for strangers and for those who may', async () => {
  const full = web.bearer('full')
  const { client } = await web.login('alice')
  for (const route of routes) {
    if (route.url === '/api/v1/events') continue
    const isLook = ['GET', 'HEAD'].includes(route.method)
    const path = addressOf(route)
    const askers = isLook
      ? [web.stranger, full, client]
      : [web.stranger, client.with({ 'x-sluice-csrf': '' })]
    for (const asker of askers) {
      const { headers, status } = await asker.send(route.method, path)
      requireHard(headers, `${status} ${route.method} ${path}`)
    }
  }
})

test('each kind of answer', async () => {
  const full = web.bearer('full')
  const json = { 'content-type': 'application/json' }
  const html = { accept: 'text/html' }
  const host = '/api/v1/services/web/groups/main/hosts/a'
  const big = '#'.repeat(LIMITS.webBodyBytesMax + 1)
  const etag = String((await web.stranger.get('/')).headers.etag)
  const replies = {
    200: await web.stranger.get('/#/services/web', html),
    '200 of an asset': await web.stranger.get('/assets/page-1.js'),
    '200 of the documentation': await full.get('/api/docs/static/swagger-ui.css'),
    '200 of metrics': await full.get('/metrics'),
    201: await full.send('PUT', `${host}b`, { body: { address: '10.0.0.77:80' } }),
    202: await full.post(
      '/api/v1/commands/drain-host',
      { host: 'web/main/a', wait: true, timeout: '1s' },
      { prefer: 'respond-async' },
    ),
    204: await full.send('DELETE', `${host}b`),
    302: await full.get('/api/docs/static/index.html'),
    304: await web.stranger.get('/', { 'if-none-match': etag }),
    400: await full.send('PATCH', host, { body: '{', headers: json }),
    '400 of an address that is none': await web.stranger.get('/api/v1/services/%ff%'),
    401: await web.stranger.get('/api/v1/me'),
    403: await web.bearer('readonly').send('DELETE', host),
    404: await web.stranger.get('/nothing'),
    412: await full.send('DELETE', host, { headers: { 'if-match': '"other"' } }),
    413: await full.send('PATCH', host, { body: big, headers: json }),
    415: await full.send('PATCH', host, { body: 'a=1', headers: { 'content-type': 'text/plain' } }),
    422: await full.send('PATCH', host, { body: {} }),
  }
  for (const [kind, { status, headers }] of Object.entries(replies)) {
    expect(`${kind} `.slice(0, 3), `${kind}`).toBe(String(status))
    requireHard(headers, kind)
  }
})

test('a stream of events', async () => {
  const reply = await web.bearer('full').open('GET', '/api/v1/events')
  reply.destroy()
  requireHard(reply.headers, 'events')
  expect(reply.headers['content-type']).toBe('text/event-stream; charset=utf-8')
})

test.each([
  ['no request', 'HELLO\r\n\r\n', 400],
  ['a request that names no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['an expectation that nobody knows', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\n\r\n', 417],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  [
    'a header that is too large',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
  ],
  ['an address that is too long', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  [
    'two lengths',
    'POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    400,
  ],
  [
    'a length beside pieces',
    'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['a header on two lines', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\nD\r\n\r\n', 400],
  ['a version that is none', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
])('what is %s', async (_, bytes, status) => {
  const reply = replyIn(await sendRaw(web.url, bytes))
  expect(reply.status).toBe(status)
  requireHard(reply.headers, bytes.slice(0, 40))
  expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'NOT_UNDERSTOOD', status })
})

test('no answer that is under way gets another one into its middle', async () => {
  const text = await sendRaw(
    web.url,
    'GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-A: b\r\n\r\nGET garbage\r\nwithout: end\r\n\r\n\0\0\0',
  )
  expect(text.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(2)
})

test('over TLS a browser is told to come by nothing else', async () => {
  const secure = await startWeb({ settings: { secure: true } })
  const { headers } = await secure.stranger.get('/')
  await secure.stop()
  expect(headers['strict-transport-security']).toBe('max-age=31536000')
})
