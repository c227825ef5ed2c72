// Between an ssh channel and readline: hands over one line at a time and holds the rest while a line runs,
// so that pasted lines run in order. Meanwhile it watches for Ctrl-C. Never keeps more than its limit.
import { EventEmitter } from 'node:events'
import { LIMITS } from '../../base/limits.ts'
import type { OperatorChannel } from '../channel.ts'

export interface InputHandlers {
  /** Ctrl-C while a line runs. */
  readonly interrupt: () => void
  /** A line grew beyond what a line may have. */
  readonly tooLong: () => void
}

const CTRL_C = 3
const CTRL_D = 4
const LINE_FEED = 10
const RETURN = 13
/** Pasted lines run for this long before others get a turn of the event loop. */
const TURN_MS = 10

/** An emitter of `data` and `end` with `pause` and `resume`: what readline asks of its input. */
export class PromptInput extends EventEmitter {
  readonly #channel: OperatorChannel
  readonly #handlers: InputHandlers
  #held: Buffer = Buffer.alloc(0)
  #lineBytes = 0
  #running = false
  #paused = false
  #pumping = false
  #clientEnded = false
  #sink: ((bytes: Buffer) => void) | undefined

  constructor(channel: OperatorChannel, handlers: InputHandlers) {
    super()
    this.#channel = channel
    this.#handlers = handlers
  }

  /** Bytes of the client. */
  feed(bytes: Buffer): void {
    if (this.#sink !== undefined) return this.#sink(bytes)
    this.#held = Buffer.concat([this.#held, bytes])
    if (this.#running) this.findInterrupt()
    if (this.#held.length > this.#channel.limits.inputBytesMax) this.#channel.pauseInput()
    return this.#pump()
  }

  /** Give all bytes to `sink`, those that wait already first; without one the lines go on. */
  redirect(sink: ((bytes: Buffer) => void) | undefined): void {
    this.#sink = sink
    const typedAhead = this.#held
    if (sink === undefined || typedAhead.length === 0) return
    this.#held = Buffer.alloc(0)
    this.#channel.resumeInput()
    sink(typedAhead)
  }

  /** Is somebody at the keys? Not while pasted lines wait, and not behind the end of a piped script. */
  get idle(): boolean {
    return this.#held.length === 0 && !this.#clientEnded
  }

  /** The client sends no more. What is held still runs. */
  finish(): void {
    this.#clientEnded = true
    this.#sink?.(Buffer.of(CTRL_D))
    this.#pump()
  }

  /** A line runs from now on. */
  hold(): void {
    this.#running = true
  }

  /** Look for a Ctrl-C among the bytes that wait. */
  findInterrupt(): void {
    const at = this.#held.lastIndexOf(CTRL_C)
    if (at < 0) return
    // As a terminal does: what was typed ahead is forgotten with the line that is interrupted.
    this.#held = this.#held.subarray(at + 1)
    this.#handlers.interrupt()
  }

  /** The line is done; the next one may come. */
  release(): void {
    this.#running = false
    this.#pump()
  }

  pause(): this {
    this.#paused = true
    return this
  }

  resume(): this {
    this.#paused = false
    this.#pump()
    return this
  }

  #pump(): void {
    // Handing over a line may run it, end it and come back here.
    if (this.#pumping) return
    this.#pumping = true
    const until = performance.now() + TURN_MS
    while (this.#flows && this.#held.length > 0) {
      if (performance.now() > until) {
        setImmediate(() => this.#pump())
        break
      }
      this.#handOver(this.#takeLine())
    }
    this.#pumping = false
    if (this.#held.length === 0) this.#channel.resumeInput()
    if (this.#held.length === 0 && this.#flows && this.#clientEnded) this.#end()
  }

  get #flows(): boolean {
    return !this.#running && !this.#paused
  }

  #takeLine(): Buffer {
    const at = this.#held.findIndex((byte) => byte === LINE_FEED || byte === RETURN)
    const pair = this.#held[at] === RETURN && this.#held[at + 1] === LINE_FEED
    const end = at < 0 ? this.#held.length : at + (pair ? 2 : 1)
    const line = this.#held.subarray(0, end)
    this.#held = this.#held.subarray(end)
    this.#lineBytes = at < 0 ? this.#lineBytes + line.length : 0
    return line
  }

  #handOver(bytes: Buffer): void {
    if (this.#lineBytes > LIMITS.commandBytesMax) {
      this.#held = Buffer.alloc(0)
      this.#handlers.tooLong()
      return
    }
    this.emit('data', bytes)
  }

  #end(): void {
    this.#clientEnded = false
    this.emit('end')
  }
}
