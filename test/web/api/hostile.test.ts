// What nobody sends by accident: bodies that are none, that are too large or poisoned, and addresses that try to read as
// others. Each is answered with a clear status, and nothing is changed.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import type { WebClient } from '../../helpers/web-client.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

const HOST = '/api/v1/services/web/groups/main/hosts/a'
const JSON_TYPE = { 'content-type': 'application/json' }

let web: RunningWeb
let full: WebClient
let before: number

beforeEach(async () => {
  web = await startWeb()
  full = web.bearer('full')
  before = web.balancer.changeNumber
  onTestFinished(() => web.stop())
})

/** Whatever was asked: nothing was changed, and nothing unexpected happened. */
function requireUntouched(): void {
  expect(web.balancer.changeNumber).toBe(before)
  expect(web.log.lines.filter(({ level }) => level === 'error')).toEqual([])
}

test.each([
  ['no JSON', '{', 400],
  ['a member of the prototype', '{"__proto__": {"weight": 5}}', 400],
  ['its constructor', '{"constructor": {"prototype": {"weight": 5}}}', 400],
  ['no object', '[]', 422],
  ['null', 'null', 422],
  ['a text', '"weight"', 422],
  ['nothing', '', 400],
  ['nothing to change', '{}', 422],
  ['a number that is none', '{"weight": "5"}', 422],
  ['a broken number', '{"weight": 1.5}', 422],
  ['a huge number', '{"weight": 1e400}', 422],
  ['a list', '{"weight": [5]}', 422],
  ['a line end in a value', String.raw`{"address": "10.0.0.1:80\nstop"}`, 422],
  ['a control character', String.raw`{"address": "10.0.0.1:80\u0000"}`, 422],
  ['a line end in a name', String.raw`{"weight": 2, "before": "b\nstop"}`, 422],
])('a body that is %s', async (_, body, status) => {
  const reply = await full.send('PATCH', HOST, { body, headers: JSON_TYPE })
  expect(reply.status).toBe(status)
  expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  requireUntouched()
})

