// The log-in of the page: who gets in by a password, what the browser is given, and how it ends.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { OperatorView } from '../../../src/commands/context.ts'
import { hashPassword } from '../../../src/base/password-hash.ts'
import { eventually } from '../../helpers/eventually.ts'
import {
  cookieIn,
  cookieWith,
  idIn,
  type Me,
  WebClient,
  type WebReply,
} from '../../helpers/web-client.ts'
import {
  cheapHash,
  PASSWORDS,
  type RunningWeb,
  type StartWebOptions,
  startWeb,
  WEB_USERS,
} from '../../helpers/web-server.ts'

/** Of `crypt`: the password is "admin". */
const DES = '..xpoEyRReGzk'

let web: RunningWeb

beforeAll(async () => {
  web = await startWeb()
})

afterAll(() => web.stop())

/** One that nobody else tries passwords at. */
async function startOne(options: StartWebOptions = {}): Promise<RunningWeb> {
  const one = await startWeb(options)
  onTestFinished(() => one.stop())
  return one
}

const tryAt = (to: RunningWeb, body: unknown, headers: Record<string, string> = {}) => {
  return to.stranger.post('/api/v1/login', body, headers)
}

test('who gives the right password is told who he is, and gets a cookie that only the page sends', async () => {
  const reply = await tryAt(web, { user: 'alice', password: PASSWORDS.alice })
  expect(reply).toMatchObject({
    status: 200,
    body: {
      operator: 'alice',
      role: 'full',
      version: '1.2.3',
      insecure: false,
      secure: false,
      candidate: false,
      csrf: expect.stringMatching(/^[\w-]{43}$/),
    },
  })
  const [cookie = ''] = reply.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^sluice-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  expect(reply.text).not.toContain(idIn(cookieIn(reply)))
  const me = await new WebClient(web.url, { cookie: cookieIn(reply) }).get('/api/v1/me')
  expect(me.body).toEqual(reply.body)
})

test('a log-in is listed, noted, ended by its operator and then lets nobody in', async () => {
  const { client, me } = await web.login('bob')
  const listed = () => web.process.operators.list().find(({ id }) => id === me.login)
  expect(listed()).toMatchObject({
    operator: 'bob',
    role: 'operate',
    address: '127.0.0.1',
    how: 'password',
    channels: ['page'],
  } satisfies Partial<OperatorView>)
  const gone = await client.post('/api/v1/logout')
  expect(gone.status).toBe(204)
  expect(gone.headers['set-cookie']?.[0]).toMatch(/^sluice-\d+=; .*Max-Age=0$/)
  expect(listed()).toBeUndefined()
  expect((await client.get('/api/v1/me')).status).toBe(401)
  const noted = web.process.audit.lines().filter(({ login }) => login === me.login)
  expect(noted).toMatchObject([
    { event: 'login', operator: 'bob', address: '127.0.0.1', reason: 'password' },
    { event: 'logout', operator: 'bob', reason: 'logged out' },
  ])
  expect(web.log.of('web login')).toContainEqual(expect.objectContaining({ login: me.login }))
})

test('an id that a client brings along is never taken over, and the log-in before ends', async () => {
  const brought = cookieWith('x'.repeat(43), web.url)
  const first = await tryAt(web, { user: 'rita', password: PASSWORDS.rita }, { cookie: brought })
  expect(cookieIn(first)).not.toBe(brought)
  const again = await tryAt(
    web,
    { user: 'rita', password: PASSWORDS.rita },
    { cookie: cookieIn(first) },
  )
  expect(cookieIn(again)).not.toBe(cookieIn(first))
  expect((again.body as Me).csrf).not.toBe((first.body as Me).csrf)
  const status = async (reply: WebReply) =>
    (await web.stranger.get('/api/v1/me', { cookie: cookieIn(reply) })).status
  expect([await status(first), await status(again)]).toEqual([401, 200])
  expect((await web.stranger.get('/api/v1/me', { cookie: brought })).status).toBe(401)
})

test('a second cookie of the same name, which a neighbour may have put there, lets nobody in', async () => {
  const { client } = await web.login('alice')
  const cookie = `${client.headers['cookie']}; ${cookieWith('y'.repeat(43), web.url)}`
  expect((await client.get('/api/v1/me', { cookie })).status).toBe(401)
  const beside = `theme=dark; ${client.headers['cookie']}`
  expect((await client.get('/api/v1/me', { cookie: beside })).status).toBe(200)
})

test('pages that come through two tunnels to one localhost do not log each other out', async () => {
  const body = { user: 'rita', password: PASSWORDS.rita }
  const [here, there] = [{ host: 'localhost:7001' }, { host: 'localhost:9001' }]
  const [one, other] = [await tryAt(web, body, here), await tryAt(web, body, there)]
  // A browser has one jar for both.
  const cookie = `${cookieIn(one)}; ${cookieIn(other)}`
  for (const [at, reply] of [
    [here, one],
    [there, other],
  ] as const) {
    const me = await web.stranger.get('/api/v1/me', { ...at, cookie })
    expect(me).toMatchObject({ status: 200, body: { login: (reply.body as Me).login } })
  }
  const alone = { host: '[::1]', cookie: cookieIn(await tryAt(web, body, { host: '[::1]' })) }
  expect(alone.cookie).toMatch(/^sluice=/)
  expect((await web.stranger.get('/api/v1/me', alone)).status).toBe(200)
})

