// What happens, as it happens, for many pages at once: server-sent events. Each thing is looked at and written out once,
// however many listen, and not at all while nobody does.
import { Buffer } from 'node:buffer'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BalancerError, factsOf } from '../../base/errors.ts'
import { every } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'
import type { Process } from '../../commands/context.ts'
import { rowOfChange } from '../../commands/verbs/tail.ts'
import type { Caller } from '../caller.ts'
import { run } from '../run.ts'
import { route } from './answers.ts'
import { Batches, type LineItem, type LineTopic } from './events-batch.ts'
import { configState } from './events-config.ts'
import { Figures, TrafficLooks } from './events-figures.ts'
import { type RecentChange, RecentChanges } from './events-recent.ts'
import { EVENTS_FACTS, type EventsQuery, wishesOf } from './events-query.ts'
import { EventStream, type StreamWishes } from './events-stream.ts'
import { eventText, HEART_BEAT } from './events-text.ts'

/** In all, and of one log-in or token; a test has fewer. */
export interface StreamLimits {
  readonly streams: number
  readonly perLogin: number
}

export interface EventsOptions {
  readonly process: Process
  readonly log: Log
  readonly limits?: StreamLimits
}

/** All who look at the page, but for what is said here. */
export interface Hearers {
  readonly operator?: string | undefined
  /** Number of a log-in that does not hear it. */
  readonly except?: number | undefined
}

/** What a caller has to be allowed to type for each. */
const LINES = {
  change: 'tail changes',
  log: 'tail log --lines 0',
  audit: 'tail audit --lines 0',
} as const satisfies Readonly<Record<LineTopic, string>>

/** Seconds after which one who was too many may come again. */
const RETRY_AFTER_S = 10

const HOUSE_LIMITS: StreamLimits = {
  streams: LIMITS.webStreamsMax,
  perLogin: LIMITS.webStreamsPerLoginMax,
}

