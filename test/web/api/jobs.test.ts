// What takes longer than a call waits for: answered with a job, which can be asked for and interrupted.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { Host } from '../../../src/model/host.ts'
import { Jobs } from '../../../src/web/api/jobs.ts'
import type { Caller } from '../../../src/web/caller.ts'
import { deferred } from '../../helpers/deferred.ts'
import { eventually } from '../../helpers/eventually.ts'
import { until } from '../../helpers/until.ts'
import type { WebClient } from '../../helpers/web-client.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

let web: RunningWeb
let full: WebClient
let operate: WebClient

beforeEach(async () => {
  web = await startWeb()
  onTestFinished(() => web.stop())
  full = web.bearer('full')
  operate = web.bearer('operate')
  const counters = Host.countersOf(web.balancer.service('web').group('main').host('a'))
  counters.open += 1
})

const WAIT = { host: 'web/main/a', wait: true, timeout: '1h' }
const drain = (client: WebClient, headers = {}) => {
  return client.send('POST', '/api/v1/commands/drain-host', { body: WAIT, headers })
}
const AT_ONCE = { prefer: 'respond-async' }

test('long work is a job that ends when its work does', async () => {
  const begun = await drain(operate)
  expect(begun.status).toBe(202)
  expect(begun.body).toMatchObject({ state: 'running', operator: 'operate-program' })
  const address = String(begun.headers.location)
  expect(address).toMatch(/^\/api\/v1\/jobs\/\d+$/)
  expect((await operate.get(address)).body).toMatchObject({
    state: 'running',
    line: 'drain host web/main/a --wait --timeout 1h',
    notes: [expect.stringContaining('1 session left')],
  })
  Host.countersOf(web.balancer.service('web').group('main').host('a')).open -= 1
  expect(await over(address)).toMatchObject({
    state: 'done',
    result: { done: 'set', after: 'draining' },
  })
})

test('who prefers so is answered at once, and a client that leaves interrupts nothing', async () => {
  const { status, headers } = await drain(operate, AT_ONCE)
  expect(status).toBe(202)
  const again = await operate.get(String(headers.location))
  expect(again.body).toMatchObject({ state: 'running' })
})

test('a job is interrupted by DELETE, and tells so', async () => {
  const address = String((await drain(operate, AT_ONCE)).headers.location)
  expect((await operate.send('DELETE', address)).status).toBe(204)
  expect(await over(address)).toMatchObject({
    state: 'failed',
    problem: { code: 'REFUSED', status: 409 },
  })
  expect((await operate.send('DELETE', address)).status).toBe(204)
  expect((await operate.get(address)).status).toBe(404)
})

test('jobs are seen by who began them and by role full', async () => {
  const mine = await drain(operate, AT_ONCE)
  const address = String(mine.headers.location)
  expect((await web.bearer('readonly').get(address)).status).toBe(404)
  expect((await web.bearer('readonly').get('/api/v1/jobs')).body).toEqual([])
  expect((await full.get(address)).body).toMatchObject({ operator: 'operate-program' })
  expect((await full.get('/api/v1/jobs')).body).toHaveLength(1)
  expect((await web.bearer('readonly').send('DELETE', address)).status).toBe(404)
})

test('the stop of the surface interrupts what goes on', async () => {
  await drain(operate, AT_ONCE)
  await web.server.stop()
  await eventually(
    () => web.process.audit.lines().find(({ event }) => event === 'result'),
    'the end of the command is in the audit log',
  )
})

/** A job once it is over. */
function over(address: string): Promise<unknown> {
  const ask = async () => {
    const { body } = await operate.get(address)
    return (body as { readonly state: string }).state === 'running' ? undefined : body
  }
  return until(ask, `${address} is over`, { everyMs: 20 })
}

const CALLER = {
  operator: 'bob',
  role: 'operate',
  login: 1,
  address: '',
  origin: 'web:bob',
  ended: new AbortController().signal,
} as Caller
const LINE = { verb: 'show version', words: [] }

test('no more calls are under way than the limit', async () => {
  const jobs = new Jobs()
  const gate = deferred<string>()
  for (let count = 0; count < LIMITS.webJobsMax; count++) {
    await jobs.run(LINE, CALLER, false, () => gate.promise)
  }
  const oneMore = jobs.run(LINE, CALLER, false, async () => '')
  await expect(oneMore).rejects.toMatchObject({ code: 'TOO_MANY' })
  gate.resolve('{}')
  await gate.promise
  await expect(jobs.run(LINE, CALLER, true, async () => '')).resolves.toEqual({ result: '' })
})

test('jobs that are over are forgotten by number and by age', async () => {
  let now = 0
  const jobs = new Jobs(() => now)
  for (let count = 0; count < LIMITS.webJobsKept + 5; count++)
    await jobs.run(LINE, CALLER, false, async () => '{}')
  await eventually(
    () => jobs.list(CALLER).length === LIMITS.webJobsKept,
    'the oldest are forgotten',
  )
  now = LIMITS.webJobKeptMs + 1
  expect(jobs.list(CALLER)).toEqual([])
})

test('a job keeps the last of many notes, and no secret', async () => {
  const jobs = new Jobs()
  const line = { verb: 'user set', words: ['bob', 'passwordHash', 'scrypt$1$2$3$salt$key'] }
  const job = await jobs.run(line, CALLER, false, async ({ note }) => {
    for (let number = 1; number <= LIMITS.webJobNotesMax + 1; number++) note(`note ${number}`)
    return '{}'
  })
  expect(job).toMatchObject({ line: expect.not.stringContaining('salt') as unknown })
  const [kept] = jobs.list(CALLER) as readonly { readonly notes?: readonly string[] }[]
  expect(kept?.notes).toHaveLength(LIMITS.webJobNotesMax)
  expect(kept?.notes?.at(-1)).toBe(`note ${LIMITS.webJobNotesMax + 1}`)
})
