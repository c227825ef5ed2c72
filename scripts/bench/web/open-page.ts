// An open page that shows a service, as far as its server notices: a stream of events, and once something was changed, what
// the page reads again.
import type { IncomingMessage } from 'node:http'
import { Client } from './client.ts'

const STREAM = '/api/v1/events?topics=change,traffic,hosts&service=web'
/** What the view of a service reads when something was changed, at most once in this time. */
const READ_AGAIN = ['/services', '/groups?scope=web', '/hosts?scope=web', '/listeners?scope=web']
const READ_PAUSE_MS = 1_000

/** As bare as a page can be that does what the page does. */
export class OpenPage {
  readonly #stream: IncomingMessage
  readonly #client: Client
  #readAt = Number.NEGATIVE_INFINITY
  #fault: unknown

  /** @param cookie of a log-in @throws where the stream is refused */
  static async open(url: string, cookie: string): Promise<OpenPage> {
    const client = new Client(url, { cookie })
    return new OpenPage(client, await client.stream(STREAM))
  }

  private constructor(client: Client, stream: IncomingMessage) {
    this.#client = client
    this.#stream = stream
    stream.on('data', (piece: Buffer) => {
      if (piece.includes('event: change\n')) this.#readAgain()
    })
    stream.once('end', () => (this.#fault ??= new Error('a stream was ended')))
  }

  close(): void {
    this.#stream.destroy()
    this.#client.close()
  }

  /** @throws what went wrong */
  expectOpen(): void {
    if (this.#fault !== undefined) throw this.#fault
  }

  #readAgain(): void {
    if (performance.now() < this.#readAt + READ_PAUSE_MS) return
    this.#readAt = performance.now()
    const all = READ_AGAIN.map((path) => this.#client.read(`/api/v1${path}`))
    // A page that was closed in between reads nothing.
    void Promise.all(all).catch((error: unknown) => (this.#fault ??= error))
  }
}
