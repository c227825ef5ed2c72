// Open sessions as calls: page by page, one of them, and their ends.
import type { RouteOptions } from 'fastify'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { Refusal, refusedValues } from '../problem.ts'
import type { LineParts } from '../../commands/line/write-line.ts'
import { run, type RunParts } from '../run.ts'
import { pathParams, requireDone, route, sendJson, sendNothing } from './answers.ts'
import { answerLongWork } from './job-routes.ts'
import type { Jobs } from './jobs.ts'
import { answerSchema, listSchema, nullable, ref } from './schema.ts'
import { NOTHING, SCOPE } from './terms.ts'

/** Sessions of one page where nothing is said. */
const PAGE = 100

const WHICH = pathParams({ id: 'number of the session' })

interface Page {
  readonly scope?: string
  readonly client?: string
  readonly limit?: number
  readonly after?: number
}

interface Meant {
  readonly scope?: string
  readonly client?: string
}

export function sessionRoutes(parts: RunParts, jobs: Jobs): readonly RouteOptions[] {
  return [listRoute(parts), getRoute(parts), endRoute(parts), endAllRoute(parts, jobs)]
}

function listRoute(parts: RunParts): RouteOptions {
  return route(
    'GET',
    '/sessions',
    {
      tag: 'sessions',
      operationId: 'listSessions',
      summary: 'open sessions, oldest first, a page at a time',
      query: {
        scope: SCOPE,
        client: {
          type: 'string',
          pattern: '^[^,]*$',
          description: 'Text that the address of the client contains.',
        },
        limit: { type: 'integer', minimum: 1, maximum: LIMITS.sessionsShownMax, default: PAGE },
        after: {
          type: 'integer',
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'Only those with a higher number: `next` of the page before.',
        },
      },
      answers: {
        200: answerSchema('a page of sessions', {
          sessions: listSchema(ref('Session')),
          total: { type: 'integer', minimum: 0, description: 'all that are open, whoever asks' },
          next: nullable('integer', '`after` of the next page; null where this is the last'),
        }),
      },
      problems: [404],
    },
    async ({ query }, reply, caller) => {
      const page = query as Page
      const limit = page.limit ?? PAGE
      const rows = requireDone(await run({ command: lineOf(page, limit) }, caller, parts))
      const total = parts.process.sessionCount
      const next = nextAfter(rows, limit)
      return sendJson(reply, `{"sessions":${rows},"total":${total},"next":${next}}`)
    },
  )
}

function getRoute(parts: RunParts): RouteOptions {
  return route(
    'GET',
    '/sessions/:id',
    {
      tag: 'sessions',
      operationId: 'getSession',
      summary: 'one open session',
      params: WHICH,
      answers: { 200: ref('Session') },
      problems: [404],
    },
    async ({ params }, reply, caller) => {
      const id = idIn(params)
      const command = lineOf({ after: id - 1 }, 1)
      const rows = requireDone(await run({ command }, caller, parts))
      if (!rows.startsWith(`[{"id":${id},`)) throw notOpen(id)
      return sendJson(reply, rows.slice(1, -1))
    },
  )
}

function endRoute(parts: RunParts): RouteOptions {
  return route(
    'DELETE',
    '/sessions/:id',
    {
      tag: 'sessions',
      operationId: 'deleteSession',
      summary: 'end a session at once; it is not there afterwards, also where it was not before',
      params: WHICH,
      answers: { 204: NOTHING },
      problems: [404],
    },
    async ({ params }, reply, caller) => {
      const words = [String(idIn(params))]
      const ran = await run({ command: { verb: 'kill session', words } }, caller, parts)
      if (ran.error?.code !== 'NOT_FOUND') requireDone(ran)
      return sendNothing(reply)
    },
  )
}

function endAllRoute(parts: RunParts, jobs: Jobs): RouteOptions {
  return route(
    'DELETE',
    '/sessions',
    {
      tag: 'sessions',
      operationId: 'deleteSessions',
      summary: 'end all sessions of a client or network, or of a host, at once',
      query: {
        client: { type: 'string', description: 'An IP address, a network, or ip:port.' },
        scope: { type: 'string', description: 'Path of a host: `web/main/a`.' },
      },
      answers: { 200: ref('Done'), 202: ref('Job') },
      problems: [404, 429],
    },
    async (request, reply, caller) => {
      const { client, scope } = request.query as Meant
      if ((client === undefined) === (scope === undefined)) {
        const detail = 'one of client and scope is needed, and not both'
        throw new Refusal(refusedValues([{ path: '?client', detail }]))
      }
      const line: LineParts =
        client === undefined
          ? { verb: 'kill host', words: [scope ?? ''] }
          : { verb: 'kill client', words: [client] }
      const task = async ({ signal }: { readonly signal: AbortSignal }) => {
        return requireDone(await run({ command: line, signal }, caller, parts))
      }
      return answerLongWork(jobs, { line, request, reply, caller, task })
    },
  )
}

function lineOf({ scope, client, after }: Page, limit: number): LineParts {
  return {
    verb: 'show sessions',
    words: scope === undefined ? [] : [scope],
    flags: {
      limit: String(limit),
      ...(after === undefined ? {} : { after: String(after) }),
      // Without a comma, which would begin another comparison.
      ...(client === undefined ? {} : { where: `client~${client}` }),
    },
  }
}

/** A page that is not full is the last one. */
function nextAfter(rows: string, limit: number): number | null {
  const sessions = JSON.parse(rows) as readonly { readonly id: number }[]
  return sessions.length < limit ? null : (sessions.at(-1)?.id ?? null)
}

/** @throws BalancerError NOT_FOUND for what is no number of a session */
function idIn(params: unknown): number {
  const { id } = params as { readonly id: string }
  if (/^[1-9]\d{0,14}$/.test(id)) return Number(id)
  throw notOpen(id.slice(0, 20))
}

function notOpen(id: number | string): BalancerError {
  return new BalancerError('NOT_FOUND', `no session ${id} is open`)
}
