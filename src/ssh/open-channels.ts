// The channels that are open on one connection, and what each of them is.
import type { OperatorChannel } from './channel.ts'
import type { Request } from './session.ts'

export class OpenChannels {
  readonly #kinds = new Map<OperatorChannel, string>()

  get size(): number {
    return this.#kinds.size
  }

  /** `prompt`, `exec` …, in the order of opening. */
  get kinds(): readonly string[] {
    return [...this.#kinds.values()]
  }

  /** When the client last sent something on one of them, in milliseconds since 1970; 0 where none is open. */
  get active(): number {
    return Math.max(0, ...Array.from(this.#kinds.keys(), ({ active }) => active))
  }

  add(channel: OperatorChannel, { kind }: Request): void {
    const shell = channel.terminal === undefined ? 'script' : 'prompt'
    this.#kinds.set(channel, kind === 'shell' ? shell : kind)
    channel.ended.addEventListener('abort', () => this.#kinds.delete(channel))
  }

  /** Show a line at every open prompt. @returns at how many */
  say(text: string): number {
    return Array.from(this.#kinds.keys()).filter((channel) => channel.say(text)).length
  }

  farewell(sentence: string, exit: number): void {
    for (const channel of this.#kinds.keys()) channel.farewell(sentence, exit)
  }

  /** The connection is gone. */
  lost(): void {
    for (const channel of this.#kinds.keys()) channel.lost()
  }
}
