// Streams of events behind the real door: who gets one, what ends it, and that a page which reads nothing costs little.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { EventReader } from '../../helpers/event-reader.ts'
import { eventually } from '../../helpers/eventually.ts'
import { pathOf } from '../../helpers/programs.ts'
import type { WebClient } from '../../helpers/web-client.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

let web: RunningWeb

beforeEach(async () => {
  web = await startWeb()
})

afterEach(async () => {
  await web.stop()
})

async function listen(client: WebClient, query = ''): Promise<EventReader> {
  const reply = await client.open('GET', `/api/v1/events${query}`)
  expect(reply.statusCode).toBe(200)
  const reader = new EventReader(reply)
  await reader.next('config')
  return reader
}

test('a stranger gets none, nor does the page of another site', async () => {
  expect(await web.stranger.get('/api/v1/events')).toMatchObject({ status: 401 })
  const { client } = await web.login('alice')
  const headers = { 'sec-fetch-site': 'cross-site' }
  expect(await client.get('/api/v1/events', headers)).toMatchObject({ status: 403 })
})

test('a log-out ends the streams of that log-in, with a word', async () => {
  const alice = await web.login('alice')
  const bob = await web.login('bob')
  const [hers, his] = [await listen(alice.client), await listen(bob.client)]
  expect(await alice.client.post('/api/v1/logout')).toMatchObject({ status: 204 })
  await eventually(() => hers.ended, 'her stream ended')
  expect(hers.events.at(-1)?.event).toBe('bye')
  expect(his.ended).toBe(false)
  his.close()
})

test('an operator who is removed is told nothing any more', async () => {
  const { client } = await web.login('bob')
  const reader = await listen(client)
  web.balancer.setUsers(web.balancer.users.filter(({ name }) => name !== 'bob'))
  await eventually(() => reader.ended, 'his stream ended')
  web.balancer.service('web').group('main').host('a').weight = 7
  expect(JSON.stringify(reader.of('change'))).not.toContain('weight')
})

test('a token that is revoked ends its streams', async () => {
  const reader = await listen(web.bearer('readonly'))
  web.balancer.setTokens([])
  await eventually(() => reader.ended, 'the stream ended')
})

test('say is heard at the page, but not by who said it', async () => {
  const [alice, bob] = [await web.login('alice'), await web.login('bob')]
  const [hers, his] = [await listen(alice.client), await listen(bob.client)]
  const seen = web.process.operators.say('*** alice: web goes down', alice.me.login)
  expect(seen).toBe(1)
  expect((await his.next('say')).data).toEqual({ text: '*** alice: web goes down' })
  expect(hers.of('say')).toEqual([])
  for (const reader of [hers, his]) reader.close()
})

test('one more stream than a log-in may have is told to come again', async () => {
  const { client } = await web.login('alice')
  const readers: EventReader[] = []
  for (let count = 0; count < LIMITS.webStreamsPerLoginMax; count++)
    readers.push(await listen(client, '?topics=change'))
  const { status, headers } = await client.get('/api/v1/events')
  expect([status, headers['retry-after']]).toEqual([429, '10'])
  const other = await web.login('bob')
  readers.push(await listen(other.client))
  for (const reader of readers) reader.close()
})

test('a page that reads nothing gets less, holds little, and says how much it missed', async () => {
  const { client } = await web.login('alice')
  const page = narrowPage(web.port)
  const head = `GET /api/v1/events?topics=log HTTP/1.1\r\nhost: localhost:${web.port}\r\n`
  page.stdin.write(`${head}cookie: ${client.headers['cookie']}\r\n\r\n`)
  const healthy = await listen(client, '?topics=log')
  const time = new Date(0).toISOString()
  const text = 'x'.repeat(10_000)
  let told = 0
  // Far more than the system holds for a connection.
  for (let round = 0; round < 40; round++) {
    for (let count = 0; count < 25; count++)
      web.tell('log', { time, level: 'info', event: String(++told), facts: { text } })
    await healthy.next('log', ({ data }) => data['event'] === String(told))
  }
  expect(healthy.of('log').every(({ data }) => data['lost'] === 0)).toBe(true)
  expect(healthy.of('log')).toHaveLength(told)
  const seen = countOf(page.stdout)
  // It is told of the next one as soon as it has caught up.
  await eventually(() => {
    web.tell('log', { time, level: 'info', event: 'after', facts: {} })
    return seen.lost > 0
  }, 'it is told how many it missed')
  expect(seen.got).toBeLessThan(told)
  page.kill()
  healthy.close()
})

/** A connection whose client reads nothing until it is asked to, and for which the system holds little. */
function narrowPage(port: number) {
  const page = spawn(pathOf('socat'), ['-', `TCP:127.0.0.1:${port},rcvbuf=16384`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void page.kill())
  return page
}

/** Reads all that comes. @returns how many lines came so far, and how many are said to be lost */
function countOf(stream: Readable): { readonly got: number; readonly lost: number } {
  const count = { got: 0, lost: 0 }
  createInterface(stream).on('line', (line) => {
    if (line === 'event: log') count.got++
    count.lost ||= Number(/"lost":(\d+)/.exec(line)?.[1] ?? 0)
  })
  return count
}
