// Clients that hold what they are given: half a header, half a body, an answer that nobody takes, a place without a
// request. Each is over within its bound, and none keeps others out or the surface from stopping.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { BoundedServer, type ServerBounds } from '../../../src/web/bounded-server.ts'
import { deferred } from '../../helpers/deferred.ts'
import { testFolder } from '../../helpers/folder.ts'
import { closedWith, openRaw, replyIn, sendRaw } from '../../helpers/raw-http.ts'
import { createStubProcess, sessionRow } from '../../helpers/stub-process.ts'
import { type RunningWeb, startWeb, type StartWebOptions } from '../../helpers/web-server.ts'

const SOON_MS = 200

async function start(options: StartWebOptions = {}): Promise<RunningWeb> {
  const web = await startWeb(options)
  onTestFinished(() => web.stop())
  return web
}

const noErrors = (web: RunningWeb) =>
  expect(web.log.lines.filter(({ level }) => level === 'error')).toEqual([])

test.each([
  ['nothing at all', '', 408],
  ['half a line', 'GET / HT', 408],
  ['a header without an end', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n', 408],
])('a client that sends %s is told so and is out', async (_, bytes, status) => {
  const web = await start({ bounds: { headerMs: SOON_MS } })
  const reply = replyIn(await sendRaw(web.url, bytes))
  expect(reply.status).toBe(status)
  noErrors(web)
})

test.each([
  ['with a length', 'Content-Length: 100\r\n\r\n{'],
  ['in pieces', 'Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
])('a body that never comes %s ends its connection', async (_, rest) => {
  const web = await start({ bounds: { headerMs: SOON_MS, requestMs: SOON_MS } })
  const head = 'POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  await sendRaw(web.url, head + rest)
  expect((await web.stranger.get('/api/v1/me')).status).toBe(401)
  noErrors(web)
})

test('bytes that trickle in do not make it longer', async () => {
  const web = await start({ bounds: { headerMs: SOON_MS } })
  const socket = await openRaw(web.url)
  const trickle = setInterval(() => socket.write('a'), 5)
  onTestFinished(() => clearInterval(trickle))
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-A: ')
  expect(replyIn(await closedWith(socket)).status).toBe(408)
})

test('a connection that is kept for the next request is not kept for ever', async () => {
  const web = await start({ bounds: { keepAliveMs: SOON_MS } })
  const text = await sendRaw(web.url, 'GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(replyIn(text).status).toBe(401)
})

/** The server alone, with an answer of the test's own. */
async function startBelow(
  bounds: Partial<ServerBounds>,
  answer: Parameters<BoundedServer['serve']>[0],
) {
  const below = new BoundedServer(undefined, bounds)
  const server = below.serve(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    below.destroyAll()
    await closed
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an answer that nobody takes is dropped', async () => {
  const ended = deferred<void>()
  const bytes = 64 * 1_024 * 1_024
  const url = await startBelow({ stuckMs: SOON_MS }, (_, response) => {
    response.once('close', () => ended.resolve())
    response.end(Buffer.alloc(bytes))
  })
  const socket = await openRaw(url)
  socket.pause().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await ended.promise
  expect((await closedWith(socket.resume())).length).toBeLessThan(bytes)
})

test('an answer that is taken is whole', async () => {
  const bytes = 8 * 1_024 * 1_024
  const url = await startBelow({ stuckMs: SOON_MS }, (_, response) => {
    response.end(Buffer.alloc(bytes, 'x'))
  })
  const socket = await openRaw(url)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(replyIn(await closedWith(socket)).body).toHaveLength(bytes)
})

test('places that are held without asking anything are given to the next who comes', async () => {
  const url = await startBelow({ connectionsMax: 4 }, (_, response) => response.end('here'))
  for (let count = 0; count < 4; count++) {
    const socket = await openRaw(url)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'data')
  }
  // The one that is too many makes the others go.
  await sendRaw(url, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  const text = await sendRaw(url, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(replyIn(text).body).toBe('here')
})

test('one caller has so many answers under way, and others are served meanwhile', async () => {
  const process = await createStubProcess()
  process.sessionRows = Array.from({ length: 500 }, (_, index) => sessionRow(index + 1))
  const web = await start({ process })
  const { authorization } = web.bearer('readonly').headers
  const asked = `GET /api/v1/sessions?limit=500 HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n`
  const socket = await openRaw(web.url)
  const all = closedWith(socket)
  socket.write(`${asked}\r\n`.repeat(99) + `${asked}Connection: close\r\n\r\n`)
  const statuses = [...(await all).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) =>
    Number(status),
  )
  expect(statuses).toHaveLength(100)
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
  expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(
    LIMITS.webCallsPerCallerMax,
  )
  expect((await web.bearer('readonly').get('/api/v1/me')).status).toBe(200)
})

test.each([false, true])('whoever is connected, it stops (over TLS: %s)', async (secure) => {
  const folder = testFolder()
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets', 'large.bin'), Buffer.alloc(12 * 1_024 * 1_024))
  const web = await startWeb({ settings: { secure }, pageFolder: folder })
  const [quiet, half, stuck] = [
    await openRaw(web.url),
    await openRaw(web.url),
    await openRaw(web.url),
  ]
  half.write('GET / HTTP/1.1\r\nHost: x\r\nX-A: ')
  stuck.pause().write('GET /assets/large.bin HTTP/1.1\r\nHost: x\r\n\r\n')
  const events = await web.bearer('full').open('GET', '/api/v1/events')
  const closed = [quiet, half].map((socket) => closedWith(socket))
  const over = once(events.resume(), 'close')
  await web.stop()
  await Promise.all([...closed, over])
  noErrors(web)
})

test('a request for another protocol gets none', async () => {
  const web = await start()
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n'
  const socket = await openRaw(web.url)
  const all = closedWith(socket)
  socket.end(`GET /api/v1/events HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`)
  expect(replyIn(await all).status).toBe(401)
  expect(await sendRaw(web.url, 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('')
  expect(replyIn(await sendRaw(web.url, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).status).toBe(400)
  expect((await web.stranger.get('/api/v1/me')).status).toBe(401)
})
