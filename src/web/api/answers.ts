// What every route of the API has besides its handler: its place in the OpenAPI document, the answers that it gives, and
// the one way in which JSON leaves. An answer of a command goes out as the text that it came as.
import { STATUS_CODES } from 'node:http'
import type { FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from 'fastify'
import { BalancerError, ERRORS } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { type Caller, requireCaller } from '../caller.ts'
import { PROBLEM_TYPE } from '../problem.ts'
import type { Ran } from '../run.ts'
import { ref, type Schema } from './schema.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

export type Tag =
  | 'objects'
  | 'sessions'
  | 'configuration'
  | 'commands'
  | 'jobs'
  | 'events'
  | 'access'

export interface RouteFacts {
  readonly tag: Tag
  readonly operationId: string
  readonly summary: string
  /** Of the good answers, by status. */
  readonly answers: Readonly<Record<number, Schema>>
  /** Statuses of refusals, besides those that every route has. */
  readonly problems?: readonly number[]
  readonly params?: Schema
  readonly query?: Readonly<Record<string, Schema>>
  readonly headers?: Readonly<Record<string, Schema>>
  readonly body?: Schema
  /** Of the body; JSON where nothing is said. */
  readonly consumes?: readonly string[]
}

type Handler = (
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
) => Promise<FastifyReply>

/** One route, with all that its document says of it. */
export function route(
  method: HTTPMethods,
  url: string,
  facts: RouteFacts,
  handler: Handler,
): RouteOptions {
  return {
    ...described(method, url, facts),
    // A stream has no end that somebody could wait for to be told its length.
    exposeHeadRoute: method === 'GET' && facts.tag !== 'events',
    handler: (request, reply) => handler(request, reply, requireCaller(request)),
  }
}

/** One route that strangers may ask, too. */
export function openRoute(
  method: HTTPMethods,
  url: string,
  facts: RouteFacts,
  handler: RouteOptions['handler'],
): RouteOptions {
  const bodyLimit = LIMITS.webLoginBytesMax
  return { ...described(method, url, facts), bodyLimit, config: { open: true }, handler }
}

function described(
  method: HTTPMethods,
  url: string,
  facts: RouteFacts,
): Omit<RouteOptions, 'handler'> {
  const { tag, operationId, summary, answers, problems = [], params, query = {}, headers } = facts
  return {
    method,
    url: `/api/v1${url}`,
    bodyLimit: LIMITS.webBodyBytesMax,
    schema: {
      tags: [tag],
      operationId,
      summary,
      response: {
        ...(Object.hasOwn(query, 'dryRun') ? orTried(answers) : answers),
        ...problemAnswers([400, 401, 403, 422, 500, ...problems]),
        ...(facts.body === undefined ? {} : problemAnswers([413, 415])),
      },
      querystring: { type: 'object', additionalProperties: false, properties: query },
      ...(params === undefined ? {} : { params }),
      ...(headers === undefined ? {} : { headers: { type: 'object', properties: headers } }),
      ...(facts.body === undefined ? {} : { body: facts.body }),
      ...(facts.consumes === undefined ? {} : { consumes: [...facts.consumes] }),
    },
  }
}

/** What is only tried is answered with 200, whatever it would have been. */
function orTried({ 200: done, ...others }: RouteFacts['answers']): RouteFacts['answers'] {
  const tried = ref('DryRun')
  return { ...others, 200: done === undefined ? tried : { anyOf: [done, tried] } }
}

/** Names in the address of a route: `/services/{service}`. */
export function pathParams(names: Readonly<Record<string, string>>): Schema {
  const properties = Object.entries(names).map(([name, description]) => {
    return [name, { type: 'string', description }]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(names),
  }
}

function problemAnswers(statuses: readonly number[]): Readonly<Record<number, Schema>> {
  return Object.fromEntries(
    statuses.map((status) => {
      const content = { [PROBLEM_TYPE.replace(/;.*/, '')]: { schema: ref('Problem') } }
      return [status, { description: problemsOf(status), content }]
    }),
  )
}

/** @param json a text */
export function sendJson(reply: FastifyReply, json: string, status = 200): FastifyReply {
  return reply.code(status).type(JSON_TYPE).send(json)
}

export function sendNothing(reply: FastifyReply): FastifyReply {
  return reply.code(204).send()
}

/** The answer of a command. @throws BalancerError as the command was refused */
export function requireDone({ json, error }: Ran): string {
  if (error === undefined) return json.trimEnd()
  throw new BalancerError(error.code, error.detail)
}

/** The text of an object with one member more, whose value is there as text. */
export function withMember(object: string, name: string, json: string): string {
  const comma = object === '{}' ? '' : ','
  return `${object.slice(0, -1)}${comma}${JSON.stringify(name)}:${json}}`
}

function problemsOf(status: number): string {
  const codes = Object.entries(ERRORS).filter(([, row]) => row.status === status)
  if (codes.length === 0) return STATUS_CODES[status] ?? ''
  return codes.map(([code, { summary }]) => `${code}: ${summary}`).join('; ')
}
