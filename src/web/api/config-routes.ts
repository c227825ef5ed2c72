// The document as calls: what runs and what is stored, what differs, what was, and commits. The caller's candidate has a
// file of its own.
import type { RouteOptions } from 'fastify'
import { LIMITS } from '../../base/limits.ts'
import type { LineParts } from '../../commands/line/write-line.ts'
import { run, type RunParts } from '../run.ts'
import { pathParams, requireDone, route, sendJson, withMember } from './answers.ts'
import { etagOf } from './etag.ts'
import { answerLongWork } from './job-routes.ts'
import type { Jobs } from './jobs.ts'
import {
  answerSchema,
  bodySchema,
  listSchema,
  namedSchema,
  nullable,
  orDocument,
  ref,
} from './schema.ts'
import { DRY_RUN, PREFER } from './terms.ts'

const TEXT = { type: 'string' }
const REVISION = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }
const COMMENT = { type: 'string', description: 'what the revision says of it' }
const CONFIRM = {
  type: 'string',
  description: 'Undo it unless it is confirmed within this time: `5m`.',
}
const LOCKS_OUT = { type: 'boolean', description: 'even where that locks you out, or everybody' }

const CONFIG = answerSchema('the document', {
  file: TEXT,
  running: { type: 'string', description: 'what a save would write; hashes only for role full' },
  stored: { type: 'string', description: 'what was last read or written' },
  candidateText: nullable('string', 'what a commit of yours would make of it'),
  unsaved: nullable('string', 'why running changes are not in the file yet'),
  readOnly: { type: 'boolean', description: 'the file is never written' },
  revision: { type: 'integer', description: 'number of the newest one; 0 where none is kept' },
})

const APPLIED_FIELDS = ['done', 'file', 'written', 'revision', 'unsaved', 'differences']
const ENDED_FIELDS = ['operator', 'comment', 'outcome', 'time', 'origin', 'reason', 'message']

const REVISION_FIELDS = ['number', 'time', 'origins', 'comment', 'changes', 'size']

export function configRoutes(parts: RunParts, jobs: Jobs): readonly RouteOptions[] {
  return [
    configRoute(parts),
    looking(parts, '/config/difference', 'getDifference', {
      summary: 'what turns the stored document into the running one',
      line: { verb: 'diff', words: [], flags: { text: true } },
      answer: namedSchema('differences', ['from', 'to', 'differences', 'text']),
    }),
    looking(parts, '/config/conflicts', 'listConflicts', {
      summary: 'what the file and the running system both changed, to something else',
      line: { verb: 'show conflicts', words: [] },
      answer: listSchema(
        namedSchema('a conflict', ['path', 'kind', 'field', 'base', 'file', 'running']),
      ),
    }),
    historyRoute(parts),
    revisionRoute(parts),
    commitRoute(parts, jobs),
    confirmRoute(parts, jobs),
    rollbackRoute(parts, jobs),
  ]
}

function configRoute(parts: RunParts): RouteOptions {
  return route(
    'GET',
    '/config',
    {
      tag: 'configuration',
      operationId: 'getConfig',
      summary:
        'the document as it runs and as it is stored; the running text alone as application/xml',
      answers: { 200: orDocument(CONFIG) },
    },
    async ({ headers }, reply, caller) => {
      const shown = requireDone(await run({ command: 'show config' }, caller, parts))
      if (/application\/xml|text\/xml/.test(headers.accept ?? '')) {
        const { running } = JSON.parse(shown) as { readonly running: string }
        reply.header('etag', etagOf(running))
        return reply.type('application/xml; charset=utf-8').send(running)
      }
      const { readOnly, revision } = parts.process.document()
      const all = withMember(shown, 'readOnly', String(readOnly))
      return sendJson(reply, withMember(all, 'revision', String(revision)))
    },
  )
}

interface Looking {
  readonly summary: string
  readonly line: LineParts
  readonly answer: Readonly<Record<string, unknown>>
}

function looking(
  parts: RunParts,
  url: string,
  operationId: string,
  { summary, line, answer }: Looking,
): RouteOptions {
  const facts = { tag: 'configuration', operationId, summary, answers: { 200: answer } } as const
  return route('GET', url, { ...facts, problems: [409] }, async (_, reply, caller) => {
    return sendJson(reply, requireDone(await run({ command: line }, caller, parts)))
  })
}

function historyRoute(parts: RunParts): RouteOptions {
  return route(
    'GET',
    '/config/history',
    {
      tag: 'configuration',
      operationId: 'listRevisions',
      summary: 'the documents that were saved or taken over, newest first',
      query: { limit: { type: 'integer', minimum: 1, maximum: LIMITS.revisionsKept } },
      answers: { 200: listSchema(namedSchema('a revision', REVISION_FIELDS)) },
      problems: [409],
    },
    async ({ query }, reply, caller) => {
      const { limit = LIMITS.revisionsKept } = query as { readonly limit?: number }
      const command = { verb: 'history', words: [], flags: { lines: String(limit) } }
      return sendJson(reply, requireDone(await run({ command }, caller, parts)))
    },
  )
}

