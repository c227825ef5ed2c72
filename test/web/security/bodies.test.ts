// Bodies and headers that are made to cost more than they are worth: bounded before they are read, and answered briefly.
import assert from 'node:assert/strict'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { replyIn, sendRaw } from '../../helpers/raw-http.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
/** Characters that a refusal needs at most, whatever was sent. */
const BRIEF = 32 * 1_024

let web: RunningWeb

beforeEach(async () => {
  web = await startWeb({ settings: { legacyApi: true } })
  const before = web.balancer.changeNumber
  onTestFinished(async () => {
    assert.equal(web.balancer.changeNumber, before)
    assert.deepEqual(web.log.of('unexpected'), [])
    await web.stop()
  })
})

/** JSON of about so many bytes. */
const BOMBS: readonly (readonly [string, (bytes: number) => string])[] = [
  ['members that there are not', (bytes) => `{${manyMembers(bytes / 16)}"z":1}`],
  ['a member with a huge name', (bytes) => `{"${'n'.repeat(bytes - 10)}":1}`],
  ['a huge text', (bytes) => `{"user":"${'u'.repeat(bytes - 40)}","password":"x"}`],
  ['lists in lists', (bytes) => '['.repeat(bytes / 2 - 1) + ']'.repeat(bytes / 2 - 1)],
  [
    'objects in objects',
    (bytes) => `${'{"a":'.repeat(bytes / 6 - 1)}1${'}'.repeat(bytes / 6 - 1)}`,
  ],
  [
    'a deep member',
    (bytes) => `{"user":${'['.repeat(bytes / 2 - 30)}${']'.repeat(bytes / 2 - 30)},"password":"x"}`,
  ],
  ['a number of many digits', (bytes) => `{"weight":${'9'.repeat(bytes - 20)}}`],
  ['the same member again and again', (bytes) => `{${'"user":1,'.repeat(bytes / 9 - 2)}"user":1}`],
]

test.each(BOMBS)('%s: a stranger is told at once that it is too much', async (_, bomb) => {
  const within = bomb(LIMITS.webLoginBytesMax - 100)
  const reply = await web.stranger.post('/api/v1/login', within, JSON_TYPE)
  expect([400, 422]).toContain(reply.status)
  expect(reply.text.length).toBeLessThan(BRIEF)
  for (const path of ['/api/v1/login', '/nothing', '/']) {
    const large = await web.stranger.post(path, bomb(LIMITS.webBodyBytesMax - 100), JSON_TYPE)
    expect([large.status, large.body], `${path}`).toEqual([
      413,
      expect.objectContaining({ code: 'TOO_LARGE' }),
    ])
  }
})

test.each(BOMBS)('%s: whoever may is refused briefly', async (_, bomb) => {
  const body = bomb(LIMITS.webBodyBytesMax - 100)
  for (const [method, path] of [
    ['PATCH', '/api/v1/services/web/groups/main/hosts/a'],
    ['PUT', '/api/v1/services/web/groups/main/hosts/new'],
    ['POST', '/api/v1/commands/show-hosts'],
  ] as const) {
    const reply = await web.bearer('full').send(method, path, { body, headers: JSON_TYPE })
    expect([400, 422], `${path}`).toContain(reply.status)
    expect(reply.text.length, `${path}`).toBeLessThan(BRIEF)
  }
})

test.each([
  'application/xml',
  'text/xml',
  'application/json',
  'text/plain',
  'application/octet-stream',
  '',
])('no stranger has a large body of type %j read', async (type) => {
  const body = ' '.repeat(LIMITS.webBodyBytesMax)
  for (const path of ['/api/v1/login', '/nothing', '/running', '/metrics']) {
    const { status } = await web.stranger.post(path, body, { 'content-type': type })
    expect([404, 413, 415], `${type} ${path}`).toContain(status)
  }
  const shut = await web.stranger.send('PUT', '/api/v1/config/candidate', {
    body,
    headers: { 'content-type': type },
  })
  expect(shut.status).toBe(401)
})

test('a body in pieces is as long as it is, whatever it says of itself', async () => {
  const head =
    'POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n'
  const piece = `1000\r\n${'x'.repeat(4_096)}\r\n`
  const reply = replyIn(await sendRaw(web.url, head + piece.repeat(8) + '0\r\n\r\n'))
  expect(reply.status).toBe(413)
})

test.each([
  [
    'ten thousand headers',
    Array.from({ length: 10_000 }, (_, index) => `X-${index}: 1`).join('\r\n'),
  ],
  ['many small ones', Array.from({ length: 3_000 }, () => 'a:b').join('\r\n')],
  ['one that is huge', `Cookie: ${'sluice=x; '.repeat(5_000)}`],
])('%s', async (_, headers) => {
  const text = await sendRaw(
    web.url,
    `GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n`,
  )
  expect([401, 431]).toContain(replyIn(text).status)
})

test.each([
  ['many cookies', { cookie: 'sluice=x; '.repeat(1_500) }],
  ['a bearer of blanks', { authorization: `Bearer ${' '.repeat(12_000)}x` }],
  ['a basic without an end', { authorization: `Basic ${'A'.repeat(12_000)}!` }],
  ['a preference', { prefer: `${', '.repeat(6_000)}respond-async` }],
  ['many tags', { 'if-none-match': '"a", '.repeat(2_500) }],
  ['many codings', { 'accept-encoding': 'gzip ; q=0.0000, '.repeat(800) }],
  ['an origin', { origin: `http://${'a'.repeat(12_000)}` }],
])('%s in a header that just fits is answered like any other', async (_, headers) => {
  for (const path of ['/', '/api/v1/me', '/running', '/api/v1/login']) {
    const { status } = await web.stranger.get(path, headers)
    expect([200, 401, 403, 404], `${path}`).toContain(status)
  }
})

function manyMembers(count: number): string {
  return Array.from({ length: Math.floor(count) }, (_, index) => `"m${index}":1,`).join('')
}
