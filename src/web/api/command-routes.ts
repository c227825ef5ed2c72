// Everything in the command table as a call: one route for each command, made of its row, so that what can be typed can be
// called as well. Those that fill a terminal or never end say what to use instead.
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { didYouMean } from '../../base/nearest.ts'
import { type Command, usageOf } from '../../commands/command.ts'
import type { Trial } from '../../commands/context.ts'
import { COMMANDS } from '../../commands/table.ts'
import { problemOf, Refusal } from '../problem.ts'
import type { Caller } from '../caller.ts'
import { run, type RunParts } from '../run.ts'
import { requireDone, route, sendJson } from './answers.ts'
import { bodyOf, type CommandBody, INPUT, nameOf, partsOf, resultOf } from './command-bodies.ts'
import { answerLongWork } from './job-routes.ts'
import type { Jobs, JobWays } from './jobs.ts'
import { tryOut } from './lines.ts'
import { answerSchema, listSchema, ref } from './schema.ts'
import { DRY_RUN, PREFER } from './terms.ts'

/** One row of the table, for who calls. */
const LISTED = answerSchema('one command', {
  name: { type: 'string', description: 'as it is called: POST /api/v1/commands/{name}' },
  words: listSchema({ type: 'string' }),
  role: { type: 'string' },
  summary: { type: 'string' },
  edits: { type: 'boolean', description: 'it acts on your candidate, where one is open' },
  callable: { type: 'boolean', description: 'false: it fills a terminal or never ends' },
  usage: { type: 'string', description: 'as it is typed' },
  input: { type: ['string', 'null'], description: 'what it reads' },
  arguments: listSchema(
    answerSchema('one argument', {
      name: { type: 'string' },
      summary: { type: 'string' },
      accepts: { type: 'string' },
      optional: { type: 'boolean' },
      many: { type: 'boolean' },
    }),
  ),
  flags: listSchema(
    answerSchema('one flag', {
      name: { type: 'string' },
      summary: { type: 'string' },
      accepts: { type: ['string', 'null'], description: 'null: it is there or not' },
    }),
  ),
})

export function commandRoutes(parts: RunParts, jobs: Jobs): readonly RouteOptions[] {
  const list = JSON.stringify(COMMANDS.map(listed))
  const all = route(
    'GET',
    '/commands',
    {
      tag: 'commands',
      operationId: 'listCommands',
      summary: 'the table of commands',
      answers: { 200: listSchema(LISTED) },
    },
    async (_, reply) => sendJson(reply, list),
  )
  const callable = COMMANDS.filter(isCallable)
  return [all, ...callable.map((command) => commandRoute(command, parts, jobs)), otherwise()]
}

function commandRoute(command: Command, parts: RunParts, jobs: Jobs): RouteOptions {
  const name = nameOf(command)
  return route(
    'POST',
    `/commands/${name}`,
    {
      tag: 'commands',
      operationId: `command-${name}`,
      summary: `${usageOf(command)}: ${command.summary}; role ${command.role}`,
      query: { dryRun: DRY_RUN },
      headers: { prefer: PREFER },
      body: bodyOf(command),
      answers: { 200: resultOf(command), 202: ref('Job') },
      problems: [404, 409, 429, 503, 504],
    },
    (request, reply, caller) => callCommand(command, { request, reply, caller, parts, jobs }),
  )
}

interface Call {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  readonly parts: RunParts
  readonly jobs: Jobs
}

async function callCommand(
  command: Command,
  { request, reply, caller, parts, jobs }: Call,
): Promise<FastifyReply> {
  const body = request.body as CommandBody
  const line = partsOf(command, body)
  const { dryRun } = request.query as { readonly dryRun?: boolean }
  const { [INPUT]: input } = body as { readonly [INPUT]?: string }
  const asked = (trial?: Trial) => async (ways: JobWays) => {
    if (command.stream !== true)
      return wholeAnswer({ command: line, input, trial, ...ways }, caller, parts)
    return piecesOf({ command: line, input, trial, ...ways }, caller, parts)
  }
  const task = (ways: JobWays) => {
    if (dryRun !== true) return asked()(ways)
    return tryOut((trial) => asked(trial)(ways), caller, parts)
  }
  return answerLongWork(jobs, { line, request, reply, caller, task })
}

type AskedOnce = Parameters<typeof run>[0]

async function wholeAnswer(asked: AskedOnce, caller: Caller, parts: RunParts): Promise<string> {
  return requireDone(await run(asked, caller, parts))
}

/** All pieces as a list. @throws Refusal with those that came before it failed */
async function piecesOf(asked: AskedOnce, caller: Caller, parts: RunParts): Promise<string> {
  const pieces: string[] = []
  let bytes = 0
  const piece = (value: unknown) => {
    const text = JSON.stringify(value)
    bytes += text.length
    if (bytes > LIMITS.webPiecesBytesMax)
      throw new BalancerError('TOO_LARGE', 'the answer has too many pieces; ask for less at once')
    pieces.push(text)
  }
  const ran = await run({ ...asked, piece }, caller, parts)
  const list = `[${pieces.join(',')}]`
  if (ran.error === undefined) return list
  throw new Refusal(problemOf(ran.error.code, ran.error.detail, { pieces: JSON.parse(list) }))
}

/** What is no command, or none that ends. */
function otherwise(): RouteOptions {
  const names = COMMANDS.map(nameOf)
  return {
    method: 'POST',
    url: '/api/v1/commands/:name',
    handler: async ({ params }) => {
      const { name } = params as { readonly name: string }
      const known = COMMANDS.find((command) => nameOf(command) === name)
      if (known !== undefined) throw new BalancerError('NOT_UNDERSTOOD', insteadOf(known))
      const near = didYouMean(name.slice(0, 100), names)
      throw new BalancerError(
        'NOT_FOUND',
        `no command ${JSON.stringify(name.slice(0, 100))}${near}`,
      )
    },
  }
}

function isCallable({ fullScreen, stream, mustEnd }: Command): boolean {
  return fullScreen !== true && (stream !== true || mustEnd === true)
}

function insteadOf({ words, fullScreen }: Command): string {
  const what = words.join(' ')
  if (fullScreen === true)
    return `${what} fills a terminal; read GET /api/v1/services and hosts instead`
  return `${what} never ends; follow GET /api/v1/events instead`
}

function listed(command: Command) {
  const { words, role, summary, edits = false, input, arguments: takes, flags } = command
  return {
    name: nameOf(command),
    words,
    role,
    summary,
    edits,
    callable: isCallable(command),
    usage: usageOf(command),
    input: input?.summary ?? null,
    arguments: Object.entries(takes).map(([name, { kind, summary: what, optional, many }]) => {
      const { accepts } = kind
      return {
        name,
        summary: what,
        accepts,
        optional: optional === true || many === true,
        many: many === true,
      }
    }),
    flags: Object.entries(flags).map(([name, { kind, summary: what }]) => {
      return { name, summary: what, accepts: kind?.accepts ?? null }
    }),
  }
}
