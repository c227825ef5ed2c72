// The command table as calls: values by name, answers as --json gives them, refusals as problems.
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { COMMANDS } from '../../../src/commands/table.ts'
import { runLine } from '../../../src/commands/run.ts'
import { nameOf } from '../../../src/web/api/command-bodies.ts'
import { contextOf } from '../../helpers/stub-process.ts'
import type { WebClient } from '../../helpers/web-client.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

let web: RunningWeb
let full: WebClient

beforeEach(async () => {
  web = await startWeb()
  onTestFinished(() => web.stop())
  full = web.bearer('full')
})

const call = (name: string, body: unknown = {}, client = full) => {
  return client.post(`/api/v1/commands/${name}`, body)
}

test('the table is listed with all that a call needs', async () => {
  const { body } = await full.get('/api/v1/commands')
  const rows = body as readonly { readonly name: string }[]
  expect(rows).toHaveLength(COMMANDS.length)
  expect(rows.find(({ name }) => name === 'drain-host')).toMatchObject({
    words: ['drain', 'host'],
    role: 'operate',
    edits: true,
    callable: true,
    usage: 'drain host PATH [--wait] [--timeout TIME] [--then THEN]',
    arguments: [{ name: 'host', optional: false, many: false }],
    flags: [{ name: 'wait', accepts: null }, { name: 'timeout' }, { name: 'then' }],
  })
})

test('a call answers what the line answers with --json', async () => {
  const line = await runLine('show hosts web/main --where weight=1 --json', contextOf(web.process))
  const { status, text } = await call('show-hosts', { scope: 'web/main', where: 'weight=1' })
  expect([status, JSON.parse(text)]).toEqual([200, JSON.parse(line.out)])
})

test('what is edited has the author that the caller is', async () => {
  const origins: string[] = []
  web.balancer.follow(({ origin }) => origins.push(origin))
  const done = await call('set-host', { target: 'web/main/a', field: 'weight', value: 5 })
  expect(done.body).toMatchObject({ done: 'set', before: 1, after: 5, candidate: false })
  expect(origins).toEqual(['api:full-program'])
})

test('values that look like flags, quotes and pipes stay values', async () => {
  const name = `it's | "x" --json`
  expect((await call('add-service', { name })).status).toBe(200)
  expect(web.balancer.serviceList.map((service) => service.name)).toContain(name)
})

test('refusals are problems with the status of their code', async () => {
  const missing = await call('drain-host', { host: 'web/main/zz' })
  expect([missing.status, missing.headers['content-type']]).toEqual([
    404,
    'application/problem+json; charset=utf-8',
  ])
  expect(missing.body).toMatchObject({ code: 'NOT_FOUND', title: 'no such object' })
  const bad = await call('set-host', { target: 'web/main/a', field: 'weight', value: 999 })
  expect(bad.body).toMatchObject({ status: 422, code: 'VALUE_BAD' })
  const forbidden = await call('drain-host', { host: 'web/main/a' }, web.bearer('readonly'))
  expect(forbidden.body).toMatchObject({ status: 403, code: 'NOT_ALLOWED' })
  const unsaid = await call('diff', { to: 'running' })
  expect(unsaid.body).toMatchObject({ status: 422, detail: 'diff: to needs from as well' })
})

test('what is missing or unknown in a body is named', async () => {
  const { status, body } = await call('drain-host', { hots: 'web/main/a' })
  expect(status).toBe(422)
  expect(body).toMatchObject({
    errors: expect.arrayContaining([
      { path: '/host', detail: 'is missing' },
      { path: '/hots', detail: 'is no field of this, did you mean host?' },
    ]) as unknown,
  })
})

test('what never ends or fills a terminal says what to use instead', async () => {
  for (const command of COMMANDS.filter(({ stream, mustEnd }) => stream && !mustEnd)) {
    const { status, body } = await call(nameOf(command))
    expect([status, (body as { detail: string }).detail]).toEqual([
      400,
      `${command.words.join(' ')} never ends; follow GET /api/v1/events instead`,
    ])
  }
  expect((await call('top')).status).toBe(400)
  expect((await call('drian-host')).body).toMatchObject({
    status: 404,
    detail: 'no command "drian-host", did you mean drain-host?',
  })
})

test('a batch answers with its pieces, and with those before the failure', async () => {
  const done = await call('batch', { input: 'show version\ndisable host web/main/a\n' })
  expect(done.body).toMatchObject([
    { line: 1, exit: 0 },
    { line: 2, exit: 0 },
  ])
  const failed = await call('batch', { input: 'show version\ndisable host web/main/zz\n' })
  expect(failed.body).toMatchObject({
    status: 404,
    pieces: [
      { line: 1, exit: 0 },
      { line: 2, exit: 4, error: { name: 'NOT_FOUND' } },
    ],
  })
})

test('a command reads its input', async () => {
  const { status } = await call('user-set', { user: 'bob', field: 'password', input: 'hunter 22' })
  expect(status).toBe(200)
  expect(web.balancer.users.find(({ name }) => name === 'bob')?.password).toMatch(/^scrypt\$/)
})

test('a trial does nothing, and says what it would do', async () => {
  const before = web.balancer.changeNumber
  const { body } = await call('drain-host?dryRun=true', { host: 'web/main/a' })
  expect(body).toMatchObject({
    dryRun: true,
    result: { done: 'set', field: 'intent', after: 'draining' },
    changes: [{ action: 'set', path: 'web/main/a', field: 'intent', to: 'draining' }],
  })
  const batch = await call('batch?dryRun=true', {
    input: 'add group web/x\nadd host web/x/a 10.0.0.1:1',
  })
  expect(batch.body).toMatchObject({
    dryRun: true,
    changes: [{ path: 'web/x' }, { path: 'web/x/a' }],
  })
  const more = await call('save?dryRun=true')
  expect(more.body).toMatchObject({ status: 409, code: 'REFUSED' })
  expect([web.balancer.changeNumber, web.process.asked]).toEqual([before, []])
})

test('an undo is not tried, and says so instead of finding nothing', async () => {
  await call('set-host', { target: 'web/main/a', field: 'weight', value: 5 })
  const { status, body } = await call('undo?dryRun=true', {})
  expect(status).toBe(409)
  expect(body).toMatchObject({ code: 'REFUSED', detail: expect.stringMatching(/^undo cannot be/) })
})

test('a trial names no secret', async () => {
  const { text } = await call('user-set?dryRun=true', {
    user: 'bob',
    field: 'password',
    input: 'hunter 22',
  })
  expect(text).toContain('"dryRun":true')
  expect(text).not.toMatch(/scrypt|hunter/)
})