export class Events {
  readonly #process: Process
  readonly #log: Log
  readonly #limits: StreamLimits
  readonly #streams = new Set<EventStream>()
  readonly #recent = new RecentChanges()
  readonly #batches = new Batches((batch) => {
    for (const stream of this.#streams) stream.takeLines(batch)
  })
  /** Feeds that somebody listens to. */
  readonly #followed = new Map<LineTopic, () => void>()
  readonly #unfollowChanges: () => void
  /** Aborted when nobody listens any more. */
  #ticking: AbortController | undefined
  #looks: TrafficLooks
  #config = ''
  #beatAt = -Infinity
  #stopped = false

  constructor({ process, log, limits = HOUSE_LIMITS }: EventsOptions) {
    this.#process = process
    this.#log = log
    this.#limits = limits
    this.#looks = new TrafficLooks(process)
    this.#unfollowChanges = process.follow('changes', (change) => {
      const recent = this.#recent.add(change)
      if (this.#wants('change')) this.#batches.add(itemOf(recent))
    })
  }

  addRoutes(app: FastifyInstance): void {
    app.route(
      route('GET', '/events', EVENTS_FACTS, async (request, reply, caller) => {
        const wishes = wishesOf(request.query as EventsQuery)
        await this.#permit(caller, wishes)
        this.#requireRoom(caller, reply)
        this.#open(caller, wishes, request, reply)
        return reply
      }),
    )
  }

  /** Show a line on the open pages of an operator, or of all. @returns how many see it */
  say(text: string, { operator, except }: Hearers): number {
    const hearers = [...this.#streams].filter(({ caller }) => {
      // A program has nobody who would read it.
      const isPage = caller.login !== 0 && caller.login !== except
      return isPage && (operator === undefined || operator === caller.operator)
    })
    const bytes = Buffer.from(eventText('say', { text }))
    for (const stream of hearers) stream.give(bytes)
    return hearers.length
  }

  stop(): void {
    this.#stopped = true
    this.#batches.flush()
    this.#unfollowChanges()
    for (const stream of this.#streams) stream.end('the web page stops')
  }

  // The table of commands says who may; and has it in the audit log where that asks for more than a look.
  async #permit(caller: Caller, { lines }: StreamWishes): Promise<void> {
    const parts = { process: this.#process, log: this.#log }
    for (const topic of lines) {
      const asked = { command: LINES[topic], signal: AbortSignal.abort() }
      const { error } = await run(asked, caller, parts)
      if (error !== undefined) throw new BalancerError(error.code, error.detail)
    }
  }

  /** @throws BalancerError TOO_MANY */
  #requireRoom({ login, origin }: Caller, reply: FastifyReply): void {
    const { streams, perLogin } = this.#limits
    const own = [...this.#streams].filter(({ caller }) => {
      return caller.login === login && caller.origin === origin
    })
    const isFull = this.#stopped || this.#streams.size >= streams
    if (!isFull && own.length < perLogin) return
    reply.header('retry-after', RETRY_AFTER_S)
    const whose = isFull ? `${streams} in all` : `${perLogin} of one log-in`
    throw new BalancerError('TOO_MANY', `streams of events: there may be ${whose}; close one`)
  }

  #open(caller: Caller, wishes: StreamWishes, request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack()
    const { raw } = reply
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value)
    }
    const stream = new EventStream(raw, caller, wishes)
    const lastId = request.headers['last-event-id']
    this.#greet(stream, typeof lastId === 'string' ? lastId : undefined)
    this.#streams.add(stream)
    const onEnded = () => stream.end('your log-in ended')
    caller.ended.addEventListener('abort', onEnded)
    raw.once('close', () => {
      caller.ended.removeEventListener('abort', onEnded)
      this.#remove(stream)
    })
    if (caller.ended.aborted) onEnded()
    this.#followWanted()
    if (this.#ticking === undefined) this.#tick()
  }

  #greet(stream: EventStream, lastId: string | undefined): void {
    const { version } = this.#process
    const { operator, role } = stream.caller
    // What waits for all others came before this one.
    this.#batches.flush()
    const missed = lastId === undefined ? [] : this.#recent.since(lastId)
    stream.tell('hello', { time: new Date().toISOString(), operator, role, version })
    if (missed === undefined) stream.tell('reset', {})
    else if (stream.lines.includes('change')) stream.takeMissed(missed.map(itemOf))
    stream.tell('config', configState(this.#process), this.#recent.id)
  }

  #wants(topic: LineTopic): boolean {
    return [...this.#streams].some(({ lines }) => lines.includes(topic))
  }

  /** Logs are followed while somebody wants them. */
  #followWanted(): void {
    for (const topic of ['log', 'audit'] as const) {
      const isWanted = this.#wants(topic)
      const unfollow = this.#followed.get(topic)
      if (isWanted === (unfollow !== undefined)) continue
      unfollow?.()
      this.#followed.delete(topic)
      if (isWanted) this.#followed.set(topic, this.#follow(topic))
    }
  }

  #follow(topic: 'log' | 'audit'): () => void {
    if (topic === 'log')
      return this.#process.follow('log', (row) => this.#batches.add({ topic, row }))
    return this.#process.follow('audit', (line) => this.#batches.add({ topic, row: { line } }))
  }

  #remove(stream: EventStream): void {
    this.#streams.delete(stream)
    this.#followWanted()
    if (this.#streams.size > 0) return
    this.#ticking?.abort()
    this.#ticking = undefined
  }

  #tick(): void {
    const { signal } = (this.#ticking = new AbortController())
    // Rates of a time in which nobody looked are no news.
    this.#looks = new TrafficLooks(this.#process)
    this.#config = JSON.stringify(configState(this.#process))
    const onError = (error: unknown) =>
      this.#log.error('unexpected', { what: 'web events', ...factsOf(error) })
    void every(async () => this.#look(performance.now()), {
      intervalMs: () => LIMITS.webFiguresMs,
      signal,
      onError,
    })
  }

  #look(nowMs: number): void {
    for (const stream of this.#streams) if (stream.isStuck(nowMs)) this.#destroy(stream)
    this.#tellFigures(nowMs)
    this.#tellConfig()
    if (nowMs - this.#beatAt < LIMITS.webHeartBeatMs) return
    this.#beatAt = nowMs
    this.#giveAll(HEART_BEAT)
  }

  #destroy(stream: EventStream): void {
    const { operator, address } = stream.caller
    this.#log.warn('web events ended', { operator, address, reason: 'the page takes none' })
    stream.destroy()
  }

  /** The same bytes for all who want the same. */
  #tellFigures(nowMs: number): void {
    const wishes = [...this.#streams].map(({ wishes: wanted }) => wanted)
    const services = new Set(wishes.flatMap(({ hostsOf }) => hostsOf ?? []))
    if (services.size === 0 && !wishes.some(({ traffic }) => traffic)) return
    this.#looks.look(nowMs, services)
    const figures = new Figures(this.#looks)
    for (const stream of this.#streams) {
      const bytes = figures.bytesFor(stream.wishes)
      if (bytes.length > 0) stream.giveFigures(bytes)
    }
  }

  #tellConfig(): void {
    const state = configState(this.#process)
    const text = JSON.stringify(state)
    if (text === this.#config) return
    this.#config = text
    this.#giveAll(eventText('config', state))
  }

  #giveAll(text: string): void {
    const bytes = Buffer.from(text)
    for (const stream of this.#streams) stream.give(bytes)
  }
}

function itemOf({ id, change }: RecentChange): LineItem {
  return { topic: 'change', row: rowOfChange(change), id }
}
