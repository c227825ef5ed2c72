// The calls of the ancestors' web pages, for the scripts that there are: the same paths, arguments and texts, but a status
// that tells whether it was done. Off unless the document says otherwise, and then at once.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BalancerError, type ErrorCode, ERRORS } from '../../base/errors.ts'
import type { LineParts } from '../../commands/line/write-line.ts'
import { writeLine } from '../../commands/line/write-line.ts'
import { requireOneLineEach } from '../api/lines.ts'
import type { Caller } from '../caller.ts'
import type { WebParts } from '../parts.ts'
import { problemOf, sendProblem } from '../problem.ts'
import { type RanError, run } from '../run.ts'
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
    const { error, message } = await runAll(lines, caller, { process, log })
    if (error !== undefined) return refuseWith(reply, error)
    const location = `/running?resultMessage=${encodeURIComponent(message)}`
    return reply.code(302).header('location', location).type(TEXT).send('OK')
  }
}

const TEXT = 'text/plain; charset=utf-8'

interface Done {
  readonly error: RanError | undefined
  /** In one sentence. */
  readonly message: string
}

/** All or none. */
async function runAll(
  lines: readonly LineParts[],
  caller: Caller,
  parts: Pick<WebParts, 'process' | 'log'>,
): Promise<Done> {
  const [line, ...more] = lines
  if (line === undefined) return { error: undefined, message: 'there was nothing to do' }
  if (more.length > 0) return runTogether(lines, caller, parts)
  const { error, json } = await run({ command: line }, caller, parts)
  return { error, message: messageIn(json) }
}

interface Piece {
  readonly exit: number
  readonly result: unknown
  readonly error: { readonly name: ErrorCode; readonly message: string } | null
}

async function runTogether(
  lines: readonly LineParts[],
  caller: Caller,
  parts: Pick<WebParts, 'process' | 'log'>,
): Promise<Done> {
  requireOneLineEach(lines)
  const input = lines.map((line) => `${writeLine(line)}\n`).join('')
  const pieces: Piece[] = []
  const piece = (value: unknown) => void pieces.push(value as Piece)
  const ran = await run({ command: 'batch --atomic', input, piece }, caller, parts)
  // What went wrong first says more than that something did.
  const failed = pieces.find(({ exit }) => exit !== 0)?.error
  const error =
    failed === undefined || failed === null
      ? ran.error
      : {
          code: failed.name,
          detail: failed.message.replace(`${ERRORS[failed.name].summary}: `, ''),
        }
  return { error, message: pieces.map(({ result }) => messageOf(result)).join('; ') }
}

function messageIn(json: string): string {
  return json === '' ? '' : messageOf(JSON.parse(json))
}

function messageOf(result: unknown): string {
  const { message = '' } = (result ?? {}) as { readonly message?: string }
  return message
}

function refuseWith(reply: FastifyReply, { code, detail }: RanError): FastifyReply {
  const { status, summary } = ERRORS[code]
  refuse(reply, status, `${summary}: ${detail}`)
  return reply
}
