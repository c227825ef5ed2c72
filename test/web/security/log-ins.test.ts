// A log-in belongs to the browser that proved who it is, for as long as its operator is who he was: fixed ids, stolen ids
// and what ends a log-in.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { Host } from '../../../src/model/host.ts'
import type { UserSnapshot } from '../../../src/model/snapshot.ts'
import { cookieIn, cookieWith, idIn, type LoggedIn } from '../../helpers/web-client.ts'
import { cheapHash, PASSWORDS, type RunningWeb, startWeb } from '../../helpers/web-server.ts'

let web: RunningWeb

beforeEach(async () => {
  web = await startWeb()
  onTestFinished(() => web.stop())
})

const status = async ({ client }: Pick<LoggedIn, 'client'>) =>
  (await client.get('/api/v1/me')).status
const change = (name: string, to: Partial<UserSnapshot>) => {
  web.balancer.setUsers(
    web.balancer.users.map((user) => (user.name === name ? { ...user, ...to } : user)),
  )
}

test.each([
  ['an id that somebody made up', () => cookieWith('A'.repeat(43), web.url)],
  ['the id of somebody else', (other: string) => other],
  ['two ids', (other: string) => `${other}; ${cookieWith('A'.repeat(43), web.url)}`],
  ['an id in capital letters', (other: string) => other.replace('sluice', 'Sluice')],
])('%s, brought along to a log-in, is not what it gets', async (_, cookieFor) => {
  const other = await web.login('alice')
  const brought = cookieFor(other.client.headers['cookie'] ?? '')
  const body = { user: 'rita', password: PASSWORDS.rita }
  const reply = await web.stranger.post('/api/v1/login', body, { cookie: brought })
  expect(reply.status).toBe(200)
  expect(brought).not.toContain(idIn(cookieIn(reply)))
  const me = await web.stranger.get('/api/v1/me', { cookie: cookieIn(reply) })
  expect(me.body).toMatchObject({ operator: 'rita', role: 'readonly' })
  const asBrought = await web.stranger.get('/api/v1/me', { cookie: brought })
  expect(asBrought.text).not.toContain('rita')
})

test('a log-in by somebody else in the same browser ends the one before, with all that goes on by it', async () => {
  const alice = await web.login('alice')
  const events = await alice.client.open('GET', '/api/v1/events')
  const ended = new Promise((resolve) => events.resume().once('close', resolve))
  const body = { user: 'rita', password: PASSWORDS.rita }
  await web.stranger.post('/api/v1/login', body, { cookie: alice.client.headers['cookie'] ?? '' })
  await ended
  expect(await status(alice)).toBe(401)
})

test('an id is in no address and no answer, and an address lends none', async () => {
  const { client } = await web.login('alice')
  const cookie = client.headers['cookie'] ?? ''
  const id = idIn(cookie)
  for (const path of [`/api/v1/me?${cookie}`, `/api/v1/me;${cookie}`])
    expect((await web.stranger.get(path)).status).toBe(401)
  expect(
    (await web.stranger.get('/api/v1/me', { 'x-sluice': id, authorization: `Bearer ${id}` }))
      .status,
  ).toBe(401)
  expect((await client.get('/api/v1/me')).text).not.toContain(id)
})

const ENDS: readonly (readonly [string, (login: LoggedIn) => unknown])[] = [
  ['he logs out', ({ client }) => client.post('/api/v1/logout')],
  [
    'an operator logs him out',
    ({ me }) => web.bearer('full').post('/api/v1/commands/logout', { who: String(me.login) }),
  ],
  ['the server is told to', ({ me }) => web.server.logout(me.login)],
  [
    'he is removed',
    () => web.balancer.setUsers(web.balancer.users.filter(({ name }) => name !== 'bob')),
  ],
  ['his role is another one', () => change('bob', { access: 'full' })],
  ['his role is a lower one', () => change('bob', { access: 'readonly' })],
  ['his password is another one', () => change('bob', { password: cheapHash('another') })],
  [
    'the same password is hashed anew by somebody',
    () => change('bob', { password: cheapHash(PASSWORDS.bob) }),
  ],
  ['passwords do not do any more', () => change('bob', { auth: 'publickey' })],
  ['a key is needed as well', () => change('bob', { auth: 'publickey+password' })],
]

test.each(ENDS)('a stolen id is worth nothing once %s', async (_, end) => {
  const [bob, alice] = [await web.login('bob'), await web.login('alice')]
  const stolen = web.stranger.with(bob.client.headers)
  const events = await stolen.open('GET', '/api/v1/events?topics=change')
  const over = new Promise((resolve) => events.resume().once('close', resolve))
  expect(await status({ client: stolen })).toBe(200)
  await end(bob)
  await over
  const replies = await Promise.all([
    stolen.get('/api/v1/me'),
    stolen.get('/api/v1/events'),
    stolen.post('/api/v1/logout'),
    stolen.send('DELETE', '/api/v1/services/web/groups/main/hosts/b'),
  ])
  expect(replies.map((reply) => reply.status)).toEqual([401, 401, 401, 401])
  expect(web.process.operators.list().map(({ operator }) => operator)).toEqual(['alice'])
  expect(await status(alice)).toBe(200)
})

test('what an operator began goes no further when his log-in ends', async () => {
  const { client } = await web.login('bob')
  const wait = { host: 'web/main/a', wait: true, timeout: '1h' }
  Host.countersOf(web.balancer.service('web').group('main').host('a')).open = 1
  const begun = await client.post('/api/v1/commands/drain-host', wait, { prefer: 'respond-async' })
  expect(begun.status).toBe(202)
  change('bob', { access: 'readonly' })
  const again = await web.login('bob')
  const { text } = await again.client.get(String(begun.headers.location))
  expect(text).not.toContain('"state":"running"')
})

test('flags of the cookie keep it from scripts, other sites and other hosts', async () => {
  const secure = await startWeb({ settings: { secure: true } })
  onTestFinished(() => secure.stop())
  const body = { user: 'rita', password: PASSWORDS.rita }
  const [plain, tls] = [
    await web.stranger.post('/api/v1/login', body),
    await secure.stranger.post('/api/v1/login', body),
  ]
  expect(plain.headers['set-cookie']).toEqual([
    expect.stringMatching(/^sluice-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
  ])
  expect(tls.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^__Host-sluice-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    ),
  ])
  // The name without TLS, which a neighbour could set, counts for nothing there.
  const cookie = cookieIn(tls).replace('__Host-', '')
  expect((await secure.stranger.get('/api/v1/me', { cookie })).status).toBe(401)
})
