// One client of the churn: it says a pattern, and looks at every byte that it hears.
import type { Socket } from 'node:net'
import type { TestClient } from '../../helpers/clients.ts'
import type { Pattern } from '../../helpers/pattern.ts'
import { type Wish, requestBytes } from './churn-request.ts'

export class ChurnClient {
  readonly socket: Socket
  /** What became of the transfer that it wanted to hear all of; nothing where it was not even begun. */
  outcome: 'whole' | 'cut' | undefined
  /** It heard a byte that nobody sent. */
  fault: string | undefined
  /** The host's end came too early, and looked like the right one. */
  early: string | undefined
  heard = 0
  said = 0
  /** Goes on when the host has ended. */
  staysOn = false
  readonly #pattern: Pattern
  readonly #client: TestClient
  /** The other side has ended, or the connection is gone. */
  readonly #over: Promise<void>
  #ended = false
  #surely = false
  #onEchoed: (() => void) | undefined

  constructor(client: TestClient, pattern: Pattern) {
    this.#client = client
    this.#pattern = pattern
    this.socket = client.socket
    this.socket.on('data', (bytes: Buffer) => this.#hear(bytes))
    this.#over = new Promise((resolve) => {
      this.socket.once('close', resolve)
      this.socket.once('end', () => {
        this.#ended = true
        // Node takes a reset behind the last bytes for an end (libuv does, at POLLHUP). Then there is no peer any more, nor
        // is there one where both sides have ended.
        this.#surely = this.socket.remotePort !== undefined
        if (!this.staysOn) this.socket.end()
        resolve()
      })
    })
  }

  ask(wish: Wish, bytes = 0): void {
    this.socket.write(requestBytes({ wish, bytes }))
  }

  /** Resolves when the system has taken them, or the connection is gone. */
  async say(bytes: number): Promise<void> {
    const from = this.said
    this.said += bytes
    await this.#pattern.send(this.socket, from, this.said)
  }

  /** Say so many, and wait until all that was said has come back. */
  async exchange(bytes: number): Promise<void> {
    const echoed = new Promise<void>((resolve) => {
      this.#onEchoed = resolve
    })
    await this.say(bytes)
    if (this.heard < this.said) await Promise.race([echoed, this.#over])
  }

  /** Wait for the end of so many. */
  async hearsAll(bytes: number): Promise<void> {
    await this.#over
    const whole = this.#ended && this.heard === bytes
    if (this.#ended && this.heard === 0 && !whole) return
    this.outcome = whole ? 'whole' : 'cut'
    if (!whole && this.#surely) this.early = `ended after ${this.heard} of ${bytes} bytes`
  }

  /** Rest after every piece. */
  readSlowly(restMs: () => number): void {
    this.socket.on('data', () => {
      this.socket.pause()
      setTimeout(() => this.socket.resume(), restMs())
    })
  }

  /** The other side has ended, or the connection is gone. */
  over(): Promise<void> {
    return this.#over
  }

  closed(): Promise<void> {
    return this.#client.closed()
  }

  #hear(bytes: Buffer): void {
    if (!this.#pattern.has(this.heard, bytes)) this.fault ??= `wrong bytes from ${this.heard} on`
    this.heard += bytes.length
    if (this.heard >= this.said) this.#onEchoed?.()
  }
}
