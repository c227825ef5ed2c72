// The document of the API is a good one, and every route is as it says: each is asked what the document's examples show
// and answers so, and refuses what the document refuses, for strangers and for roles that are too low.
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Host } from '../../../src/model/host.ts'
import { COMMANDS } from '../../../src/commands/table.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { nameOf } from '../../../src/web/api/command-bodies.ts'
import { createStubProcess, sessionRow } from '../../helpers/stub-process.ts'
import { type OpenApi, operationsOf, type Operation } from '../../helpers/openapi.ts'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

const { document, operations } = await readDocument()
/** Those that are asked here: log-ins and events are their own tests. */
const CALLED = operations.filter(({ tag }) => tag !== 'access' && tag !== 'events')

/** The document is made at the start, so one surface shows it for all tests. */
async function readDocument(): Promise<{ document: OpenApi; operations: readonly Operation[] }> {
  const web = await startWeb()
  const { body } = await web.bearer('readonly').get('/api/v1/openapi.json')
  await web.stop()
  return { document: body as OpenApi, operations: operationsOf(body as OpenApi) }
}

test('the document is a valid one of OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(document) })
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(document.openapi).toBe('3.1.0')
})

test('every operation has a name of its own, a summary, and answers for good and bad', () => {
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
  for (const { id, summary, statuses } of operations) {
    expect.soft(id, 'operationId').toBeTruthy()
    expect.soft(summary, id).toBeTruthy()
    expect
      .soft(
        statuses.some((status) => status < 300),
        id,
      )
      .toBe(true)
    expect
      .soft(
        statuses.some((status) => status >= 400),
        id,
      )
      .toBe(true)
  }
})

test('documents are there as answers, and whoever takes a body says that it takes no other', () => {
  const { '/api/v1/config': config, '/api/v1/config/candidate': candidate } = document.paths
  for (const get of [config?.['get'], candidate?.['get']]) {
    const { content = {} } = (get?.responses['200'] ?? {}) as { readonly content?: object }
    expect(Object.keys(content)).toEqual(['application/json', 'application/xml'])
  }
  const all = Object.values(document.paths).flatMap((each) => Object.values(each))
  const taking = all.filter(({ requestBody }) => requestBody !== undefined)
  expect(taking.length).toBeGreaterThan(50)
  const silent = taking.filter(({ responses }) => !('413' in responses && '415' in responses))
  expect(silent.map(({ operationId }) => operationId)).toEqual([])
})

test('every command that ends is there', () => {
  const called = COMMANDS.filter(
    ({ fullScreen, stream, mustEnd }) => !fullScreen && (!stream || mustEnd),
  )
  const ids = new Set(operations.map(({ id }) => id))
  expect(called.map(nameOf).filter((name) => !ids.has(`command-${name}`))).toEqual([])
})

/** What a surface needs so that the examples find something. */
async function furnished(): Promise<RunningWeb> {
  const process = await createStubProcess()
  process.sessionRows = [1, 2, 42].map((id) => sessionRow(id))
  const web = await startWeb({ process })
  // Who waits for it is answered with a job instead.
  Host.countersOf(web.balancer.service('web').group('main').host('a')).open = 0
  return web
}

/** Where a command finds nothing in a stub; all else is done. */
const CANNOT = new Set([
  'command-begin',
  'command-commit',
  'command-compare',
  'command-discard',
  'command-undo',
  'command-explain-pick',
  'command-explain-refusal',
  'command-explain-session',
  'command-logout',
  'command-rebalance-group',
  'command-retry-host',
  'command-rename-listener',
  'command-token-remove',
  'command-web-link',
  'commitCandidate',
  'deleteJob',
  'getJob',
])

