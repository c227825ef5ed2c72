// The routes of services, listeners, groups and hosts: read as the `show` commands give them, edited by the lines that
// would be typed. Whoever says which version was seen does not overwrite what somebody else did since.
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { BalancerError } from '../../base/errors.ts'
import type { Trial } from '../../commands/context.ts'
import { type LineParts, writeLine } from '../../commands/line/write-line.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Caller } from '../caller.ts'
import { codeOf, problemOf, refusedValues, sendProblem } from '../problem.ts'
import { run, type RunParts } from '../run.ts'
import {
  pathParams,
  requireDone,
  route,
  type RouteFacts,
  sendJson,
  sendNothing,
  withMember,
} from './answers.ts'
import { Conditions, etagOf } from './etag.ts'
import { edit, tryOut } from './lines.ts'
import {
  type Body,
  faultsOf,
  itemUrl,
  type Names,
  OBJECT_KINDS,
  type ObjectKind,
  standardsOf,
} from './objects.ts'
import { listSchema, ref } from './schema.ts'
import { SharedReads } from './shared-reads.ts'
import { DRY_RUN, FORCE, IF_MATCH, IF_NONE_MATCH, NOTHING, SCOPE } from './terms.ts'
import { flagsOf, setLines } from './values.ts'

export function objectRoutes(parts: RunParts): readonly RouteOptions[] {
  return OBJECT_KINDS.flatMap((kind) => {
    const routes = new ObjectRoutes(kind, parts)
    return [...routes.lists(), routes.get(), routes.put(), routes.patch(), routes.remove()]
  })
}

/** The routes of one kind of object. */
class ObjectRoutes {
  readonly #kind: ObjectKind
  readonly #parts: RunParts
  readonly #shared: SharedReads
  readonly #url: string
  /** `Service`, as the operations of the document end. */
  readonly #name: string

  constructor(kind: ObjectKind, parts: RunParts) {
    this.#kind = kind
    this.#parts = parts
    this.#shared = new SharedReads(parts.process.balancer)
    this.#url = itemUrl(kind)
    this.#name = kind.schema
  }

