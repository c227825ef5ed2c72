// What hosts, clients and configurations say of themselves goes out as data: JSON under its own type, lines of events that
// stay lines, and in the one page of markup as text.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createStubProcess, sessionRow } from '../../helpers/stub-process.ts'
import { EventReader } from '../../helpers/event-reader.ts'
import { WebClient } from '../../helpers/web-client.ts'
import { PASSWORDS, type RunningWeb, startWeb } from '../../helpers/web-server.ts'

const SCRIPT = '<script>alert(1)<\u002fscript>'
/** All that a name may have. */
const NAME = `<img src=x onerror=alert(1)>"'&\`$\{1}]]>`
const BANNER = `HTTP/1.1 500 ${SCRIPT}\r\nevent: bye\ndata: {}\n\n\u2028"';--><b>`
const JSON_TYPES = ['application/json; charset=utf-8', 'application/problem+json; charset=utf-8']

let web: RunningWeb

beforeEach(async () => {
  const process = await createStubProcess()
  process.sessionRows = [sessionRow(1, { service: NAME, client: SCRIPT })]
  process.logged = [
    { time: '2026-11-20T12:00:00Z', level: 'warn', event: SCRIPT, facts: { banner: BANNER } },
  ]
  web = await startWeb({ process, settings: { legacyApi: true } })
  onTestFinished(() => web.stop())
  await web.balancer.addService(NAME)
  const group = web.balancer.service(NAME).addGroup(NAME)
  group.addHost(NAME, '10.0.0.1:80').setHealth('down', BANNER)
  web.balancer.setUsers([...web.balancer.users, { name: NAME }])
  await web.stranger.post('/api/v1/login', { user: SCRIPT, password: 'x' })
})

test('every answer with them is JSON that no browser takes for a page', async () => {
  const name = encodeURIComponent(NAME)
  const full = web.bearer('full')
  const replies = [
    await full.get('/api/v1/services'),
    await full.get(`/api/v1/services/${name}`, { accept: 'text/html' }),
    await full.get(`/api/v1/services/${name}/groups/${name}/hosts`, { accept: 'text/html' }),
    await full.get('/api/v1/sessions', { accept: 'text/html' }),
    await full.post('/api/v1/commands/show-log', {}),
    await full.post('/api/v1/commands/show-audit', {}),
    await full.post('/api/v1/commands/show-hosts', {}),
    await full.post('/api/v1/commands/user-list', {}),
    await full.get(`/api/v1/services/${encodeURIComponent(SCRIPT)}`, { accept: 'text/html' }),
    await full.get(`/api/${encodeURIComponent(SCRIPT)}`, { accept: 'text/html' }),
    await full.get(`/api/v1/hosts?scope=${encodeURIComponent(SCRIPT)}`),
    await full.get(`/api/v1/hosts?${encodeURIComponent(SCRIPT)}=1`),
    await full.post(`/api/v1/commands/${encodeURIComponent(SCRIPT)}`, {}),
    await full.post('/api/v1/commands/show-hosts', { [SCRIPT]: 1 }),
  ]
  for (const { headers, body, text, status } of replies) {
    expect(JSON_TYPES, `${text.slice(0, 100)}`).toContain(headers['content-type'])
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/)
    expect(body, `${status} ${text.slice(0, 100)}`).toBeDefined()
  }
  const [services, service] = replies
  expect(services?.body).toContainEqual(expect.objectContaining({ name: NAME }))
  expect(service?.body).toMatchObject({ name: NAME })
  expect(JSON.stringify(replies[2]?.body)).toContain(JSON.stringify(BANNER).slice(1, -1))
})

test('an event is one event, whatever stands in it', async () => {
  const reply = await web.bearer('full').open('GET', '/api/v1/events?topics=change,log,audit')
  const reader = new EventReader(reply)
  await reader.next('config')
  web.tell('log', {
    time: '2026-11-20T12:00:00Z',
    level: 'warn',
    event: 'banner',
    facts: { banner: BANNER },
  })
  web.balancer.service(NAME).group(NAME).host(NAME).setHealth('up', '')
  const line = await reader.next('log')
  expect(line.data).toMatchObject({ facts: { banner: BANNER } })
  web.server.say(BANNER)
  await web
    .bearer('full')
    .post('/api/v1/commands/disable-host', { host: `${NAME}/${NAME}/${NAME}` })
  await reader.next('audit', ({ data }) => JSON.stringify(data).includes('"event":"result"'))
  expect(reader.of('bye')).toEqual([])
  reader.close()
})

test('the page of the ancestors shows it as text, and so does XML', async () => {
  const authorization = `Basic ${Buffer.from(`alice:${PASSWORDS.alice}`).toString('base64')}`
  const alice = new WebClient(web.url, { authorization })
  const message = encodeURIComponent(`${SCRIPT}${BANNER}`)
  const page = await alice.get(`/running?resultMessage=${message}`)
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'/)
  expect(page.text).toContain('&lt;script&gt;alert(1)')
  for (const stray of ['<script', '<img', '<b>', "'&", '"\''] as const)
    expect(page.text).not.toContain(stray)
  for (const name of ['running.xml', 'config.xml', 'stored.xml', 'running.txt', 'status.txt']) {
    const { headers, status } = await alice.get(`/${name}`)
    expect([status, headers['content-type'], headers['x-content-type-options']], `${name}`).toEqual(
      [200, 'text/plain; charset=utf-8', 'nosniff'],
    )
  }
  const xml = await alice.get('/running.xml')
  for (const stray of ['<script', '<img', ']]>'] as const) expect(xml.text).not.toContain(stray)
})

test('no line end gets into a header', async () => {
  const authorization = `Basic ${Buffer.from(`alice:${PASSWORDS.alice}`).toString('base64')}`
  const alice = new WebClient(web.url, { authorization })
  const value = encodeURIComponent('x\r\nset-cookie: sluice=evil\r\n\r\n<b>')
  const replies = [
    await alice.get(`/newService?service=${value}`),
    await alice.get(`/newService?service=fine&ip=${value}`),
    await alice.get(`/running?resultMessage=${value}`),
    await web.bearer('full').send('PUT', `/api/v1/services/${value}`, { body: {} }),
    await web.bearer('full').get(`/api/docs/static/${value}`),
    await web.stranger.get(`/${value}`, { accept: 'text/html' }),
  ]
  for (const { headers } of replies) expect(headers['set-cookie']).toBeUndefined()
  expect(web.balancer.serviceList.map(({ name }) => name)).not.toContain('fine')
})

test('several lines of a call of the ancestors are as many as were meant', async () => {
  const authorization = `Basic ${Buffer.from(`alice:${PASSWORDS.alice}`).toString('base64')}`
  const alice = new WebClient(web.url, { authorization })
  const before = web.balancer.changeNumber
  for (const ip of [
    "127.0.0.1:81'\nuser add evil --role full\n'",
    '127.0.0.1:81\nuser add evil --role full',
    '127.0.0.1:81\rx',
  ])
    for (const service of ['fine', ip]) {
      const query = `service=${encodeURIComponent(service)}&ip=${encodeURIComponent(ip)}`
      const { status, text } = await alice.get(`/newService?${query}`)
      expect([status, text]).toEqual([
        422,
        expect.stringContaining('no control characters are accepted'),
      ])
    }
  expect(web.balancer.changeNumber).toBe(before)
  expect(web.balancer.users.map(({ name }) => name)).not.toContain('evil')
})
