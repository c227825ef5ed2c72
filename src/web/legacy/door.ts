// Who sends one of the ancestors' calls. Name and password come along with each of them; a cookie is never looked at,
// because a call changes something by a plain GET, which any page of the web can make a browser send.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { plainIp } from '../../base/address.ts'
import { LIMITS } from '../../base/limits.ts'
import { whyForeignPage } from '../access/same-origin.ts'
import type { Caller } from '../caller.ts'
import type { WebParts } from '../parts.ts'

const REALM = 'Basic realm="python director"'

/** A browser that was asked once sends the password by itself, also where a page of another site asks. */
export async function callerBy(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, isSecure }: Pick<WebParts, 'access' | 'isSecure'>,
): Promise<Caller | undefined> {
  const foreign = whyForeignPage(request.headers, isSecure)
  if (foreign !== undefined) return refuse(reply, 403, foreign)
  const tried = basicIn(request.headers.authorization)
  if (tried === undefined) return askForPassword(reply)
  const answer = await access.judgePassword(tried, request)
  if (answer.kind === 'refused') return askForPassword(reply)
  if (answer.kind === 'later') {
    reply.header('retry-after', answer.seconds)
    return refuse(reply, 429, `too many failed log-ins; come again in ${answer.seconds} s`)
  }
  const { name: operator, access: role } = answer.user
  return {
    operator,
    role,
    login: 0,
    address: plainIp(request.socket.remoteAddress ?? ''),
    origin: `web:${operator}`,
    // The call is all that there is of this log-in.
    ended: new AbortController().signal,
  }
}

/** In the words of the ancestor. */
export function refuse(reply: FastifyReply, status: number, reason: string): undefined {
  reply.code(status).type('text/plain; charset=utf-8').send(`NOT OK: ${reason}\n`)
  return undefined
}

function askForPassword(reply: FastifyReply): undefined {
  reply.header('www-authenticate', REALM)
  return refuse(reply, 401, 'name and password, please; or they do not fit')
}

/** Name and password; undefined where there are none, or too long ones. */
function basicIn(authorization = ''): { name: string; password: string } | undefined {
  const [, encoded] = /^Basic +([\w+/=-]+) *$/i.exec(authorization) ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) return undefined
  const [name, password] = [text.slice(0, colon), text.slice(colon + 1)]
  const isShort = name.length <= LIMITS.nameLengthMax && password.length <= LIMITS.passwordLengthMax
  return isShort ? { name, password } : undefined
}
