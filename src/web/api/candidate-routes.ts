// The caller's candidate as calls: what it would change, a whole document in its place, and its end. Edits go there by
// themselves while it is open, as over ssh.
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import { LIMITS } from '../../base/limits.ts'
import type { Candidate } from '../../commands/documents.ts'
import type { LineParts } from '../../commands/line/write-line.ts'
import type { Caller } from '../caller.ts'
import { run, type RunParts } from '../run.ts'
import { requireDone, route, type RouteFacts, sendJson, sendNothing } from './answers.ts'
import { Conditions, etagOf } from './etag.ts'
import { answerLongWork } from './job-routes.ts'
import type { Jobs } from './jobs.ts'
import { answerSchema, listSchema, nullable, orDocument, ref } from './schema.ts'
import { DRY_RUN, IF_MATCH, NOTHING, PREFER } from './terms.ts'

const URL = '/config/candidate'

/** A document. */
const XML_TYPES = ['application/xml', 'text/xml']

const NONE = JSON.stringify({
  open: false,
  since: null,
  touched: null,
  differences: [],
  conflicts: [],
  commands: null,
})

const ANSWER = answerSchema('your candidate', {
  open: { type: 'boolean', description: 'false: you have none, and edits take effect at once' },
  since: nullable('string', 'when it was opened'),
  touched: nullable('string', 'when it was last edited'),
  differences: listSchema(ref('Difference'), 'what a commit would change of what runs now'),
  conflicts: listSchema({ type: 'object' }, 'what keeps a commit from it'),
  commands: {
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'what to type for the same',
  },
})

export function candidateRoutes(parts: RunParts, jobs: Jobs): readonly RouteOptions[] {
  return [getRoute(parts), putRoute(parts, jobs), deleteRoute(parts)]
}

/** Documents come as bytes: what they are encoded in, they say themselves. */
export function acceptDocuments(app: FastifyInstance): void {
  const options = { parseAs: 'buffer' } as const
  // Nothing takes plain text, and what is sent as such is not what it was meant to be.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser(XML_TYPES, options, async (_request: unknown, body: Buffer) => body)
}

function getRoute(parts: RunParts): RouteOptions {
  const commands = {
    type: 'boolean',
    description: 'also what to type for the same, with hashes of passwords; for role full',
  }
  const what = 'what is edited and not in effect yet; as application/xml the whole document'
  const facts = { ...factsOf('getCandidate', what, { 200: orDocument(ANSWER) }), problems: [404] }
  return route('GET', URL, { ...facts, query: { commands } }, async (request, reply, caller) => {
    const { query, headers } = request
    const candidate = parts.process.candidates.of(caller.operator)
    const { accept = '' } = headers
    const isXml = XML_TYPES.some((type) => accept.includes(type))
    // Who takes either is told in the other that there is none.
    if (isXml && (candidate !== undefined || !accept.includes('json')))
      return sendDocument(candidate, reply, caller, parts)
    if (candidate === undefined) return sendJson(reply, NONE)
    const { commands: asked } = query as { readonly commands?: boolean }
    const command = {
      verb: 'compare',
      words: [],
      ...(asked === true ? { flags: { commands: true } as const } : {}),
    }
    reply.header('etag', etagOf(candidate.balancer.snapshot()))
    const compared = requireDone(await run({ command }, caller, parts))
    const since = new Date(candidate.since).toISOString()
    const touched = new Date(candidate.touched).toISOString()
    const head = JSON.stringify({ open: true, since, touched })
    return sendJson(reply, `${head.slice(0, -1)},${compared.slice(1)}`)
  })
}

/** What the file would say after a commit. @throws BalancerError NOT_FOUND */
async function sendDocument(
  opened: Candidate | undefined,
  reply: FastifyReply,
  caller: Caller,
  parts: RunParts,
): Promise<FastifyReply> {
  const command = { verb: 'show config', words: ['candidate'] }
  const answer = requireDone(await run({ command }, caller, parts))
  const { candidateText } = JSON.parse(answer) as { readonly candidateText: string }
  if (opened !== undefined) reply.header('etag', etagOf(opened.balancer.snapshot()))
  return reply.type('application/xml; charset=utf-8').send(candidateText)
}

function putRoute(parts: RunParts, jobs: Jobs): RouteOptions {
  const what = 'make your candidate what a document says; opens one where there is none'
  const options = route(
    'PUT',
    URL,
    {
      ...factsOf('putCandidate', what, { 200: LOADED, 202: ref('Job') }),
      query: { dryRun: DRY_RUN },
      headers: { 'if-match': IF_MATCH, prefer: PREFER },
      consumes: XML_TYPES,
      body: { description: 'a configuration document', examples: ['<config />'] },
      problems: [409, 412, 429],
    },
    async (request, reply, caller) => {
      const { dryRun = false } = request.query as { readonly dryRun?: boolean }
      const flags = dryRun ? { dryRun: true as const } : {}
      const line: LineParts = { verb: 'load', words: [], flags }
      const before = () => requireSeen(request.headers, caller, parts)
      const input = request.body as Buffer
      const task = async ({ signal }: { readonly signal: AbortSignal }) => {
        const ran = await run({ command: line, input, before, signal }, caller, parts)
        const answer = requireDone(ran)
        return dryRun ? `{"dryRun":true,"result":${answer}}` : answer
      }
      return answerLongWork(jobs, { line, request, reply, caller, task })
    },
  )
  return { ...options, bodyLimit: LIMITS.configBytesMax }
}

const LOADED = answerSchema('what a commit would change now', {
  done: { type: 'string' },
  dryRun: { type: 'boolean' },
  differences: listSchema(ref('Difference')),
})

function deleteRoute(parts: RunParts): RouteOptions {
  const what = 'drop your candidate; there is none afterwards, also where there was none before'
  const facts = {
    ...factsOf('deleteCandidate', what, { 204: NOTHING }),
    headers: { 'if-match': IF_MATCH },
    problems: [409, 412],
  }
  return route('DELETE', URL, facts, async ({ headers }, reply, caller) => {
    const before = () => requireSeen(headers, caller, parts)
    if (parts.process.candidates.of(caller.operator) === undefined) before()
    else requireDone(await run({ command: 'discard', before }, caller, parts))
    return sendNothing(reply)
  })
}

type SeenIn = ConstructorParameters<typeof Conditions>[0]

/** @throws BalancerError CHANGED_MEANWHILE */
function requireSeen(headers: SeenIn, { operator }: Caller, { process }: RunParts): void {
  const candidate = process.candidates.of(operator)
  const etag = candidate === undefined ? undefined : etagOf(candidate.balancer.snapshot())
  new Conditions(headers).require('your candidate', etag)
}

function factsOf(operationId: string, summary: string, answers: RouteFacts['answers']): RouteFacts {
  return { tag: 'configuration', operationId, summary, answers }
}