function revisionRoute(parts: RunParts): RouteOptions {
  return route(
    'GET',
    '/config/history/:revision',
    {
      tag: 'configuration',
      operationId: 'getRevision',
      summary: 'a document that was; hashes only for role full',
      params: pathParams({ revision: 'its number' }),
      answers: { 200: namedSchema('a revision', [...REVISION_FIELDS, 'text']) },
      problems: [404, 409],
    },
    async ({ params }, reply, caller) => {
      const { revision } = params as { readonly revision: string }
      const command = { verb: 'show revision', words: [revision] }
      return sendJson(reply, requireDone(await run({ command }, caller, parts)))
    },
  )
}

interface Commit {
  readonly comment?: string
  readonly confirm?: string
  readonly watchTraffic?: boolean
  readonly force?: boolean
}

function commitRoute(parts: RunParts, jobs: Jobs): RouteOptions {
  return changing(parts, jobs, '/config/commit', {
    operationId: 'commitCandidate',
    summary: 'put your candidate in effect, all or nothing, and save it',
    body: bodySchema(
      {
        comment: COMMENT,
        confirm: CONFIRM,
        watchTraffic: {
          type: 'boolean',
          description: 'With confirm: undo it at once when traffic gets clearly worse.',
        },
        force: LOCKS_OUT,
      },
      { examples: [{ comment: 'second data centre', confirm: '5m' }] },
    ),
    lineOf(body, dryRun) {
      if (dryRun) return { verb: 'compare', words: [] }
      const { comment, confirm, watchTraffic, force } = body as Commit
      return {
        verb: 'commit',
        words: [],
        flags: { ...said(comment, confirm), ...switched({ watchTraffic, force }) },
      }
    },
  })
}

function confirmRoute(parts: RunParts, jobs: Jobs): RouteOptions {
  return changing(parts, jobs, '/config/confirm', {
    operationId: 'confirmCommit',
    summary: 'keep the commit that has to be confirmed, or undo it now',
    body: bodySchema(
      { undo: { type: 'boolean', description: 'undo it now instead' } },
      { examples: [{}] },
    ),
    fields: ENDED_FIELDS,
    lineOf: (body) => ({ verb: 'confirm', words: [], flags: switched(body) }),
    tries: false,
  })
}

interface Rollback {
  readonly revision: number
  readonly comment?: string
  readonly confirm?: string
  readonly force?: boolean
}

function rollbackRoute(parts: RunParts, jobs: Jobs): RouteOptions {
  return changing(parts, jobs, '/config/rollback', {
    operationId: 'rollBack',
    summary: 'make the running system what a revision says, in place, and save that as a new one',
    body: bodySchema(
      { revision: REVISION, comment: COMMENT, confirm: CONFIRM, force: LOCKS_OUT },
      { required: ['revision'], examples: [{ revision: 1, comment: 'b was no better' }] },
    ),
    lineOf(body, dryRun) {
      const { revision, comment, confirm, force } = body as unknown as Rollback
      const flags = { ...said(comment, confirm), ...switched({ force, dryRun }) }
      return { verb: 'rollback', words: [String(revision)], flags }
    },
  })
}

interface Changing {
  readonly operationId: string
  readonly summary: string
  readonly body: Readonly<Record<string, unknown>>
  readonly lineOf: (body: Readonly<Record<string, unknown>>, dryRun: boolean) => LineParts
  /** Of the answer; those of a document that was applied, where nothing is said. */
  readonly fields?: readonly string[]
  /** It can be asked what it would do. Default true. */
  readonly tries?: boolean
}

function changing(
  parts: RunParts,
  jobs: Jobs,
  url: string,
  { operationId, summary, body, lineOf, fields = APPLIED_FIELDS, tries = true }: Changing,
): RouteOptions {
  return route(
    'POST',
    url,
    {
      tag: 'configuration',
      operationId,
      summary,
      query: tries ? { dryRun: DRY_RUN } : {},
      headers: { prefer: PREFER },
      body,
      answers: { 200: namedSchema('what came of it', fields), 202: ref('Job') },
      problems: [404, 409, 429, 503],
    },
    async (request, reply, caller) => {
      const { dryRun = false } = request.query as { readonly dryRun?: boolean }
      const line = lineOf((request.body ?? {}) as Readonly<Record<string, unknown>>, dryRun)
      const task = async ({ signal }: { readonly signal: AbortSignal }) => {
        const answer = requireDone(await run({ command: line, signal }, caller, parts))
        return dryRun ? `{"dryRun":true,"result":${answer}}` : answer
      }
      return answerLongWork(jobs, { line, request, reply, caller, task })
    },
  )
}

function said(comment: string | undefined, confirm: string | undefined) {
  return {
    ...(comment === undefined ? {} : { comment }),
    ...(confirm === undefined ? {} : { confirmed: confirm }),
  }
}

/** Those that are on, as flags without a value. */
function switched(flags: Readonly<Record<string, unknown>>): Readonly<Record<string, true>> {
  const on = Object.keys(flags).filter((name) => flags[name] === true)
  return Object.fromEntries(on.map((name) => [name, true]))
}
