// What both kinds of terminal prompts stand on: the streams between the channel and readline, the history,
// the idle clock and the one way out. Knows neither JavaScript nor the command table.
import { formatDuration } from '../base/duration.ts'
import { LIMITS } from '../base/limits.ts'
import type { OperatorChannel } from './channel.ts'
import { type History, openHistory } from './prompt-history.ts'
import { PromptInput } from './prompt-input.ts'
import { PromptOutput } from './prompt-output.ts'
import { type PromptOptions, Workspace } from './workspace.ts'

export const PROMPT = 'sluice> '

/** The line editor that sits on a desk. */
export interface Editor {
  /** Print the line that is being typed again, below what was just printed. */
  redraw(): void
  close(): void
}

export class Desk {
  readonly channel: OperatorChannel
  readonly options: PromptOptions
  readonly history: History
  readonly input: PromptInput
  readonly output: PromptOutput
  readonly workspace: Workspace
  readonly #idle: NodeJS.Timeout
  #editor: Editor | undefined
  #running = false

  /** Undefined when the operator left before the history was read. */
  static async open(channel: OperatorChannel, options: PromptOptions): Promise<Desk | undefined> {
    const history = await openHistory(channel.login.operator, options.historyFolder, options.log)
    return channel.ended.aborted ? undefined : new Desk(channel, options, history)
  }

  private constructor(channel: OperatorChannel, options: PromptOptions, history: History) {
    this.channel = channel
    this.options = options
    this.history = history
    this.output = new PromptOutput(channel)
    this.workspace = new Workspace(channel, options, (error) =>
      this.#showAbove('Uncaught (async)', error),
    )
    this.input = new PromptInput(channel, {
      interrupt: () => this.workspace.interrupt(),
      tooLong: () => channel.farewell(`A line has at most ${LIMITS.commandBytesMax} bytes.`, 1),
    })
    this.#idle = setTimeout(() => this.#leaveIdle(), channel.limits.idleMs)
    channel.ended.addEventListener('abort', () => this.#clear())
  }

  /** Seat an editor and let the client's bytes in. */
  seat(editor: Editor): void {
    this.#editor = editor
    this.channel.listen({
      data: (bytes) => {
        this.#idle.refresh()
        this.input.feed(bytes)
      },
      end: () => this.input.finish(),
      resize: (terminal) => this.output.resized(terminal),
      signal: () => this.workspace.interrupt(),
    })
  }

  /** Run one line: what is typed meanwhile waits. Afterwards `done` prints the next prompt. */
  async run<Result>(task: () => Promise<Result>, done: (result: Result) => void): Promise<void> {
    this.#running = true
    this.input.hold()
    const pending = task()
    // A Ctrl-C may have come in one piece with the line.
    this.input.findInterrupt()
    const result = await pending
    this.#running = false
    if (this.channel.ended.aborted) return
    done(result)
    this.#idle.refresh()
    this.input.release()
  }

  /** The way out that the operator chose. */
  leave(exit: number): void {
    // Else the prompt of the client's own shell lands on our last line.
    this.output.write('\n')
    this.channel.end(exit)
  }

  format(value: unknown): string {
    return this.workspace.format(value, this.output)
  }

  #showAbove(what: string, error: unknown): void {
    const wipe = this.channel.terminal?.type === 'dumb' ? '\n' : '\r\x1b[K'
    this.output.write(`${wipe}${what} ${this.format(error)}\n`)
    if (!this.#running) this.#editor?.redraw()
  }

  #leaveIdle(): void {
    if (this.#running) this.#idle.refresh()
    else
      this.channel.farewell(
        `Nothing was typed for ${formatDuration(this.channel.limits.idleMs)}. Goodbye.`,
        0,
      )
  }

  #clear(): void {
    clearTimeout(this.#idle)
    this.#editor?.close()
    this.#editor = undefined
  }
}
