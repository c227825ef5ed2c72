// What a body may come as: of the type that its route takes, and not packed. Looked at before any of it is read, so that
// what was meant for another route is refused by its type and not by whatever it happens to look like.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { problemOf, Refusal } from '../problem.ts'

const JSON_TYPES = ['application/json']

/** Of all routes that are added afterwards. */
export function refuseOtherMedia(app: FastifyInstance): void {
  app.addHook('preParsing', async (request, reply) => {
    if (hasBody(request)) requireMedia(request, reply)
    else forgetType(request)
  })
}

/** @throws Refusal with 415 */
function requireMedia({ headers, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  const packed = headers['content-encoding'] ?? 'identity'
  if (packed.trim().toLowerCase() !== 'identity') {
    reply.header('accept-encoding', 'identity')
    throw unsupported(`Content-Encoding: send it as it is, got ${JSON.stringify(packed)}`)
  }
  const accepted = routeOptions.schema?.consumes ?? JSON_TYPES
  const { 'content-type': type = '' } = headers
  const [essence = ''] = type.split(';')
  if (accepted.includes(essence.trim().toLowerCase())) return
  throw unsupported(`Content-Type is ${accepted.join(' or ')}, got ${JSON.stringify(type)}`)
}

function unsupported(detail: string): Refusal {
  return new Refusal({ ...problemOf('NOT_UNDERSTOOD', detail), status: 415 })
}

function hasBody({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'] ?? '0'
  return headers['transfer-encoding'] !== undefined || length !== '0'
}

// Many clients say a type with all that they send, also with a DELETE that has nothing.
function forgetType({ raw, routeOptions }: FastifyRequest): void {
  if (routeOptions.schema?.body === undefined) delete raw.headers['content-type']
}
