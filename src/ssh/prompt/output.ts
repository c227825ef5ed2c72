// What a prompt writes to: looks like a terminal to readline, turns line ends into what a raw terminal needs,
// and keeps memory flat when the client reads slower than something at the prompt prints.
import { Writable } from 'node:stream'
import type { OperatorChannel } from '../channel.ts'
import { toTerminal } from '../operator-context.ts'

/** A stream by inheritance, because readline and Console take nothing else. */
export class PromptOutput extends Writable {
  readonly #channel: OperatorChannel
  #dropped = 0

  constructor(channel: OperatorChannel) {
    super({ decodeStrings: false })
    this.#channel = channel
    // Code that outlives its prompt may go on printing; nobody is there to be hurt by it.
    this.on('error', () => {})
  }

  get isTTY(): boolean {
    return this.#channel.terminal !== undefined
  }

  get columns(): number {
    return this.#channel.terminal?.columns ?? 80
  }

  get rows(): number {
    return this.#channel.terminal?.rows ?? 24
  }

  get colors(): boolean {
    return this.#channel.colors
  }

  getColorDepth(): number {
    return this.colors ? 8 : 1
  }

  hasColors(): boolean {
    return this.colors
  }

  /** The client has another window now. */
  resized(): void {
    this.emit('resize')
  }

  /** Code may end its standard output; everybody else goes on printing to this one. */
  override end(): this {
    return this
  }

  override destroy(): this {
    return this
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#pass(typeof chunk === 'string' ? chunk : chunk.toString('utf8'))
    done()
  }

  #pass(text: string): void {
    const { outputBytesMax } = this.#channel.limits
    if (this.#channel.bytesWaiting > outputBytesMax) {
      this.#dropped += text.length
      return
    }
    if (this.#dropped > 0) {
      this.#send(`\n[${this.#dropped} characters dropped: the terminal did not keep up]\n`)
      this.#dropped = 0
    }
    // One text may itself be larger than everything that may wait.
    this.#send(text.slice(0, outputBytesMax))
    this.#dropped = Math.max(0, text.length - outputBytesMax)
  }

  #send(text: string): void {
    this.#channel.write(toTerminal(text, this.#channel))
  }
}
