// The terminal of a channel as one command may fill it. Keys come here instead of going to the line editor
// while the command has taken them; at the end, whatever ends the command, the terminal is left as it was.
import { LIMITS } from '../../base/limits.ts'
import type { Key, Screen, ScreenHandlers } from '../../commands/screen/screen.ts'
import type { OperatorChannel } from '../channel.ts'
import { KeyDecoder } from './terminal-keys.ts'

/** Where the bytes of the client go. */
export interface KeySource {
  /** Give all bytes to `sink`, those that wait already first; without one to where they went before. */
  redirect(sink: ((bytes: Buffer) => void) | undefined): void
  /** Ctrl-C. */
  interrupt(): void
}

const ENTER = '\x1b[?1049h\x1b[2J\x1b[H\x1b[?25l'
/** Colours off, lines wrap, the cursor shows, the other screen is back. */
const LEAVE = '\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l'

export class TerminalScreen implements Screen {
  readonly #channel: OperatorChannel
  readonly #source: KeySource
  #handlers: ScreenHandlers | undefined
  #entered = false
  #closed = false

  /** Undefined where there is no terminal, or one that cannot move its cursor. */
  static of(channel: OperatorChannel, source: KeySource): TerminalScreen | undefined {
    const { terminal } = channel
    if (terminal === undefined || terminal.type === 'dumb') return undefined
    return new TerminalScreen(channel, source)
  }

  private constructor(channel: OperatorChannel, source: KeySource) {
    this.#channel = channel
    this.#source = source
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

  /** Does a command fill it now? */
  get taken(): boolean {
    return this.#entered && !this.#closed
  }

  get behind(): boolean {
    return this.#channel.bytesWaiting > LIMITS.screenBehindBytesMax
  }

  write(text: string): void {
    const { bytesWaiting, limits } = this.#channel
    if (this.#closed || bytesWaiting > limits.outputBytesMax) return
    this.#channel.write(text.slice(0, limits.outputBytesMax))
  }

  enter(): void {
    if (this.#closed || this.#entered) return
    this.#entered = true
    this.#channel.tidyWith(LEAVE)
    this.#channel.write(ENTER)
  }

  leave(): void {
    if (!this.#entered) return
    this.#entered = false
    this.#channel.tidyWith('')
    // Never left out, however much waits: a terminal without a cursor is a broken terminal.
    this.#channel.write(LEAVE)
  }

  take(handlers: ScreenHandlers): () => void {
    if (this.#closed) return () => {}
    this.#handlers = handlers
    const decoder = new KeyDecoder()
    this.#source.redirect((bytes) => decoder.decode(bytes, (key) => this.#press(key)))
    return () => this.#giveBack(handlers)
  }

  /** The client has another window. */
  resized(): void {
    this.#handlers?.resize()
  }

  /** The command ended. */
  close(): void {
    this.leave()
    this.#giveBack(this.#handlers)
    this.#closed = true
  }

  #press(key: Key): void {
    const taken = this.#handlers?.key(key) === true
    if (key.ctrl && key.name === 'c' && !taken) this.#source.interrupt()
  }

  #giveBack(handlers: ScreenHandlers | undefined): void {
    if (handlers === undefined || this.#handlers !== handlers) return
    this.#handlers = undefined
    this.#source.redirect(undefined)
  }
}