test.each(
  [
    {},
    { user: 'alice' },
    { user: 'alice', password: 7 },
    { user: 'alice', password: 'x', link: 'y' },
    { user: 'alice', password: 'x', remember: true },
    { user: 'a'.repeat(65), password: 'x' },
    { user: 'alice', password: 'x'.repeat(1_025) },
    [],
  ].map((body) => ({ body, like: JSON.stringify(body).slice(0, 60) })),
)('a body like $like is told what would be accepted', async ({ body }) => {
  const reply = await tryAt(web, body)
  expect(reply).toMatchObject({ status: 422, body: { code: 'VALUE_BAD' } })
  expect(reply.text).not.toContain('schema')
  expect(reply.headers['set-cookie']).toBeUndefined()
})

test('who is refused learns nothing of why: the answers are the same to the letter', async () => {
  const key = WEB_USERS[0]?.keys ?? []
  const users = [
    { name: 'key', keys: key, auth: 'publickey', password: cheapHash('right') },
    { name: 'two', keys: key, auth: 'publickey+password', password: cheapHash('right') },
    { name: 'bare', keys: key },
    { name: 'known', password: cheapHash('right') },
  ] as const
  // Each from an address of its own, or the throttle would answer.
  const replies: WebReply[] = []
  for (const user of ['key', 'two', 'bare', 'nobody', 'known']) {
    const one = await startOne({ users })
    const password = user === 'known' ? 'wrong' : 'right'
    replies.push(await tryAt(one, { user, password }))
    const [noted] = one.process.audit.lines().filter(({ event }) => event === 'login refused')
    expect(noted).toMatchObject({ operator: user, address: '127.0.0.1' })
    expect(JSON.stringify([one.log.lines, one.process.audit.lines()])).not.toContain('"right"')
  }
  const [first, ...others] = replies.map(({ status, headers, text }) => {
    const { date: _date, ...rest } = headers
    return { status, headers: rest, text }
  })
  expect(first?.status).toBe(401)
  for (const other of others) expect(other).toEqual(first)
})

test('a hash of the old kind is replaced, and the log-in goes on', async () => {
  const old = await startOne({ users: [{ name: 'old', access: 'full', password: DES }] })
  const { client } = await old.login('old', 'admin')
  const isRenewed = () => old.balancer.users[0]?.password.startsWith('scrypt$')
  await eventually(isRenewed, 'the hash is replaced')
  expect((await client.get('/api/v1/me')).status).toBe(200)
})

test('a log-in ends at once when its user is removed or is not who he was', async () => {
  const other = await hashPassword('another one')
  const changes = [
    () => [],
    () => [{ ...WEB_USERS[0], name: 'alice', access: 'operate' as const }],
    () => [{ ...WEB_USERS[0], name: 'alice', password: other }],
    () => [{ ...WEB_USERS[0], name: 'alice', auth: 'password' as const }],
  ]
  for (const change of changes) {
    web.balancer.setUsers(WEB_USERS)
    const { client, me } = await web.login('alice')
    const { client: bob } = await web.login('bob')
    web.balancer.setUsers([...change(), ...WEB_USERS.slice(1)])
    expect((await client.get('/api/v1/me')).status).toBe(401)
    expect((await bob.get('/api/v1/me')).status).toBe(200)
    const noted = web.process.audit.lines().filter(({ login }) => login === me.login)
    expect(noted.at(-1)).toMatchObject({
      event: 'logout',
      reason: expect.stringMatching(/^access /),
    })
  }
  web.balancer.setUsers(WEB_USERS)
})

test('whoever may ends a log-in of the page by its number', async () => {
  const { client, me } = await web.login('rita')
  expect(web.process.operators.logout(me.login, 'alice ended your login.')).toBe(true)
  expect((await client.get('/api/v1/me')).status).toBe(401)
  expect(web.process.operators.logout(me.login, 'again')).toBe(false)
})

test('many wrong passwords make the address wait, also with the right one, and say how long', async () => {
  const one = await startOne()
  const wrong = () => tryAt(one, { user: 'alice', password: 'a guess' })
  const statuses: number[] = []
  for (let count = 0; count < 5; count++) statuses.push((await wrong()).status)
  expect(statuses).toEqual([401, 401, 401, 401, 429])
  const right = await tryAt(one, { user: 'alice', password: PASSWORDS.alice })
  expect(right).toMatchObject({ status: 429, body: { code: 'TOO_MANY' } })
  expect(Number(right.headers['retry-after'])).toBeGreaterThan(10)
  expect(Number(right.headers['retry-after'])).toBeLessThanOrEqual(20)
  expect(one.log.of('web address shut out')).toHaveLength(1)
  // A code that nobody can guess does not have to wait, so that an operator can get in meanwhile.
  const link = one.server.link('alice').split('#link=')[1]
  expect((await tryAt(one, { link })).status).toBe(200)
})

test('a flood of log-ins is told to come back soon instead of waiting without end', async () => {
  const one = await startOne()
  const flood = Array.from({ length: 40 }, () => tryAt(one, { user: 'nobody', password: 'x' }))
  const replies = await Promise.all(flood)
  const later = replies.filter(({ status }) => status === 429)
  expect(replies.length - later.length).toBeLessThanOrEqual(5)
  for (const { headers } of later) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
})