  /** All of them, wherever they are; and those of one place. */
  lists(): readonly RouteOptions[] {
    const { kind, list, inside, show } = this.#kind
    const answers = { 200: listSchema(ref(this.#name)) }
    const everywhere = route(
      'GET',
      `/${kind}s`,
      {
        tag: 'objects',
        operationId: `list${this.#name}s`,
        summary: `all ${kind}s, or those of one place`,
        query: { scope: SCOPE },
        answers,
        problems: [404],
      },
      async ({ query }, reply, caller) => {
        const { scope } = query as { readonly scope?: string }
        return sendJson(reply, await this.#show(show, scope, caller))
      },
    )
    if (Object.keys(inside).length === 0) return [everywhere]
    const below = route(
      'GET',
      list,
      {
        tag: 'objects',
        operationId: `list${this.#name}sOf${kind === 'host' ? 'Group' : 'Service'}`,
        summary: `the ${kind}s of one ${kind === 'host' ? 'group' : 'service'}`,
        params: pathParams(inside),
        answers,
        problems: [404],
      },
      async ({ params }, reply, caller) => {
        const path = this.#pathOf(params as Names, 'NOT_FOUND')
        return sendJson(reply, await this.#show(show, path, caller))
      },
    )
    return [everywhere, below]
  }

  get(): RouteOptions {
    const facts = this.#facts('get', `one ${this.#kind.kind}`, { 200: ref(this.#name) })
    return route('GET', this.#url, facts, async ({ params }, reply, caller) => {
      const names = params as Names
      this.#pathOf(names, 'NOT_FOUND')
      const { balancer } = this.#parts.process
      // Before it is read: an answer that is newer than its ETag refuses too much, never too little.
      const etag = etagOf(this.#kind.stateIn(balancer, names))
      reply.header('etag', etag)
      return sendJson(reply, await this.#row(names, caller, false))
    })
  }

  put(): RouteOptions {
    const { kind, bodies } = this.#kind
    const what = `add a ${kind}, or replace all of its fields; what is left out gets its default`
    const facts = {
      ...this.#facts('put', what, { 200: ref(this.#name), 201: ref(this.#name) }),
      query: { dryRun: DRY_RUN },
      headers: { 'if-match': IF_MATCH, 'if-none-match': IF_NONE_MATCH },
      body: bodies.put,
      problems: [404, 409, 412, 503],
    }
    return route('PUT', this.#url, facts, (request, reply, caller) => {
      const names = request.params as Names
      const body = request.body as Body
      const path = this.#pathOf(names, 'NAME_BAD')
      const isNew = this.#etagIn(this.#editedBy(caller), names) === undefined
      const lines = isNew
        ? [this.#kind.addLine(names, flagsOf(this.#kind.table, body), body)]
        : setLines(kind, this.#kind.settable, path, { ...standardsOf(this.#kind), ...body })
      const more = this.#kind.moreLines?.(path, body, isNew) ?? []
      return this.#write([...lines, ...more], { request, reply, caller, isNew })
    })
  }

  patch(): RouteOptions {
    const { kind, bodies, settable } = this.#kind
    const facts = {
      ...this.#facts('patch', `change some fields of a ${kind}`, { 200: ref(this.#name) }),
      query: { dryRun: DRY_RUN },
      headers: { 'if-match': IF_MATCH },
      body: bodies.patch,
      problems: [404, 409, 412, 503],
    }
    return route('PATCH', this.#url, facts, (request, reply, caller) => {
      const body = request.body as Body
      const path = this.#pathOf(request.params as Names, 'NOT_FOUND')
      const more = this.#kind.moreLines?.(path, body, false) ?? []
      const lines = [...setLines(kind, settable, path, body), ...more]
      return this.#write(lines, { request, reply, caller, isNew: false })
    })
  }

  remove(): RouteOptions {
    const { kind, force, remove } = this.#kind
    const what = `remove a ${kind}; open sessions finish. Nothing is there afterwards, also where nothing was`
    const facts = {
      ...this.#facts('delete', what, { 204: NOTHING }),
      query: { dryRun: DRY_RUN, ...(force ? { force: FORCE } : {}) },
      headers: { 'if-match': IF_MATCH },
      problems: [404, 409, 412, 503],
    }
    return route('DELETE', this.#url, facts, async (request, reply, caller) => {
      const names = request.params as Names
      const path = this.#pathOf(names, 'NOT_FOUND')
      const { force: forced } = request.query as { readonly force?: boolean }
      const line: LineParts = {
        verb: remove,
        words: [path],
        flags: forced === true ? { force: true } : {},
      }
      const asked = { request, reply, caller, isNew: false }
      return this.#edited([line], asked, async () => sendNothing(reply))
    })
  }

  #facts(verb: string, summary: string, answers: RouteFacts['answers']): RouteFacts {
    return {
      tag: 'objects',
      operationId: `${verb}${this.#name}`,
      summary,
      params: pathParams(this.#kind.names),
      answers,
      problems: [404],
    }
  }

  async #write(lines: readonly LineParts[], asked: Written): Promise<FastifyReply> {
    const { request, reply, caller, isNew } = asked
    const [names, body] = [request.params as Names, request.body as Body]
    const faults = faultsOf(this.#kind, this.#editedBy(caller), names, body)
    if (faults.length > 0) return sendProblem(reply, refusedValues(faults))
    return this.#edited(lines, asked, async () => {
      if (isNew) reply.header('location', request.url.replace(/\?.*/, ''))
      reply.header('etag', this.#etagIn(this.#editedBy(caller), names) ?? '')
      return sendJson(reply, await this.#row(names, caller, true), isNew ? 201 : 200)
    })
  }

  /** Do it, or try it; who has seen another version is told what is there now. */
  async #edited(
    lines: readonly LineParts[],
    { request, reply, caller }: Written,
    answer: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    const names = request.params as Names
    const conditions = new Conditions(request.headers)
    const { dryRun } = request.query as { readonly dryRun?: boolean }
    const before = () => {
      const etag = this.#etagIn(this.#editedBy(caller), names)
      conditions.require(this.#kind.pathOf(names), etag)
    }
    const act = async (trial?: Trial) => {
      try {
        return await edit(lines, { before, trial }, caller, this.#parts)
      } catch (error) {
        if (request.method !== 'DELETE' || codeOf(error) !== 'NOT_FOUND') throw error
        before()
        return 'null'
      }
    }
    try {
      if (dryRun === true) return sendJson(reply, await tryOut(act, caller, this.#parts))
      await act()
    } catch (error) {
      if (codeOf(error) !== 'CHANGED_MEANWHILE') throw error
      return this.#sendCurrent(error as BalancerError, names, reply, caller)
    }
    return answer()
  }

  async #sendCurrent(
    { code, detail }: BalancerError,
    names: Names,
    reply: FastifyReply,
    caller: Caller,
  ): Promise<FastifyReply> {
    const etag = this.#etagIn(this.#editedBy(caller), names)
    if (etag === undefined) return sendProblem(reply, problemOf(code, detail, { current: null }))
    reply.header('etag', etag)
    const current: unknown = JSON.parse(await this.#row(names, caller, true))
    return sendProblem(reply, problemOf(code, detail, { current }))
  }

  /** @param edited that of the caller's candidate, where one is open */
  async #row(names: Names, caller: Caller, edited: boolean): Promise<string> {
    const { process } = this.#parts
    const candidate = edited ? process.candidates.of(caller.operator) : undefined
    const parts =
      candidate === undefined
        ? this.#parts
        : { ...this.#parts, process: process.actingOn(candidate) }
    const path = this.#kind.pathOf(names)
    const rows = requireDone(
      await run({ command: { verb: this.#kind.show, words: [path] } }, caller, parts),
    )
    const row = rows.slice(1, -1)
    return candidate === undefined ? row : withMember(row, 'candidate', 'true')
  }

  async #show(verb: string, scope: string | undefined, caller: Caller): Promise<string> {
    const command = { verb, words: scope === undefined ? [] : [scope] }
    return this.#shared.read(writeLine(command), async () => {
      return requireDone(await run({ command }, caller, this.#parts))
    })
  }

  /** What this caller's edits act on. */
  #editedBy({ operator }: Caller): Balancer {
    const { process } = this.#parts
    return process.candidates.of(operator)?.balancer ?? process.balancer
  }

  #etagIn(balancer: Balancer, names: Names): string | undefined {
    try {
      return etagOf(this.#kind.stateIn(balancer, names))
    } catch (error) {
      if (codeOf(error) === 'NOT_FOUND') return undefined
      throw error
    }
  }

  /** @param otherwise what it means where a name is none */
  #pathOf(names: Names, otherwise: 'NOT_FOUND' | 'NAME_BAD'): string {
    try {
      return this.#kind.pathOf(names)
    } catch (error) {
      if (!(error instanceof BalancerError)) throw error
      throw new BalancerError(otherwise, error.detail)
    }
  }
}

interface Written {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  readonly isNew: boolean
}