describe.each(CALLED)('$method $path', (operation) => {
  let web: RunningWeb

  beforeAll(async () => {
    web = await furnished()
  })

  afterAll(() => web.stop())

  test('refuses strangers', async () => {
    const { status, body } = await web.stranger.send(...operation.example())
    expect([status, (body as { code: string }).code]).toEqual([401, 'NOT_LOGGED_IN'])
  })

  test('refuses a role that is too low, and nothing else', async () => {
    const needed = roleOf(operation)
    if (needed === 'readonly') return
    const lower = needed === 'full' ? 'operate' : 'readonly'
    const { status, body } = await web.bearer(lower).send(...operation.example())
    expect([status, (body as { code: string }).code]).toEqual([403, 'NOT_ALLOWED'])
  })

  test('refuses a query that it does not know, and values of wrong types', async () => {
    const [method, path, request] = operation.example()
    const stray = await web.bearer('full').send(method, `${path}?wrong=1`, request)
    expect(stray.status).toBe(422)
    for (const [name, query] of operation.badQueries()) {
      const reply = await web.bearer('full').send(method, `${path}?${query}`, request)
      expect
        .soft([reply.status, reply.text], name)
        .toEqual([422, expect.stringContaining(`?${name}`)])
    }
  })

  test('refuses every bad body, and names what is bad', async () => {
    const [method, path, request] = operation.example()
    for (const { bad, what, body } of operation.badBodies()) {
      const reply = await web.bearer('full').send(method, path, { ...request, body })
      expect.soft(reply.status, `${what} ${reply.text}`).toBe(422)
      const { errors } = reply.body as { readonly errors: readonly { readonly path: string }[] }
      expect
        .soft(
          errors.map((fault) => fault.path),
          what,
        )
        .toContain(bad)
    }
  })

  test('answers its example as it says', async () => {
    const reply = await web.bearer('full').send(...operation.example())
    const isRefused = CANNOT.has(operation.id) && [404, 409, 422].includes(reply.status)
    expect.soft(isRefused || reply.status < 300, reply.text).toBe(true)
    expect.soft(operation.statuses, reply.text).toContain(reply.status)
    expect.soft(faultsIn(operation, reply.status, reply.body), reply.text).toEqual([])
  })
})

function roleOf({ id, method, tag, path }: Operation): OperatorRole {
  const command = COMMANDS.find((each) => `command-${nameOf(each)}` === id)
  if (command !== undefined) return command.role
  if (id === 'rollBack') return 'full'
  // Which is nobody's, so that nothing is there to be refused.
  if (tag === 'jobs' || (method === 'DELETE' && path.endsWith('/candidate'))) return 'readonly'
  return method === 'GET' ? 'readonly' : 'operate'
}

const ajv = new Ajv2020.default({ strict: false, validateFormats: false })
ajv.addSchema({ $id: 'document', ...document })

/** What an answer has that its schema does not say, or the other way round. */
function faultsIn({ method, path }: Operation, status: number, body: unknown): readonly unknown[] {
  const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content']
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  const at = [...pointer, type, 'schema'].map((part) =>
    part.replaceAll('~', '~0').replaceAll('/', '~1'),
  )
  if (status === 204) return body === undefined ? [] : [body]
  const check = ajv.getSchema(`document#/${at.map(encodeURIComponent).join('/')}`)
  if (check === undefined) return [`no schema for ${status}`]
  return check(body) === true ? [] : (check.errors ?? [])
}

describe('the page to browse it', () => {
  test('is for callers alone, with all that it is made of', async () => {
    const web = await startWeb()
    for (const path of ['', '/', '/json', '/yaml', '/static/swagger-ui-bundle.js']) {
      expect.soft((await web.stranger.get(`/api/docs${path}`)).status, path).toBe(401)
      expect.soft((await web.bearer('readonly').get(`/api/docs${path}`)).status, path).toBe(200)
    }
    await web.stop()
  })

  test('may ask nobody else, and runs no script of its own', async () => {
    const web = await startWeb()
    const { headers, text } = await web.bearer('readonly').get('/api/docs/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/)
    expect(text).not.toMatch(/<script(?![^>]*src=)|https?:\/\//)
    await web.stop()
  })
})
