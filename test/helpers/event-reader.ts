// Reads a stream of server-sent events as a page does, and lets a test wait for one.
import type { IncomingMessage } from 'node:http'
import { eventually } from './eventually.ts'

export interface SeenEvent {
  readonly event: string
  readonly id: string | undefined
  readonly data: Readonly<Record<string, unknown>>
}

export class EventReader {
  readonly reply: IncomingMessage
  readonly events: SeenEvent[] = []
  /** All that came, comments included. */
  text = ''
  ended = false
  #rest = ''

  constructor(reply: IncomingMessage) {
    this.reply = reply
    reply.setEncoding('utf8')
    reply.on('data', (text: string) => this.#take(text))
    const onEnd = () => {
      this.ended = true
    }
    reply.once('end', onEnd).once('error', onEnd).once('close', onEnd)
  }

  of(event: string): readonly SeenEvent[] {
    return this.events.filter((each) => each.event === event)
  }

  /** The first with that name that is as wanted. */
  next(event: string, wanted: (seen: SeenEvent) => boolean = () => true): Promise<SeenEvent> {
    return eventually(() => this.of(event).find(wanted), `event ${event}`)
  }

  close(): void {
    this.reply.destroy()
  }

  #take(text: string): void {
    this.text += text
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const seen = eventIn(block)
      if (seen !== undefined) this.events.push(seen)
    }
  }
}

/** Undefined for a comment. */
function eventIn(block: string): SeenEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(': ')[0], line.replace(/^\w+: /, '')]),
  )
  const [event, data] = [fields.get('event'), fields.get('data')]
  if (event === undefined || data === undefined) return undefined
  return { event, id: fields.get('id'), data: JSON.parse(data) }
}
