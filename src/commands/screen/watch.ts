// `| watch`: one line run again and again, until the operator leaves or a round is refused. In a terminal it fills
// the screen and shows what became different; elsewhere each round is printed behind the one before.
import { formatDuration } from '../../base/duration.ts'
import { pause } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import { printable } from '../answer/columns.ts'
import type { CommandContext } from '../context.ts'
import type { Outcome } from '../outcome.ts'
import { Painter, fitted } from './painter.ts'
import type { Key, Screen } from './screen.ts'

export interface Watched {
  /** As typed. */
  readonly line: string
  readonly runOnce: (context: CommandContext) => Promise<Outcome>
  /** Pause between two rounds. */
  readonly intervalMs: number
}

const DONE: Outcome = { exit: 0, out: '', err: '' }

/** @returns the refusal of the round that had one */
export function watchLine(watched: Watched, context: CommandContext): Promise<Outcome> {
  const { screen } = context
  return screen === undefined
    ? printRounds(watched, context)
    : new ScreenWatch(watched, context, screen).run()
}

/** Each round behind the one before, with an empty line between. */
async function printRounds(
  { runOnce, intervalMs }: Watched,
  context: CommandContext,
): Promise<Outcome> {
  const { print, signal } = context
  for (let round = 0; !signal.aborted; round++) {
    const outcome = await runOnce(context)
    if (outcome.exit !== 0) return outcome
    await print(round === 0 ? outcome.out : `\n${outcome.out}`)
    await pause(intervalMs, signal)
  }
  return DONE
}

class ScreenWatch {
  readonly #watched: Watched
  readonly #context: CommandContext
  readonly #screen: Screen
  readonly #painter: Painter
  readonly #left = new AbortController()
  /** What the last round answered, and the one before it. */
  #lines: readonly string[] = []
  #before: ReadonlySet<string> | undefined
  #time = ''

  constructor(watched: Watched, context: CommandContext, screen: Screen) {
    this.#watched = watched
    this.#context = context
    this.#screen = screen
    this.#painter = new Painter(screen)
  }

  async run(): Promise<Outcome> {
    const screen = this.#screen
    screen.enter()
    const giveBack = screen.take({
      key: (key) => this.#press(key),
      resize: () => this.#paint(true),
    })
    try {
      return await this.#rounds()
    } finally {
      giveBack()
      screen.leave()
    }
  }

  async #rounds(): Promise<Outcome> {
    const signal = AbortSignal.any([this.#context.signal, this.#left.signal])
    while (!signal.aborted) {
      const outcome = await this.#runOnce(signal)
      if (signal.aborted) break
      if (outcome.exit !== 0) return outcome
      await this.#showFor(this.#watched.intervalMs, signal)
    }
    return DONE
  }

  // A frame that was left out is tried again: the next round may be far away.
  async #showFor(intervalMs: number, signal: AbortSignal): Promise<void> {
    let leftMs = intervalMs
    while (!this.#paint(false) && leftMs > LIMITS.topPaintMs) {
      await pause(LIMITS.topPaintMs, signal)
      leftMs -= LIMITS.topPaintMs
    }
    await pause(leftMs, signal)
  }

  // Notes come between the lines, where the screen belongs to nobody else.
  async #runOnce(signal: AbortSignal): Promise<Outcome> {
    const { columns } = this.#screen
    let notes = ''
    const note = async (text: string) => {
      notes += text
    }
    const context = { ...this.#context, columns, note, signal, screen: undefined }
    const outcome = await this.#watched.runOnce(context)
    this.#before = this.#time === '' ? undefined : new Set(this.#lines)
    this.#lines = `${outcome.out}${notes}`.trimEnd().replaceAll('\t', '  ').split('\n')
    this.#time = new Date().toISOString().slice(11, 19)
    return outcome
  }

  #press({ name, ctrl }: Key): boolean {
    const leaves = name === 'q' || name === 'escape' || (ctrl && name === 'c')
    if (leaves) this.#left.abort()
    return leaves
  }

  #paint(anew: boolean): boolean {
    const { columns, rows, colors } = this.#screen
    const { line, intervalMs } = this.#watched
    const time = `${this.#time} UTC`
    const what = `every ${formatDuration(intervalMs)}: ${line}`
    const heading = fitted(printable(what), columns - time.length - 1)
    const room = Math.max(0, rows - 2)
    const shown = this.#lines.slice(0, room).map((text) => this.#lineOf(text, columns, colors))
    const more = this.#lines.length - room
    if (more > 0 && room > 0)
      shown[room - 1] = fitted(`… ${more + 1} more lines; a larger window shows them`, columns)
    return this.#painter.paint([`${heading} ${time}`.slice(0, columns), '', ...shown], anew)
  }

  #lineOf(text: string, columns: number, colors: boolean): string {
    const line = fitted(text, columns)
    const isNew = this.#before?.has(text) === false
    return colors && isNew ? `\x1b[7m${line.trimEnd()}\x1b[0m` : line
  }
}
