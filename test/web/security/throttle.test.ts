// Guessing passwords: how many are looked at, how soon the rest are told to wait, and that nobody else notices.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { WebClient, type WebReply } from '../../helpers/web-client.ts'
import { PASSWORDS, type RunningWeb, startWeb } from '../../helpers/web-server.ts'

/** Failures until an address is shut out. */
const SHUT_OUT = Math.ceil((LIMITS.sshPenaltyThresholdMs + 1) / LIMITS.sshPenaltyFailureMs)

let web: RunningWeb

beforeEach(async () => {
  web = await startWeb({ settings: { legacyApi: true } })
  onTestFinished(() => web.stop())
})

const tryAs = (user: string, password: string, headers = {}): Promise<WebReply> => {
  return web.stranger.post('/api/v1/login', { user, password }, headers)
}

function basic(user: string, password: string): WebClient {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return new WebClient(web.url, { authorization })
}

async function shutOut(tries: (round: number) => Promise<WebReply>): Promise<void> {
  for (let round = 0; round < SHUT_OUT; round++) expect((await tries(round)).status).toBe(401)
}

test.each([
  ['one name', () => tryAs('alice', 'wrong')],
  ['names by turns', (round: number) => tryAs(['alice', 'bob', 'rita'][round % 3] ?? '', 'wrong')],
  ['names that there are not', (round: number) => tryAs(`nobody${round}`, 'wrong')],
  [
    'addresses that it makes up',
    (round: number) =>
      tryAs('alice', 'wrong', {
        'x-forwarded-for': `203.0.113.${round}`,
        forwarded: `for=203.0.113.${round}`,
        'x-real-ip': `203.0.113.${round}`,
      }),
  ],
  ['calls of the ancestors', () => basic('alice', 'wrong').get('/running')],
  [
    'both by turns',
    (round: number) =>
      round % 2 === 0 ? tryAs('alice', 'wrong') : basic('alice', 'wrong').get('/running'),
  ],
])(
  'whoever tries %s is shut out after a few, with the right password as well',
  async (_, tries) => {
    await shutOut(tries)
    const right = await tryAs('alice', PASSWORDS.alice)
    expect(right).toMatchObject({ status: 429, body: { code: 'TOO_MANY' } })
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0)
    expect(right.headers['set-cookie']).toBeUndefined()
    const call = await basic('alice', PASSWORDS.alice).get('/running')
    expect([call.status, Number(call.headers['retry-after']) > 0]).toEqual([429, true])
    expect((await web.bearer('readonly').get('/api/v1/me')).status).toBe(200)
  },
)

test('who is in stays in while his address is shut out, and a link lets in', async () => {
  const { client } = await web.login('rita')
  await shutOut(() => tryAs('alice', 'wrong'))
  expect((await client.get('/api/v1/me')).status).toBe(200)
  const [, link] = web.server.link('alice').split('#link=')
  expect((await web.stranger.post('/api/v1/login', { link })).status).toBe(200)
})

test('of many tries at once a few are looked at, and everybody else is served meanwhile', async () => {
  const burst = Array.from({ length: 100 }, (_, index) => tryAs(`nobody${index}`, 'wrong'))
  // Answered in the order of the loop: a hash that held it up would be before it.
  const others = await Promise.all(
    Array.from({ length: 20 }, () => web.bearer('readonly').get('/api/v1/services')),
  )
  expect(others.every(({ status }) => status === 200)).toBe(true)
  const replies = await Promise.all(burst)
  const looked = replies.filter(({ status }) => status === 401).length
  expect(looked).toBeLessThanOrEqual(SHUT_OUT + LIMITS.webPasswordsPerAddressMax)
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(replies.length - looked)
  expect((await tryAs('alice', PASSWORDS.alice)).status).toBe(429)
})

test('refusals look the same, whoever was tried and whatever was wrong', async () => {
  const replies = [
    await tryAs('alice', 'wrong'),
    await tryAs('nobody', 'wrong'),
    await tryAs('alice', ''),
  ]
  const [first] = replies
  for (const { status, text, headers } of replies) {
    expect([status, text]).toEqual([401, first?.text])
    expect(Object.keys(headers)).toEqual(Object.keys(first?.headers ?? {}))
  }
})

test('links are not guessed either: a wrong one tells nothing of those that there are', async () => {
  const code = web.server.link('alice').split('#link=')[1] ?? ''
  const wrong = ['', 'x', `${code}x`, code.slice(1), code.toLowerCase(), 'A'.repeat(43)]
  for (const link of wrong) {
    const { status, headers } = await web.stranger.post('/api/v1/login', { link })
    expect([status, headers['set-cookie']]).toEqual([401, undefined])
  }
  expect((await web.stranger.post('/api/v1/login', { link: code })).status).toBe(200)
  expect((await web.stranger.post('/api/v1/login', { link: code })).status).toBe(401)
})
