// Changes and lines of logs on their way to many pages. What comes in one turn of the loop goes out at once; what comes
// faster is gathered for a moment. Each thing is written out once, and the same bytes go to all who want the same.
import { Buffer } from 'node:buffer'
import { LIMITS } from '../../base/limits.ts'
import { eventText } from './events-text.ts'

export const LINE_TOPICS = ['change', 'log', 'audit'] as const
export type LineTopic = (typeof LINE_TOPICS)[number]

/** How many of each were dropped. */
export type Losses = Record<LineTopic, number>

export interface LineItem {
  readonly topic: LineTopic
  /** As `tail` has it, without what was lost before it. */
  readonly row: object
  /** Of a change. */
  readonly id?: string
}

/** Who is told; the same ones each time, or others. */
export interface LineReader {
  readonly lines: readonly LineTopic[]
  takeLines(batch: Batch): void
}

interface Written extends LineItem {
  readonly text: string
}

export function noLosses(): Losses {
  return { change: 0, log: 0, audit: 0 }
}

/** What goes out at once. */
export class Batch {
  /** Dropped because there was too much for one batch. */
  readonly dropped: Losses = noLosses()
  readonly #items: Written[] = []
  readonly #bytes = new Map<string, Buffer>()
  #length = 0

  add(item: LineItem): void {
    const text = textOf(item, 0)
    this.#items.push({ ...item, text })
    this.#length += text.length
    while (this.#length > LIMITS.webStreamBytesMax || this.#items.length > LIMITS.tailItemsMax) {
      const oldest = this.#items.shift()
      if (oldest === undefined) return
      this.#length -= oldest.text.length
      this.dropped[oldest.topic] += 1
    }
  }

  /** How many there are of each, the dropped ones included. */
  counts(): Losses {
    const counts = { ...this.dropped }
    for (const { topic } of this.#items) counts[topic] += 1
    return counts
  }

  /** All of these topics; made once for all who want the same. */
  bytesOf(topics: readonly LineTopic[]): Buffer {
    const key = topics.join()
    const known = this.#bytes.get(key)
    if (known !== undefined) return known
    const bytes = Buffer.from(
      this.#of(topics)
        .map(({ text }) => text)
        .join(''),
    )
    this.#bytes.set(key, bytes)
    return bytes
  }

  /** The same for one who has missed some: the next of each topic says how many. */
  bytesAfter(lost: Losses, topics: readonly LineTopic[]): Buffer {
    const left = { ...lost }
    const texts = this.#of(topics).map((item) => {
      const missed = left[item.topic]
      left[item.topic] = 0
      return missed === 0 ? item.text : textOf(item, missed)
    })
    Object.assign(lost, left)
    return Buffer.from(texts.join(''))
  }

  #of(topics: readonly LineTopic[]): readonly Written[] {
    return this.#items.filter(({ topic }) => topics.includes(topic))
  }
}

/** Hands out batches: the first at the end of the turn, the next ones after a pause. */
export class Batches {
  readonly #give: (batch: Batch) => void
  #batch: Batch | undefined
  #timer: NodeJS.Timeout | undefined
  #lastAt = -Infinity

  constructor(give: (batch: Batch) => void) {
    this.#give = give
  }

  add(item: LineItem): void {
    this.#batch ??= new Batch()
    this.#batch.add(item)
    if (this.#timer !== undefined) return
    const pauseMs = Math.max(0, this.#lastAt + LIMITS.webBatchMs - performance.now())
    this.#timer = setTimeout(() => this.flush(), pauseMs)
  }

  /** What waits goes now. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lastAt = performance.now()
    const batch = this.#batch
    this.#batch = undefined
    if (batch !== undefined) this.#give(batch)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#batch = undefined
  }
}

/** @param lost of the same topic, right before it */
export function textOf({ topic, row, id }: LineItem, lost: number): string {
  return eventText(topic, { ...row, lost }, id)
}
