// What nobody is told: hashes, tokens, ids, codes and keys. A real Sluice is asked everything that can be asked, by every
// role, and what it answers, logs and notes is held against the very texts.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../../src/base/password-hash.ts'
import { hashOfToken, newToken } from '../../../src/base/token-hash.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { eventually } from '../../helpers/eventually.ts'
import { freePort } from '../../helpers/free-port.ts'
import { operationsOf, type OpenApi } from '../../helpers/openapi.ts'
import { type RunningSluice, startRunningSluice } from '../../helpers/running-sluice.ts'
import { ssh } from '../../helpers/ssh-client.ts'
import { until } from '../../helpers/until.ts'
import { logInTo, WebClient } from '../../helpers/web-client.ts'

const ROLES = ['readonly', 'operate', 'full'] as const
const PASSWORD = 'Tr0ub4dor-and-3'
const DES = '..xpoEyRReGzk'

let sluice: RunningSluice
let url: string
/** Whose answers may have them, and who else may not; by what they are. */
const secrets = { hashes: new Map<string, string>(), never: new Map<string, string>() }
const clients = new Map<OperatorRole, WebClient>()
const tokens = new Map<OperatorRole, string>()

beforeAll(async () => {
  const hash = await hashPassword(PASSWORD)
  sluice = await startRunningSluice({
    web: await freePort(),
    users: `    <user name="dora" access="readonly" password="${hash}" />\n    <user name="olde" access="readonly" password="${DES}" />\n`,
  })
  const { balancer } = sluice.sluice.core
  balancer.configure('web', { ...balancer.settings.web, legacyApi: true })
  url = sluice.sluice.web?.url ?? ''
  for (const role of ROLES) tokens.set(role, newToken())
  balancer.setTokens(
    [...tokens].map(([role, token]) => ({
      name: `${role}-program`,
      access: role,
      hash: hashOfToken(token),
    })),
  )
  const link = sluice.sluice.web?.link('full').split('#link=')[1] ?? ''
  const page = await logInTo(url, { link })
  const unused = sluice.sluice.web?.link('full').split('#link=')[1] ?? ''
  for (const role of ROLES)
    clients.set(role, new WebClient(url, { authorization: `Bearer ${tokens.get(role)}` }))
  secrets.hashes.set('hash of a password', hash).set('old hash of a password', DES)
  for (const [role, token] of tokens) {
    secrets.hashes.set(`hash of the token of ${role}`, hashOfToken(token))
    secrets.never.set(`token of ${role}`, token)
  }
  const cookie = page.client.headers['cookie'] ?? ''
  secrets.never
    .set('id of a log-in', cookie.slice(cookie.indexOf('=') + 1))
    .set('proof of a page', page.me.csrf)
    .set('used link', link)
    .set('link', unused)
    .set('password', PASSWORD)
    .set('host key', keyText(join(sluice.folder, 'keys', 'host_ed25519')))
  // What was, is kept: the hashes are in revisions as well.
  await clients.get('full')?.post('/api/v1/commands/save', { force: true })
  await clients.get('operate')?.send('PUT', '/api/v1/services/web/groups/main/hosts/z', {
    body: { address: '127.0.0.1:9' },
  })
  await clients.get('full')?.post('/api/v1/commands/save', {})
  // And what is not saved, or is in a candidate, is told of as a difference.
  await clients.get('operate')?.post('/api/v1/commands/begin', {})
  const other = await hashPassword('another one')
  secrets.hashes.set('hash that is not saved', other)
  const unsaved = balancer.users.map((user) =>
    user.name === 'olde' ? { ...user, password: other } : user,
  )
  balancer.setUsers(unsaved)
  const differs = await clients.get('operate')?.get('/api/v1/config/difference')
  assert.match(String(differs?.text), /olde/)
})

afterAll(() => sluice.stop())

/** The middle of a private key. */
function keyText(file: string): string {
  const [, text = ''] = readFileSync(file, 'utf8').split('\n')
  assert.ok(text.length > 40)
  return text
}

function requireNone(
  text: string,
  where: string,
  kinds: readonly ReadonlyMap<string, string>[],
): void {
  const found = kinds.flatMap((kind) => [...kind].filter(([, secret]) => text.includes(secret)))
  expect(
    found.map(([what]) => what),
    `${where}`,
  ).toEqual([])
}

const ENDS_IT = new Set([
  'stop',
  'restart',
  'reload',
  'logout',
  'save',
  'user-add',
  'token-create',
  'web-link',
])

/** All that is asked of one role: everything that can be looked at, and everything tried. */
async function* answersTo(
  role: OperatorRole,
): AsyncGenerator<readonly [where: string, text: string]> {
  const client = clients.get(role) as WebClient
  const document = (await client.get('/api/v1/openapi.json')).body as OpenApi
  for (const operation of operationsOf(document)) {
    if (operation.id === 'events' || ENDS_IT.has(operation.id.replace('command-', ''))) continue
    const [method, path, request] = operation.example()
    const isCommand = operation.id.startsWith('command-')
    if (method !== 'GET' && !isCommand) continue
    const query =
      isCommand &&
      !/^command-(show|help|explain|diff|compare|history|key|token|user)/.test(operation.id)
        ? '?dryRun=true'
        : ''
    const reply = await client.send(method, `${path}${query}`, request)
    yield [`${role} ${method} ${path}${query}`, reply.text + JSON.stringify(reply.headers)]
  }
  const more = [
    '/metrics',
    '/api/v1/config/history/1',
    '/api/v1/config/history/2',
    '/api/v1/config/candidate?commands=true',
  ]
  for (const path of more) yield [`${role} ${path}`, (await client.get(path)).text]
  const xml = await client.get('/api/v1/config', { accept: 'application/xml' })
  yield [`${role} config as XML`, xml.text]
}

