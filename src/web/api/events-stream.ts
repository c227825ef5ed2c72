// One page that listens. It is given whole events and never waited for: what a slow one cannot take is left out, and one
// that takes nothing at all is ended. Little is held for it.
import type { Buffer } from 'node:buffer'
import type { ServerResponse } from 'node:http'
import { LIMITS } from '../../base/limits.ts'
import type { Caller } from '../caller.ts'
import {
  type Batch,
  type LineItem,
  textOf,
  type LineReader,
  type LineTopic,
  type Losses,
  noLosses,
} from './events-batch.ts'
import { eventText, GREETING } from './events-text.ts'

export interface StreamWishes {
  readonly lines: readonly LineTopic[]
  readonly traffic: boolean
  /** The service whose hosts are wanted; undefined where none are. */
  readonly hostsOf: string | undefined
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // A proxy that gathers what it passes on would make events late.
  'x-accel-buffering': 'no',
  connection: 'close',
} as const

export class EventStream implements LineReader {
  readonly caller: Caller
  readonly wishes: StreamWishes
  readonly #raw: ServerResponse
  readonly #lost: Losses = noLosses()
  #given = 0
  #taken = 0
  #stuckSince = performance.now()
  #ended = false

  /** @param raw whose head is not sent yet; it has the headers that every answer has */
  constructor(raw: ServerResponse, caller: Caller, wishes: StreamWishes) {
    this.caller = caller
    this.wishes = wishes
    this.#raw = raw
    // Without a length of each piece, the same bytes go to everybody as they are.
    raw.removeHeader('transfer-encoding')
    raw.writeHead(200, HEADERS)
    this.#write(GREETING)
  }

  get lines(): readonly LineTopic[] {
    return this.wishes.lines
  }

  /** Something for this one alone, or that all must have. */
  tell(event: string, value: unknown, id?: string): void {
    this.#write(eventText(event, value, id))
  }

  /** The same for bytes that many are told. */
  give(bytes: Buffer | string): void {
    this.#write(bytes)
  }

  /** Whoever is behind does without: the next ones say all of it anew. */
  giveFigures(bytes: Buffer): void {
    if (this.#raw.writableLength <= LIMITS.webStreamFiguresBytesMax) this.#write(bytes)
  }

  /** What happened while it was away, once. */
  takeMissed(items: readonly LineItem[]): void {
    if (items.length > 0) this.#write(items.map((item) => textOf(item, 0)).join(''))
  }

  takeLines(batch: Batch): void {
    if (this.#raw.writableLength > LIMITS.webStreamBytesMax) {
      this.#lose(batch.counts())
      return
    }
    this.#lose(batch.dropped)
    const hasLost = this.lines.some((topic) => this.#lost[topic] > 0)
    const bytes = hasLost ? batch.bytesAfter(this.#lost, this.lines) : batch.bytesOf(this.lines)
    if (bytes.length > 0) this.#write(bytes)
  }

  /** Does it take nothing, for too long? @param nowMs of a clock that never goes back */
  isStuck(nowMs: number): boolean {
    const waiting = this.#raw.writableLength
    const taken = this.#given - waiting
    if (waiting === 0 || taken !== this.#taken) this.#stuckSince = nowMs
    this.#taken = taken
    return nowMs - this.#stuckSince > LIMITS.webStreamStuckMs
  }

  end(reason: string): void {
    if (this.#ended) return
    this.tell('bye', { reason })
    this.#ended = true
    this.#raw.end()
  }

  /** Without a word, which would wait behind all the others. */
  destroy(): void {
    this.#ended = true
    this.#raw.destroy()
  }

  #lose(counts: Losses): void {
    for (const topic of this.lines) this.#lost[topic] += counts[topic]
  }

  #write(bytes: Buffer | string): void {
    if (this.#ended || this.#raw.destroyed) return
    this.#given += bytes.length
    this.#raw.write(bytes)
  }
}
