// What a client sends without a terminal (a pipe, a file), read only as fast as it is used. Whoever never
// asks leaves it with the client, whose window fills; nobody hangs of it.
import { formatDuration } from '../../base/duration.ts'
import { BalancerError } from '../../base/errors.ts'
import type { OperatorChannel } from '../channel.ts'

export class ChannelInput implements AsyncIterable<Buffer> {
  readonly #channel: OperatorChannel
  readonly #chunks: Buffer[] = []
  #ended = false
  #idle = false
  #wake = () => {}

  /** @param onSignal the client asks for a signal */
  constructor(channel: OperatorChannel, onSignal: () => void) {
    this.#channel = channel
    channel.ended.addEventListener('abort', () => this.#wake())
    channel.listen({
      data: (bytes) => {
        this.#chunks.push(bytes)
        this.#idle = false
        channel.pauseInput()
        this.#wake()
      },
      end: () => this.#finish(),
      signal: onSignal,
    })
  }

  /** Forget what came and take nothing more. */
  end(): void {
    this.#chunks.length = 0
    this.#finish()
  }

  /**
   * The next bytes; undefined when there are no more, or the channel ended.
   *
   * @throws BalancerError TIMED_OUT where a client sends nothing for as long as nobody may type at a prompt
   */
  async next(): Promise<Buffer | undefined> {
    const { ended, limits } = this.#channel
    while (this.#chunks.length === 0 && !this.#ended && !ended.aborted) {
      if (this.#idle) throw nothingCame(limits.idleMs)
      await this.#woken(limits.idleMs)
    }
    return ended.aborted ? undefined : this.#chunks.shift()
  }

  /**
   * @throws BalancerError REFUSED where the client left in the middle: half of an input is none; TIMED_OUT as `next`
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let bytes = await this.next(); bytes !== undefined; bytes = await this.next()) yield bytes
    if (this.#channel.ended.aborted && !this.#ended) {
      throw new BalancerError('REFUSED', 'the client left before all of its input had come')
    }
  }

  async #woken(idleMs: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    const clock = setTimeout(() => {
      this.#idle = true
      this.#wake()
    }, idleMs)
    this.#channel.resumeInput()
    await woken
    clearTimeout(clock)
  }

  #finish(): void {
    this.#ended = true
    this.#wake()
  }
}

function nothingCame(idleMs: number): BalancerError {
  return new BalancerError('TIMED_OUT', `nothing came for ${formatDuration(idleMs)}`)
}
