// The routes of the log-in: in, out, and who I am. To whoever is not let in every reason looks the same.
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { OPERATOR_ROLES } from '../../model/fields.ts'
import { openRoute, route } from '../api/answers.ts'
import { answerSchema, bodySchema } from '../api/schema.ts'
import { NOTHING } from '../api/terms.ts'
import type { Caller } from '../caller.ts'
import type { WebParts } from '../parts.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { ACCEPTS } from '../schema-check.ts'
import { clearCookie, setCookie } from './cookie.ts'
import type { Session } from './sessions.ts'

/** What a page may know before anybody has logged in. */
interface Door {
  readonly loggedIn: boolean
  /** The page is served to other machines without TLS. */
  readonly insecure: boolean
  readonly secure: boolean
}

/** What a page has to know of itself. */
interface Me {
  readonly operator: string
  readonly role: string
  /** As `logout` takes it; 0 for a token. */
  readonly login: number
  /** Goes along with every request that changes something; '' for a token, which needs none. */
  readonly csrf: string
  readonly version: string
  /** The page is served to other machines without TLS. */
  readonly insecure: boolean
  readonly secure: boolean
  /** A candidate of this operator is open. */
  readonly candidate: boolean
}

interface LoginBody {
  readonly user?: string
  readonly password?: string
  readonly link?: string
}

const NOT_LET_IN = 'user and password do not fit, or the user may not log in by them'
const LINK_NOT_TAKEN =
  'the link lets nobody in any more: it is good once, for a minute; ask for another: ssh … web link'

const SERVED = {
  insecure: { type: 'boolean', description: 'other machines reach the page without TLS' },
  secure: { type: 'boolean', description: 'the page is served over TLS' },
}

const ME = answerSchema('who is logged in', {
  operator: { type: 'string' },
  role: { type: 'string', enum: OPERATOR_ROLES },
  login: { type: 'integer', description: 'as `logout` takes it; 0 for a token' },
  csrf: { type: 'string', description: 'for the header x-sluice-csrf; empty for a token' },
  version: { type: 'string' },
  ...SERVED,
  candidate: { type: 'boolean', description: 'a candidate of this operator is open' },
})

const DOOR = answerSchema('whether this caller is logged in, and how the page is served', {
  loggedIn: { type: 'boolean' },
  ...SERVED,
})

const PROOF = {
  ...bodySchema(
    {
      user: { type: 'string', maxLength: LIMITS.nameLengthMax },
      password: { type: 'string', maxLength: LIMITS.passwordLengthMax },
      link: {
        type: 'string',
        maxLength: LIMITS.tokenLengthMax,
        description: 'the code behind #link= that `web link` tells',
      },
    },
    { examples: [{ user: 'alice', password: 'correct horse' }] },
  ),
  oneOf: [{ required: ['user', 'password'] }, { required: ['link'] }],
  [ACCEPTS]: 'user and password, or link alone',
}

export function accessRoutes(parts: WebParts): readonly RouteOptions[] {
  const tag = 'access'
  return [
    openRoute(
      'GET',
      '/login',
      { tag, operationId: 'getDoor', summary: 'am I logged in?', answers: { 200: DOOR } },
      async (request) => doorOf(request, parts),
    ),
    openRoute(
      'POST',
      '/login',
      {
        tag,
        operationId: 'logIn',
        summary: 'log in with a password, or with a one-time code of `web link`',
        body: PROOF,
        answers: { 200: ME },
        problems: [429],
      },
      (request, reply) => logIn(request.body as LoginBody, request, reply, parts),
    ),
    route(
      'POST',
      '/logout',
      {
        tag,
        operationId: 'logOut',
        summary: 'end this log-in; a token is revoked instead',
        answers: { 204: NOTHING },
        problems: [409],
      },
      (request, reply, caller) => logOut(request, reply, caller, parts),
    ),
    route(
      'GET',
      '/me',
      { tag, operationId: 'getMe', summary: 'who is logged in', answers: { 200: ME } },
      async (request, reply, caller) => reply.send(meOf(request, caller, parts)),
    ),
  ]
}

async function logIn(
  { user = '', password = '', link }: LoginBody,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: WebParts,
): Promise<FastifyReply> {
  if (link !== undefined) return logInByLink(link, request, reply, parts)
  const answer = await parts.access.judgePassword({ name: user, password }, request)
  switch (answer.kind) {
    case 'later': {
      reply.header('retry-after', answer.seconds)
      return sendProblem(reply, problemOf('TOO_MANY', `try again in ${answer.seconds} s`))
    }
    case 'refused':
      return sendProblem(reply, problemOf('NOT_LOGGED_IN', NOT_LET_IN))
    case 'right':
      return welcome({ user: answer.user, how: 'password' }, request, reply, parts)
    default:
      return answer satisfies never
  }
}

function logInByLink(
  code: string,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: WebParts,
): FastifyReply {
  const verdict = parts.access.takeLink(code, request)
  if (verdict.kind === 'refused')
    return sendProblem(reply, problemOf('NOT_LOGGED_IN', LINK_NOT_TAKEN))
  return welcome({ user: verdict.user, how: 'link' }, request, reply, parts)
}

function welcome(
  entrance: Parameters<WebParts['access']['open']>[0],
  request: FastifyRequest,
  reply: FastifyReply,
  parts: WebParts,
): FastifyReply {
  const { session, id } = parts.access.open(entrance, request)
  reply.header('set-cookie', setCookie(id, request.headers, parts.isSecure))
  return reply.send(meWith(session, parts))
}

/** @throws BalancerError REFUSED */
async function logOut(
  request: FastifyRequest,
  reply: FastifyReply,
  { operator, login }: Caller,
  { access, isSecure }: WebParts,
): Promise<FastifyReply> {
  if (login === 0)
    throw new BalancerError('REFUSED', `a token ends when it is revoked: token remove ${operator}`)
  access.logout(login, 'logged out')
  reply.header('set-cookie', clearCookie(request.headers, isSecure))
  return reply.code(204).send()
}

function doorOf({ caller }: FastifyRequest, { isSecure, isExposed }: WebParts): Door {
  return {
    loggedIn: caller !== undefined,
    insecure: isExposed && !isSecure,
    secure: isSecure,
  }
}

function meOf(request: FastifyRequest, { operator, role, login: id }: Caller, parts: WebParts): Me {
  const csrf = parts.access.sessionOf(request)?.csrf ?? ''
  return meWith({ operator, role, id, csrf }, parts)
}

function meWith(
  { operator, role, id, csrf }: Pick<Session, 'operator' | 'role' | 'id' | 'csrf'>,
  { process, isSecure, isExposed }: WebParts,
): Me {
  return {
    operator,
    role,
    login: id,
    csrf,
    version: process.version,
    insecure: isExposed && !isSecure,
    secure: isSecure,
    candidate: process.candidates.of(operator) !== undefined,
  }
}
