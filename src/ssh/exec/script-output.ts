// What the code of a piped script prints to: everything arrives, at the pace of the client, and
// the next statement waits for it. Within one statement nobody can wait, so what it may print is bounded.
import { Writable } from 'node:stream'
import { LIMITS } from '../../base/limits.ts'
import type { OperatorChannel } from '../channel.ts'

/** A stream by inheritance, because Console takes nothing else. */
export class ScriptOutput extends Writable {
  readonly #channel: OperatorChannel
  #overflown = false

  constructor(channel: OperatorChannel) {
    super({ decodeStrings: false })
    this.#channel = channel
    // Code that outlives its script may go on printing; nobody is there to be hurt by it.
    this.on('error', () => {})
  }

  /** Was something left out, because too much waited? */
  get overflown(): boolean {
    return this.#overflown
  }

  /** Resolves when everything printed so far is on its way, or the client left. */
  async drained(): Promise<void> {
    while (this.writableLength > 0 && !this.#channel.ended.aborted) {
      await new Promise<void>((resolve) => this.write('', () => resolve()))
    }
  }

  override write(chunk: unknown, ...rest: readonly unknown[]): boolean {
    if (this.writableLength <= LIMITS.scriptOutputBytesMax)
      return super.write(chunk, ...(rest as []))
    this.#overflown = true
    const callback = rest.at(-1)
    if (typeof callback === 'function') setImmediate(() => callback())
    return false
  }

  /** Code may end its standard output; everybody else goes on printing to this one. */
  override end(): this {
    return this
  }

  override destroy(): this {
    return this
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = typeof chunk === 'string' ? chunk : chunk.toString('utf8')
    // It never rejects: on a channel that ended, writing is over at once.
    void this.#pass(text, done)
  }

  async #pass(text: string, done: () => void): Promise<void> {
    await this.#channel.writeAll(text)
    done()
  }
}
