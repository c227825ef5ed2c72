// The calls of the ancestors' web pages, for the scripts that there are: the same paths, arguments and texts, but a status
// that tells whether it was done. Off unless the document says otherwise, and then at once.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BalancerError, ERRORS } from '../../base/errors.ts'
import type { LineParts } from '../../commands/line/write-line.ts'
import { edit } from '../api/lines.ts'
import type { Caller } from '../caller.ts'
import type { WebParts } from '../parts.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { type Accepted, readArguments } from './arguments.ts'
import { givenIn, LEGACY_CALLS, type LegacyCall } from './calls.ts'
import { callerBy, refuse } from './door.ts'
import { LEGACY_LOOKS, type LegacyLook } from './looks.ts'

const OFF = 'the calls of the ancestors are not answered: legacyApi of <web> says so'

export function addLegacyApi(app: FastifyInstance, parts: WebParts): void {
  for (const [name, look] of Object.entries(LEGACY_LOOKS)) {
    for (const path of pathsOf(name)) addRoute(app, parts, path, look, tellBy(look, parts))
  }
  for (const [name, call] of Object.entries(LEGACY_CALLS)) {
    for (const path of pathsOf(name)) addRoute(app, parts, path, call, doBy(call, parts))
  }
}

type Answer = (
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
) => Promise<FastifyReply>

/** `running.txt` was called as `running_txt`, too. */
function pathsOf(name: string): readonly string[] {
  return [...new Set([`/${name}`, `/${name.replaceAll('.', '_')}`])]
}

function addRoute(
  app: FastifyInstance,
  parts: WebParts,
  url: string,
  { summary }: { readonly summary: string },
  answer: Answer,
): void {
  app.get(
    url,
    // Who calls is asked here, and not at the door of the page.
    { config: { open: true }, schema: { hide: true, summary } },
    async (request, reply) => {
      if (!parts.process.balancer.settings.web.legacyApi)
        return sendProblem(reply, problemOf('NOT_FOUND', `GET ${url}: ${OFF}`))
      const caller = await callerBy(request, reply, parts)
      if (caller === undefined) return reply
      try {
        return await answer(request, reply, caller)
      } catch (error) {
        if (!(error instanceof BalancerError)) throw error
        return refuseWith(reply, error)
      }
    },
  )
}

function tellBy(look: LegacyLook, { process, log }: WebParts): Answer {
  return async (request, reply, caller) => {
    const given = givenIn(readArguments(request.url, look))
    const text = await look.text(given, caller, { process, log })
    // As it always was, whether anybody wished for it or not; without what became of the last call.
    if (look.type.startsWith('text/html')) reply.header('refresh', '60; url=/running')
    return reply.type(look.type).send(text)
  }
}

function doBy(call: LegacyCall & Accepted, { process, log }: WebParts): Answer {
  return async (request, reply, caller) => {
    const given = readArguments(request.url, call)
    // What a candidate has is what its owner's lines are about.
    const { balancer } = process.candidates.of(caller.operator) ?? process
    const lines = call.lines(givenIn(given), balancer)
    const message = await runAll(lines, caller, { process, log })
    const location = `/running?resultMessage=${encodeURIComponent(message)}`
    return reply.code(302).header('location', location).type(TEXT).send('OK')
  }
}

const TEXT = 'text/plain; charset=utf-8'

/** All or none. @returns what was done, in a sentence for each line. @throws BalancerError as the first that was refused */
async function runAll(
  lines: readonly LineParts[],
  caller: Caller,
  parts: Pick<WebParts, 'process' | 'log'>,
): Promise<string> {
  if (lines.length === 0) return 'there was nothing to do'
  const answer = await edit(lines, {}, caller, parts)
  const done: unknown = answer === '' ? [] : JSON.parse(answer)
  return [done].flat().map(messageOf).join('; ')
}

function messageOf(result: unknown): string {
  const { message = '' } = (result ?? {}) as { readonly message?: string }
  return message
}

function refuseWith(reply: FastifyReply, { code, detail }: BalancerError): FastifyReply {
  const { status, summary } = ERRORS[code]
  refuse(reply, status, `${summary}: ${detail}`)
  return reply
}