test('a body of another type', async () => {
  const reply = await full.send('PATCH', HOST, {
    body: 'weight=5',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(reply.status).toBe(415)
  requireUntouched()
})

test('a body that is too large', async () => {
  const body = JSON.stringify({ input: '#'.repeat(LIMITS.webBodyBytesMax) })
  const reply = await full.send('POST', '/api/v1/commands/batch', { body, headers: JSON_TYPE })
  expect(reply.body).toMatchObject({ status: 413, code: 'TOO_LARGE' })
  requireUntouched()
})

test.each([
  ['a path in a name', '/api/v1/services/web%2Fgroups'],
  ['the folder above', '/api/v1/services/..%2f..%2fetc%2fpasswd'],
  ['two dots', '/api/v1/services/%2e%2e/groups'],
  ['a zero byte', '/api/v1/services/web%00'],
  ['a line end', '/api/v1/services/web%0Astop'],
  ['a reserved word', '/api/v1/services/web/groups/listen'],
  ['a reserved word below', '/api/v1/services/web/groups/listen/hosts/127.0.0.1:8080'],
  ['a prototype', '/api/v1/services/__proto__'],
  ['a flag', '/api/v1/services/--json'],
  ['a question', '/api/v1/services/%3F'],
  ['what is no UTF-8', '/api/v1/services/%ff%fe'],
  ['half an escape', '/api/v1/services/%2'],
  ['a very long name', `/api/v1/services/${'a'.repeat(4_000)}`],
  ['a group as a host', '/api/v1/services/web/groups/main%2Fa'],
  ['a listener that is none', '/api/v1/services/web/listeners/..%2F..'],
  ['an unknown command', '/api/v1/commands/..%2Fstop'],
])('%s finds nothing, and changes nothing', async (_, url) => {
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const body = method === 'PATCH' ? { accessLog: true } : undefined
    const { status } = await full.send(method, url, { body })
    expect([204, 400, 404, 405, 422], `${method} ${url}`).toContain(status)
  }
  expect([400, 404, 405]).toContain((await full.get(url)).status)
  requireUntouched()
})

test.each([
  ['a slash', 'a%2Fb'],
  ['a reserved word', 'listen'],
  ['a dash in front', '-a'],
  ['a line end', 'a%0Ab'],
  ['a very long one', 'a'.repeat(300)],
])('nothing is added under a name with %s', async (_, name) => {
  const { status, body } = await full.send('PUT', `/api/v1/services/${name}`, { body: {} })
  expect([status, (body as { code: string }).code]).toEqual([422, 'NAME_BAD'])
  requireUntouched()
})

test('a header that is too large is refused before anything else', async () => {
  const reply = await full.get(HOST, { 'x-much': 'a'.repeat(LIMITS.webHeaderBytesMax) })
  expect(reply.status).toBe(431)
  requireUntouched()
})

test.each([
  ['POST', HOST, 'GET, HEAD, PUT, PATCH, DELETE'],
  ['TRACE', HOST, 'GET, HEAD, PUT, PATCH, DELETE'],
  ['OPTIONS', '/api/v1/services', 'GET, HEAD'],
  ['PUT', '/api/v1/services', 'GET, HEAD'],
  ['PATCH', '/api/v1/config', 'GET, HEAD'],
  ['HEAD', '/api/v1/events', 'GET'],
  ['GET', '/api/v1/config/commit', 'POST'],
  ['GET', '/api/v1/commands/save', 'POST'],
])('%s of %s is told which methods there are', async (method, url, allowed) => {
  // A body that no route would take is not what it is about.
  const reply = await full.send(method, url, { headers: { 'content-type': 'text/plain' } })
  const allow = (reply.headers.allow ?? '').split(', ').toSorted()
  expect([reply.status, allow]).toEqual([405, allowed.split(', ').toSorted()])
  expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  requireUntouched()
})

test('what can be read can be asked for without being read', async () => {
  for (const url of ['/api/v1/services', HOST, '/api/v1/config', '/api/v1/openapi.json']) {
    const { status, headers, text } = await full.send('HEAD', url)
    const read = await full.get(url)
    const length = String(Buffer.byteLength(read.text))
    const told = [url, status, text, headers['content-length'], headers.etag]
    expect(told).toEqual([url, 200, '', length, read.headers.etag])
  }
  expect((await full.send('HEAD', `${HOST}x`)).status).toBe(404)
})

const CANDIDATE = '/api/v1/config/candidate'

test.each([
  ['a document as an object', 'PATCH', HOST, 'application/xml', 'application/json'],
  ['an object as a document', 'PUT', CANDIDATE, 'application/json', 'application/xml or text/xml'],
  ['a patch of another kind', 'PATCH', HOST, 'application/merge-patch+json', 'application/json'],
  ['no type', 'PATCH', HOST, '', 'application/json'],
])('%s is told which type is accepted', async (_, method, url, type, accepted) => {
  const reply = await full.send(method, url, { body: '{}', headers: { 'content-type': type } })
  expect(reply.body).toMatchObject({
    status: 415,
    detail: `Content-Type is ${accepted}, got ${JSON.stringify(type)}`,
  })
  requireUntouched()
})

test('a body that is packed is told to come as it is', async () => {
  const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' }
  const reply = await full.send('PATCH', HOST, { body: '{"weight":5}', headers })
  expect(reply.body).toMatchObject({
    status: 415,
    detail: 'Content-Encoding: send it as it is, got "gzip"',
  })
  expect(reply.headers['accept-encoding']).toBe('identity')
  const plain = { ...JSON_TYPE, 'content-encoding': 'identity' }
  const taken = await full.send('PATCH', HOST, { body: '{"weight":1}', headers: plain })
  expect(taken.status).toBe(200)
})

test('a type of nothing is passed over where nothing is what is expected', async () => {
  const reply = await full.send('DELETE', `${HOST}x`, { headers: JSON_TYPE })
  expect(reply.status).toBe(204)
})

test('what is said of an address is text, whatever is in it', async () => {
  const { body, headers } = await full.get('/api/v1/services/%3Cscript%3Ealert(1)%3C%2Fscript%3E')
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(body).toMatchObject({ status: 404 })
  requireUntouched()
})
