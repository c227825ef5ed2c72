// Events behind a door that lets everybody in who says who he is: for what a stream does once its caller is known.
import fastify, { type FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Feeds } from '../../src/commands/context.ts'
import type { OperatorRole } from '../../src/model/fields.ts'
import { Events, type StreamLimits } from '../../src/web/api/events.ts'
import { addSchemas } from '../../src/web/api/schemas.ts'
import type { Caller } from '../../src/web/caller.ts'
import { problemFrom, sendProblem } from '../../src/web/problem.ts'
import { EventReader } from './event-reader.ts'
import { checkBySchemas } from '../../src/web/schema-check.ts'
import { MemoryLog } from './ssh-balancer.ts'
import { createStubProcess, type StubProcess } from './stub-process.ts'
import { WebClient, type WebReply } from './web-client.ts'

export interface Who {
  readonly operator?: string
  readonly role?: OperatorRole
  /** 0 for a program. */
  readonly login?: number
}

type Listener = (item: unknown) => void

export class EventScene {
  readonly process: StubProcess
  readonly events: Events
  readonly log: MemoryLog
  /** Ends the log-in with that number. */
  readonly logins = new Map<number, AbortController>()
  readonly #app: FastifyInstance
  readonly #followers = new Map<keyof Feeds, Set<Listener>>()

  private constructor(process: StubProcess, limits: StreamLimits | undefined) {
    this.process = process
    Object.assign(process, {
      follow: (feed: keyof Feeds, listener: Listener) => this.#follow(feed, listener),
    })
    this.log = new MemoryLog()
    this.events = new Events({
      process,
      log: this.log,
      ...(limits === undefined ? {} : { limits }),
    })
    this.#app = fastify({ forceCloseConnections: true })
    this.#app.decorateRequest('caller', undefined)
    this.#app.setErrorHandler((error, _, reply) => sendProblem(reply, problemFrom(error)))
    this.#app.addHook('onRequest', async (request) => {
      request.caller = this.#callerOf(JSON.parse(String(request.headers['x-who'] ?? '{}')))
    })
    checkBySchemas(this.#app)
    addSchemas(this.#app)
    this.events.addRoutes(this.#app)
  }

  static async start(limits?: StreamLimits): Promise<EventScene> {
    const scene = new EventScene(await createStubProcess(), limits)
    await scene.#app.listen({ host: '127.0.0.1', port: 0 })
    return scene
  }

  get balancer(): StubProcess['balancer'] {
    return this.process.balancer
  }

  /** How many follow that feed. */
  followers(feed: keyof Feeds): number {
    return this.#followers.get(feed)?.size ?? 0
  }

  tell<Name extends keyof Feeds>(feed: Name, item: Feeds[Name]): void {
    for (const listener of this.#followers.get(feed) ?? []) listener(item)
  }

  /** A stream that was let in. */
  async open(
    query = '',
    who: Who = {},
    headers: Record<string, string> = {},
  ): Promise<EventReader> {
    const reply = await this.#client(who).open('GET', `/api/v1/events${query}`, { headers })
    if (reply.statusCode !== 200) throw new Error(`events answered ${reply.statusCode}`)
    const reader = new EventReader(reply)
    await reader.next('config')
    return reader
  }

  ask(query: string, who: Who = {}): Promise<WebReply> {
    return this.#client(who).get(`/api/v1/events${query}`)
  }

  async stop(): Promise<void> {
    this.events.stop()
    await this.#app.close()
  }

  #client(who: Who): WebClient {
    const { port } = this.#app.server.address() as AddressInfo
    return new WebClient(`http://127.0.0.1:${port}`, { 'x-who': JSON.stringify(who) })
  }

  #callerOf({ operator = 'alice', role = 'full', login = 1 }: Who): Caller {
    const ending = this.logins.get(login) ?? new AbortController()
    this.logins.set(login, ending)
    const origin = login === 0 ? `api:${operator}` : `web:${operator}`
    return { operator, role, login, address: '127.0.0.1', origin, ended: ending.signal }
  }

  #follow(feed: keyof Feeds, listener: Listener): () => void {
    const told = this.#followers.get(feed) ?? new Set()
    this.#followers.set(feed, told.add(listener))
    const stops = [() => told.delete(listener)]
    if (feed === 'changes') stops.push(this.process.balancer.follow(listener) as () => boolean)
    if (feed === 'audit') stops.push(this.process.audit.follow(listener) as () => boolean)
    return () => {
      for (const stop of stops) stop()
    }
  }
}
