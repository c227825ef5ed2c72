// How the built page is served: what a browser may keep, what nobody gets at, and what is said where there is none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { text as textOf, buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { type RunningWeb, startWeb } from '../helpers/web-server.ts'

const SCRIPT = `${'let x = 1;\n'.repeat(100)}`
const HTML = { accept: 'text/html,application/xhtml+xml' }

let folder: string
let web: RunningWeb | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-page-'))
  mkdirSync(join(folder, 'ui', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'not for anybody')
  writeFileSync(join(folder, 'ui', 'index.html'), '<!doctype html><title>Sluice</title>')
  writeFileSync(join(folder, 'ui', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(folder, 'ui', 'assets', 'index-4f2a.js'), SCRIPT)
})

afterEach(async () => {
  await web?.stop()
  web = undefined
  rmSync(folder, { recursive: true })
})

async function start(pageFolder = join(folder, 'ui')): Promise<RunningWeb> {
  web = await startWeb({ pageFolder })
  return web
}

test('a stranger gets the page, which is asked for anew each time', async () => {
  const { stranger } = await start()
  const { status, headers, text } = await stranger.get('/')
  expect([status, text]).toEqual([200, '<!doctype html><title>Sluice</title>'])
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  })
  const etag = String(headers.etag)
  expect(await stranger.get('/', { 'if-none-match': etag })).toMatchObject({
    status: 304,
    text: '',
  })
  expect(await stranger.get('/', { 'if-none-match': '"other"' })).toMatchObject({ status: 200 })
  expect(await stranger.send('HEAD', '/')).toMatchObject({
    status: 200,
    text: '',
    headers: { 'content-length': String(text.length) },
  })
})

test('what it is made of may be kept for ever, and comes packed', async () => {
  const { stranger } = await start()
  const plain = await stranger.get('/assets/index-4f2a.js')
  expect([plain.status, plain.text]).toEqual([200, SCRIPT])
  expect(plain.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  })
  const headers = { 'accept-encoding': 'br, gzip' }
  const reply = await stranger.open('GET', '/assets/index-4f2a.js', { headers })
  const bytes = await buffer(reply)
  expect(reply.headers['content-encoding']).toBe('gzip')
  expect(reply.headers.etag).not.toBe(plain.headers.etag)
  expect(bytes.length).toBeLessThan(SCRIPT.length)
  expect(gunzipSync(bytes).toString()).toBe(SCRIPT)
  const refused = { 'accept-encoding': 'gzip;q=0' }
  expect((await stranger.get('/assets/index-4f2a.js', refused)).text).toBe(SCRIPT)
})

test.each([
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/../secret.txt',
  '/..%2fsecret.txt',
  '//etc/passwd',
  '/assets//etc/passwd',
  '/assets/%00',
  '/assets/',
  '/assets',
  '/assets/constructor',
  '/__proto__',
])('no path leads out of the page: %s', async (path) => {
  const { stranger } = await start()
  const { status, text } = await stranger.get(path)
  expect(status).toBe(404)
  expect(text).not.toContain('not for anybody')
  expect(text).not.toContain('root:')
})

test('whatever a browser shows ends at the page; nothing else does', async () => {
  const { stranger } = await start()
  expect((await stranger.get('/services/web', HTML)).text).toContain('<title>Sluice')
  expect((await stranger.get('/icon.svg')).headers['content-type']).toBe('image/svg+xml')
  expect(await stranger.get('/services/web', { accept: 'application/json' })).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND' },
  })
  expect(await stranger.get('/api/v1/nothing', HTML)).toMatchObject({ status: 401 })
  expect((await stranger.get('/api', HTML)).text).not.toContain('<title>')
  expect((await stranger.get('/metrics/x', HTML)).text).not.toContain('<title>')
  expect((await stranger.post('/services/web', '', HTML)).text).not.toContain('<title>')
  expect((await stranger.post('/', '', HTML)).status).toBe(404)
})

test('where it is not built, that is said, and how', async () => {
  const { stranger, log } = await start(join(folder, 'nothing'))
  const { status, text, headers } = await stranger.get('/', HTML)
  expect([status, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
  expect(text).toContain('npm run build')
  expect(log.of('web page not served')).toEqual([])
})

test('what is too large is not served, and everything else is', async () => {
  writeFileSync(join(folder, 'ui', 'assets', 'large.bin'), Buffer.alloc(LIMITS.webPageBytesMax))
  const { stranger, log } = await start()
  expect(await stranger.get('/')).toMatchObject({ status: 404 })
  expect(log.of('web page not served')).toHaveLength(1)
  const reply = await stranger.open('GET', '/api/v1/me')
  expect(reply.statusCode).toBe(401)
  await textOf(reply)
})
