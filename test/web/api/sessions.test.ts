// Open sessions over the API: page by page, one of them, and their ends.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createStubProcess, sessionRow } from '../../helpers/stub-process.ts'
import type { WebClient } from '../../helpers/web-client.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

const SESSIONS = '/api/v1/sessions'

let web: RunningWeb
let operate: WebClient

beforeEach(async () => {
  const process = await createStubProcess()
  process.sessionRows = Array.from({ length: 250 }, (_, index) => {
    const host = index % 2 === 0 ? 'a' : 'b'
    return sessionRow(index + 1, { host, client: `192.0.2.${index % 5}:${1_000 + index}` })
  })
  web = await startWeb({ process })
  onTestFinished(() => web.stop())
  operate = web.bearer('operate')
})

interface Page {
  readonly sessions: readonly {
    readonly id: number
    readonly host: string
    readonly client: string
  }[]
  readonly total: number
  readonly next: number | null
}

async function page(query: string): Promise<Page> {
  return (await operate.get(`${SESSIONS}${query}`)).body as Page
}

test('pages follow each other until all were seen', async () => {
  const seen: number[] = []
  let after = 0
  for (let pages = 0; pages < 4; pages++) {
    const { sessions, total, next } = await page(`?limit=100&after=${after}`)
    expect(total).toBe(250)
    seen.push(...sessions.map(({ id }) => id))
    if (next === null) break
    after = next
  }
  expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => index + 1))
})

test('a page has a hundred where nothing is said, and no more than were asked for', async () => {
  expect((await page('')).sessions).toHaveLength(100)
  expect((await page('?limit=3')).sessions.map(({ id }) => id)).toEqual([1, 2, 3])
  expect(await page('?after=249')).toMatchObject({ sessions: [{ id: 250 }], next: null })
})

test('sessions of an object or a client are looked for', async () => {
  const { sessions } = await page('?scope=web/main/b&client=192.0.2.3')
  expect(sessions.length).toBeGreaterThan(0)
  for (const { host, client } of sessions)
    expect([host, client.startsWith('192.0.2.3')]).toEqual(['b', true])
  expect((await operate.get(`${SESSIONS}?scope=web/mian`)).status).toBe(404)
})

test('a query that makes no sense is refused by its name', async () => {
  for (const query of ['limit=0', 'limit=many', 'after=-1', 'client=a,b', 'host=a']) {
    const { status, body } = await operate.get(`${SESSIONS}?${query}`)
    const [name] = query.split('=')
    expect([status, (body as { errors: [{ path: string }] }).errors[0].path]).toEqual([
      422,
      `?${name}`,
    ])
  }
})

test('one session is its row', async () => {
  expect((await operate.get(`${SESSIONS}/7`)).body).toMatchObject({
    id: 7,
    client: '192.0.2.1:1006',
  })
  for (const id of ['999', '0', 'x', '1e9', '-1', '99999999999999999999'])
    expect((await operate.get(`${SESSIONS}/${id}`)).status).toBe(404)
})

test('one session is ended, once and for all', async () => {
  for (const _ of [1, 2]) expect((await operate.send('DELETE', `${SESSIONS}/7`)).status).toBe(204)
  expect(web.process.sessionCount).toBe(249)
})

test('sessions of a client or a host are ended together', async () => {
  const clients = await operate.send('DELETE', `${SESSIONS}?client=192.0.2.3`)
  expect(clients.body).toMatchObject({ done: 'kill', after: { ended: 50 } })
  const host = await operate.send('DELETE', `${SESSIONS}?scope=web/main/a`)
  expect(host.body).toMatchObject({ after: { ended: 100 } })
  expect(web.process.sessionCount).toBe(100)
})

test('nothing is ended where it is not said which, nor for role readonly', async () => {
  for (const query of ['', '?client=192.0.2.3&scope=web/main/a', '?scope=web', '?client=everybody'])
    expect((await operate.send('DELETE', `${SESSIONS}${query}`)).status).toBe(422)
  const readonly = web.bearer('readonly')
  for (const url of [
    `${SESSIONS}/7`,
    `${SESSIONS}?client=192.0.2.3`,
    `${SESSIONS}?scope=web/main/a`,
  ])
    expect((await readonly.send('DELETE', url)).status).toBe(403)
  expect(web.process.sessionCount).toBe(250)
})