test.each(['readonly', 'operate'] as const)(
  'role %s is told no secret and no hash, whatever it asks',
  async (role) => {
    let asked = 0
    for await (const [where, text] of answersTo(role)) {
      requireNone(text, where, [secrets.hashes, secrets.never])
      asked += 1
    }
    expect(asked).toBeGreaterThan(60)
  },
)

test('role full is told the hashes of the document, and no secret', async () => {
  const told: string[] = []
  for await (const [where, text] of answersTo('full')) {
    requireNone(text, where, [secrets.never])
    told.push(text)
  }
  expect(
    told.some((text) => [...secrets.hashes.values()].some((hash) => text.includes(hash))),
  ).toBe(true)
})

test('over the web a role sees of the document what it sees over ssh', async () => {
  for (const role of ROLES) {
    const { out } = await ssh(sluice.target(role), ['show config --json'])
    const { running, stored } = JSON.parse(out) as {
      readonly running: string
      readonly stored: string
    }
    expect((await clients.get(role)?.get('/api/v1/config'))?.body).toMatchObject({
      running,
      stored,
    })
  }
})

test('the calls of the ancestors keep them as well', async () => {
  const authorization = `Basic ${Buffer.from(`dora:${PASSWORD}`).toString('base64')}`
  const dora = new WebClient(url, { authorization })
  for (const name of [
    'running',
    'running.txt',
    'running.xml',
    'config.xml',
    'stored.xml',
    'status.txt',
  ]) {
    const { status, text } = await dora.get(`/${name}`)
    expect(status, `${name}`).toBe(200)
    requireNone(text, name, [secrets.hashes, secrets.never])
  }
})

test('who is told of changes, of the log and of the audit log as they happen is told of none', async () => {
  const full = clients.get('full') as WebClient
  const events = await full.open('GET', '/api/v1/events?topics=change,log,audit')
  let told = ''
  events.setEncoding('utf8').on('data', (piece: string) => (told += piece))
  const made = await full.post('/api/v1/commands/token-create', { name: 'heard' })
  const { token } = made.body as { readonly token: string }
  await full.post('/api/v1/commands/user-set', {
    user: 'dora',
    field: 'password',
    value: 'Hunter2-in-clear',
  })
  await full.post('/api/v1/commands/user-add', {
    name: 'eve',
    role: 'readonly',
    passwordHash: 'Hunter2-in-clear',
  })
  await new WebClient(url).post('/api/v1/login', { user: 'dora', password: PASSWORD })
  await new WebClient(url).post('/api/v1/login', { user: 'dora', password: `${PASSWORD}x` })
  await full.post('/api/v1/commands/token-remove', { token: 'heard' })
  await eventually(
    () =>
      /token heard: removed|"path":"settings\/tokens/.test(told) && told.includes('token remove'),
    'it is told of the end',
  )
  events.destroy()
  const all = [
    secrets.hashes,
    secrets.never,
    new Map([
      ['new token', token],
      ['its hash', hashOfToken(token)],
      ['a password', 'Hunter2-in-clear'],
    ]),
  ]
  requireNone(told, 'events', all)
  for (const file of ['sluice.log', 'audit.jsonl', 'audit/audit.jsonl', 'run/audit.jsonl']) {
    const path = join(sluice.folder, file)
    if (existsSync(path)) requireNone(readFileSync(path, 'utf8'), file, all)
  }
})

test('a token that was made by a job is told once, to whoever made it', async () => {
  const full = clients.get('full') as WebClient
  const page = await logInTo(url, {
    link: sluice.sluice.web?.link('full').split('#link=')[1] ?? '',
  })
  const body = { name: 'late', role: 'operate' }
  const begun = await full.post('/api/v1/commands/token-create', body, { prefer: 'respond-async' })
  const address = String(begun.headers.location)
  const state = async (client: WebClient) =>
    ((await client.get(address)).body as { readonly state?: string }).state
  await until(
    async () => ((await state(page.client)) === 'running' ? undefined : true),
    'it is over',
  )
  for (const seen of [
    begun,
    await page.client.get(address),
    await page.client.get('/api/v1/jobs'),
    await full.get('/api/v1/jobs'),
  ])
    expect(seen.text).not.toContain('sluice_')
  const first = await full.get(address)
  expect(first.body).toMatchObject({
    state: 'done',
    result: { token: expect.stringMatching(/^sluice_/) },
  })
  expect((await full.get(address)).status).toBe(404)
  expect((await page.client.get(address)).status).toBe(404)
})
