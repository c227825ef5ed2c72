// The keyboard of `ssh -t host COMMAND`: a Ctrl-C ends the command, everything else waits, bounded, for a
// command that takes the keys, and is forgotten where none does.
import type { OperatorChannel } from '../channel.ts'
import { type KeySource, TerminalScreen } from '../prompt/terminal-screen.ts'

const CTRL_C = 3

export class ExecKeys implements KeySource {
  readonly screen: TerminalScreen | undefined
  readonly interrupt: () => void
  #held: Buffer = Buffer.alloc(0)
  #sink: ((bytes: Buffer) => void) | undefined

  constructor(channel: OperatorChannel, interrupt: () => void) {
    this.interrupt = interrupt
    this.screen = TerminalScreen.of(channel, this)
    channel.listen({
      data: (bytes) => this.#feed(bytes, channel.limits.inputBytesMax),
      end: () => {},
      signal: interrupt,
      resize: () => this.screen?.resized(),
    })
  }

  redirect(sink: ((bytes: Buffer) => void) | undefined): void {
    this.#sink = sink
    const typedAhead = this.#held
    this.#held = Buffer.alloc(0)
    if (typedAhead.length > 0) sink?.(typedAhead)
  }

  #feed(bytes: Buffer, bytesMax: number): void {
    if (this.#sink !== undefined) return this.#sink(bytes)
    if (bytes.includes(CTRL_C)) return this.interrupt()
    if (this.#held.length + bytes.length <= bytesMax)
      this.#held = Buffer.concat([this.#held, bytes])
    return undefined
  }
}
