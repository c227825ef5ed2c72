// What both kinds of terminal prompts stand on: the streams between the channel and readline, the history, the screen
// of a command, pages, the idle clock and the one way out. Which line is a command and which is JavaScript is not
// decided here.
import { formatDuration } from '../../base/duration.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Outcome, Typist } from '../../commands/run.ts'
import type { OperatorChannel } from '../channel.ts'
import { Belongings } from './belongings.ts'
import { type History, openHistory } from './history.ts'
import { PromptInput } from './input.ts'
import { PromptOutput } from './output.ts'
import { isLong, type Paging, startPaging } from './pager.ts'
import { type KeySource, TerminalScreen } from './terminal-screen.ts'
import { type PromptOptions, Workspace } from './workspace.ts'

const PROMPT = 'sluice> '
/** While the operator has edits that are not in effect. */
const PROMPT_OF_CANDIDATE = 'sluice[candidate]> '

/** The line editor that sits on a desk. */
export interface Editor {
  /** Print the line that is being typed again, below what was just printed. */
  redraw(): void
  /** What is printed in front of the lines to come. */
  setPrompt(prompt: string): void
  close(): void
}

const ESCAPE = '\x1b'

type Sink = (bytes: Buffer) => void

export class Desk {
  readonly channel: OperatorChannel
  readonly options: PromptOptions
  readonly history: History
  readonly input: PromptInput
  readonly output: PromptOutput
  readonly workspace: Workspace
  readonly belongings: Belongings
  readonly #idle: NodeJS.Timeout
  #editor: Editor | undefined
  #running = false
  #screen: TerminalScreen | undefined
  #pagerOn = true
  /** Is an answer shown page by page now? */
  #paging = false
  /** What is to be printed of a value that was shown but for this. */
  #left: string | undefined
  /** What came while a command filled the screen. */
  #unshown: readonly string[] = []

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
      this.#showAbove(`Uncaught (async) ${this.format(error)}`),
    )
    this.belongings = new Belongings(options.process.balancer)
    this.input = new PromptInput(channel, {
      interrupt: () => this.workspace.interrupt(),
      tooLong: () => channel.farewell(`A line has at most ${LIMITS.commandBytesMax} bytes.`, 1),
    })
    this.#idle = setTimeout(() => this.#leaveIdle(), channel.limits.idleMs)
    channel.ended.addEventListener('abort', () => this.#clear())
  }

  /** Who types here. */
  get typist(): Typist {
    return { process: this.options.process, operator: this.channel.login.operator }
  }

  /** What is printed in front of a line. */
  get prompt(): string {
    const { process, operator } = this.typist
    return process.candidates.of(operator) === undefined ? PROMPT : PROMPT_OF_CANDIDATE
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
      resize: () => {
        this.output.resized()
        this.#screen?.resized()
      },
      signal: () => this.workspace.interrupt(),
      say: (text) => this.#showAbove(text),
    })
  }

  /** Run one command; it may take the whole screen, and gives it back whatever its end. */
  async runCommand(line: string): Promise<Outcome> {
    return this.#onScreen(
      (sink) => this.input.redirect(sink),
      (screen) => this.workspace.runCommand(line, screen),
    )
  }

  /** Run one command and show its answer. */
  async showCommand(line: string): Promise<void> {
    const { out, err } = await this.runCommand(line)
    if (this.#pages(out + err)) await this.#page(out + err)
    else this.output.write(out + err)
  }

  /** Show a value, but for its last line: that is what `written` gives to who prints it. */
  async showValue(value: unknown): Promise<void> {
    const text = this.format(value)
    const at = text.lastIndexOf('\n')
    this.#left = text
    if (at < 0 || !this.#pages(text)) return
    this.#left = ''
    if (await this.#page(text.slice(0, at))) this.#left = text.slice(at + 1)
  }

  /** What is left to print of a value. */
  written(value: unknown): string {
    const text = this.#left ?? this.format(value)
    this.#left = undefined
    return text
  }

  /** `on` or `off`. @returns what it is now */
  setPager(word: string): string {
    if (word === 'on' || word === 'off') this.#pagerOn = word === 'on'
    return this.#pagerOn
      ? 'Pager on. Long results are shown page by page; ".pager off" ends that.'
      : 'Pager off. Long results are printed at once; ".pager on" pages them.'
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
    this.#editor?.setPrompt(this.prompt)
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

  #pages(text: string): boolean {
    return this.#pagerOn && this.input.idle && isLong(text, this.output)
  }

  /** @returns whether all of it was shown */
  #page(text: string): Promise<boolean> {
    let paging: Paging | undefined
    const redirect = (sink: Sink | undefined) => {
      if (sink === undefined) return this.input.redirect(undefined)
      return this.input.redirect((bytes) => {
        if (!isPasted(bytes)) return sink(bytes)
        // Lines that follow the one with the long answer: they are no keys.
        paging?.showRest()
        return this.input.feed(bytes)
      })
    }
    return this.#onScreen(redirect, async (screen) => {
      if (screen === undefined) {
        this.output.write(`${text.replace(/\n$/, '')}\n`)
        return true
      }
      paging = startPaging(text, screen, this.channel.ended)
      this.#paging = true
      const whole = await paging.done
      this.#paging = false
      return whole
    })
  }

  async #onScreen<Result>(
    redirect: KeySource['redirect'],
    task: (screen: TerminalScreen | undefined) => Promise<Result>,
  ): Promise<Result> {
    const interrupt = () => this.workspace.interrupt()
    const screen = TerminalScreen.of(this.channel, { redirect, interrupt })
    this.#screen = screen
    try {
      return await task(screen)
    } finally {
      screen?.close()
      this.#screen = undefined
      this.#showUnshown()
    }
  }

  // Where a command fills the screen, it would be gone with it; it is shown when the screen is given back.
  #showAbove(text: string): void {
    if (this.#screen?.taken === true) {
      this.#unshown = [...this.#unshown, text].slice(-LIMITS.promptUnshownMax)
      return
    }
    const wipe = this.channel.terminal?.type === 'dumb' ? '\n' : '\r\x1b[K'
    this.output.write(`${wipe}${text}\n`)
    if (this.#running) return
    // What was said may be that the candidate came or went.
    this.#editor?.setPrompt(this.prompt)
    this.#editor?.redraw()
  }

  #showUnshown(): void {
    const unshown = this.#unshown
    this.#unshown = []
    for (const text of unshown) this.#showAbove(text)
  }

  #leaveIdle(): void {
    if (this.#running && !this.#paging) this.#idle.refresh()
    else
      this.channel.farewell(
        `Nothing was typed for ${formatDuration(this.channel.limits.idleMs)}. Goodbye.`,
        0,
      )
  }

  #clear(): void {
    clearTimeout(this.#idle)
    this.belongings.close()
    this.#editor?.close()
    this.#editor = undefined
  }
}

/** More than keys that somebody pressed: words came in one piece. */
function isPasted(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  return !text.startsWith(ESCAPE) && /^(?!q+$).*[\w.]{2}/s.test(text)
}
