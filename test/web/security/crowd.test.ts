// More than it is made for: a thousand streams of events, two thousand connections, readers that take nothing. The real
// program says no in time, stays small, and carries its traffic byte for byte all the while.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { connecting } from '../../helpers/clients.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost } from '../../helpers/hosts.ts'
import { figuresOfProcess } from '../../helpers/process-figures.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../../helpers/sluice-process.ts'
import { until } from '../../helpers/until.ts'
import { type LoggedIn, logInTo, WebClient } from '../../helpers/web-client.ts'
import { whenOver } from '../../helpers/when-over.ts'

const TOKENS = 40
const STREAMS = 1_000
const CONNECTIONS = 2_000
/** What a crowd may cost besides, in bytes. */
const GROWTH_BYTES = 400 * 1_024 * 1_024

let sluice: SluiceProcess
let page: LoggedIn

beforeAll(async () => {
  const host = await echoHost()
  whenOver(() => host.close())
  sluice = await startSluice({
    services: serviceOf('echo', [Number(host.address.split(':').at(-1))]),
    web: '',
  })
  page = await logIn()
  // It may have to be built first.
}, 120_000)

async function logIn(): Promise<LoggedIn> {
  const { url } = JSON.parse(await sluice.command('web link --json')) as { readonly url: string }
  return logInTo(sluice.webUrl, { link: url.split('#link=')[1] ?? '' })
}

/** Transfers until it is over, each held against what was sent. @returns how many were whole */
async function traffic(over: AbortSignal): Promise<number> {
  let count = 0
  while (!over.aborted) {
    const sent = randomBytes(300_000)
    const client = connecting(sluice.addressOf('echo'))
    const back = client.received()
    client.socket.end(sent)
    expect(hash(await back)).toBe(hash(sent))
    count += 1
  }
  return count
}

const memory = () => figuresOfProcess(sluice.child.pid).anonymousBytes
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Do something while sessions go on, at least one of them wholly within it. */
async function withTraffic(what: () => Promise<void>): Promise<void> {
  const over = new AbortController()
  const [one, other] = [traffic(over.signal), traffic(over.signal)]
  await what().finally(() => over.abort())
  for (const count of await Promise.all([one, other])) expect(count).toBeGreaterThan(0)
}

test('of a thousand streams of events the bound is served, the rest is told to come later', async () => {
  const programs: WebClient[] = []
  for (let count = 0; count < TOKENS; count++) {
    const made = await page.client.post('/api/v1/commands/token-create', {
      name: `program${count}`,
    })
    const { token } = made.body as { readonly token: string }
    programs.push(new WebClient(sluice.webUrl, { authorization: `Bearer ${token}` }))
  }
  const before = memory()
  const open: IncomingMessage[] = []
  onTestFinished(() => open.forEach((reply) => void reply.destroy()))
  await withTraffic(async () => {
    const ask = async (index: number) => {
      const reply = await (programs[index % TOKENS] as WebClient).open('GET', '/api/v1/events')
      open.push(reply)
      // Nobody reads: what waits for it is bounded.
      if (reply.statusCode !== 200) reply.resume()
      return reply
    }
    const replies: IncomingMessage[] = []
    for (let from = 0; from < STREAMS; from += 100)
      replies.push(...(await Promise.all(Array.from({ length: 100 }, (_, at) => ask(from + at)))))
    const of = (status: number) => replies.filter(({ statusCode }) => statusCode === status)
    expect(of(200)).toHaveLength(LIMITS.webStreamsMax)
    expect(of(429)).toHaveLength(STREAMS - LIMITS.webStreamsMax)
    expect(of(429).every(({ headers }) => Number(headers['retry-after']) > 0)).toBe(true)
    expect((await page.client.get('/api/v1/me')).status).toBe(200)
  })
  expect(memory() - before).toBeLessThan(GROWTH_BYTES)
  sluice.assertNoSurprises()
})

test('of two thousand connections the bound is kept, and there is room again when they are gone', async () => {
  const before = memory()
  const sockets: Socket[] = []
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
  const port = Number(new URL(sluice.webUrl).port)
  const closed = new Set<Socket>()
  await withTraffic(async () => {
    for (let from = 0; from < CONNECTIONS; from += 100) {
      const some = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'))
      for (const socket of some)
        socket.on('error', () => {}).once('close', () => closed.add(socket))
      sockets.push(...some)
      await Promise.all(some.map(async (socket) => void (await once(socket, 'connect'))))
    }
    const most = CONNECTIONS - LIMITS.webConnectionsMax
    await eventually(() => closed.size >= most, 'what is too much is closed')
    for (const socket of sockets) socket.destroy()
  })
  const again = async () => {
    const reply = await page.client.get('/api/v1/me').catch(() => undefined)
    return reply?.status === 200 ? true : undefined
  }
  await until(again, 'there is room again', { everyMs: 20 })
  expect(memory() - before).toBeLessThan(GROWTH_BYTES)
  sluice.assertNoSurprises()
})

test('clients that ask for much and take nothing cost a bounded amount, and the stop does not wait for them', async () => {
  const before = memory()
  const port = Number(new URL(sluice.webUrl).port)
  const { cookie } = page.client.headers
  await withTraffic(async () => {
    const asked = `GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`
    const sockets = Array.from({ length: 50 }, () => connect(port, '127.0.0.1').pause())
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
    for (const socket of sockets) socket.on('error', () => {}).write(asked.repeat(200))
    const stranger = new WebClient(sluice.webUrl)
    for (let count = 0; count < 20; count++)
      expect((await stranger.get('/api/v1/me')).status).toBe(401)
    expect(memory() - before).toBeLessThan(GROWTH_BYTES)
  })
  await sluice.stop()
})
