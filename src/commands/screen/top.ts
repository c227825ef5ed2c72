// `top`: the whole terminal, painted once a second and at each key. What keys do goes through the command table, so
// that roles and the audit hold here as anywhere.
import { messageOf } from '../../base/errors.ts'
import { every } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import { currentOrigin, withOrigin } from '../../base/origin.ts'
import { command } from '../command.ts'
import type { RunContext } from '../context.ts'
import { oneOf } from '../line/kinds.ts'
import { Painter } from './painter.ts'
import type { Key, Screen } from './screen.ts'
import { TOP_VIEWS, type TopLook, TopLooks, type TopView } from './top-look.ts'
import { pageOf, paintTop } from './top-paint.ts'
import type { TopRow } from './top-rows.ts'
import { firstState, pressed, sorted, type TopState } from './top-state.ts'

export const top = command({
  words: ['top'],
  arguments: {
    view: {
      kind: oneOf('VIEW', TOP_VIEWS),
      summary: 'what to begin with; hosts where it is left out',
      optional: true,
    },
  },
  role: 'readonly',
  summary: 'watch services, hosts and sessions in a terminal; drain, kill and more by key',
  examples: ['top', 'top services', 'top sessions'],
  json: { list: false, fields: [] },
  fullScreen: true,
  async run({ view = 'hosts' }, context) {
    const { screen } = context
    if (screen !== undefined) await new Top(view, context, screen).run()
  },
  text: () => '',
})

class Top {
  readonly #context: RunContext
  readonly #screen: Screen
  readonly #painter: Painter
  readonly #looks: TopLooks
  readonly #left = new AbortController()
  /** Who does what keys do: keys arrive from the network, where nobody has said it. */
  readonly #origin = currentOrigin()
  #state: TopState
  #look: TopLook
  #rows: readonly TopRow[] = []
  /** What went wrong here, which ends it. */
  #fault: unknown

  constructor(view: TopView, context: RunContext, screen: Screen) {
    this.#context = context
    this.#screen = screen
    this.#painter = new Painter(screen)
    this.#looks = new TopLooks(context.process)
    this.#state = firstState(view)
    this.#looks.measure(performance.now())
    this.#look = this.#looks.look(view)
    this.#sort()
  }

  /** Resolves when the operator leaves. Rejects with what went wrong here; the terminal is given back either way. */
  async run(): Promise<void> {
    const screen = this.#screen
    screen.enter()
    const giveBack = screen.take({
      key: (key) => this.#guarded(() => this.#press(key)),
      resize: () => this.#guarded(() => this.#paint(true)),
    })
    try {
      this.#paint(false)
      await this.#repaint()
    } finally {
      giveBack()
      screen.leave()
    }
    if (this.#fault !== undefined) throw this.#fault
  }

  #repaint(): Promise<void> {
    const again = async () => {
      this.#looks.measure(performance.now())
      this.#takeLook()
      this.#paint(false)
    }
    return every(again, {
      intervalMs: () => LIMITS.topPaintMs,
      signal: AbortSignal.any([this.#context.signal, this.#left.signal]),
      onError: (error) => this.#fail(error),
    })
  }

  #takeLook(): void {
    this.#look = this.#looks.look(this.#state.view)
    this.#sort()
  }

  #sort(): void {
    this.#rows = sorted(this.#look.rows, this.#state)
  }

  #press(key: Key): boolean {
    const before = this.#state
    const { state, line, leaves } = pressed(before, key, this.#rows, pageOf(this.#screen))
    this.#state = state
    if (leaves) this.#left.abort()
    if (leaves || this.#left.signal.aborted) return true
    if (state.view !== before.view) this.#takeLook()
    else if (state.sorts !== before.sorts) this.#sort()
    if (line !== undefined) void this.#run(line)
    this.#refuseToReaders(before)
    this.#paint(false)
    return true
  }

  // The table refuses it anyway; but not after a question that looks as if it were allowed.
  #refuseToReaders({ asked }: TopState): void {
    const { operator, role } = this.#context
    if (role !== 'readonly' || this.#state.asked === asked || this.#state.asked === undefined)
      return
    const message = `that needs role operate, ${operator} has ${role}`
    this.#state = { ...this.#state, asked: undefined, message }
  }

  // Nobody waits for it: keys go on, and whatever becomes of it is said below the table. Never rejects.
  async #run(line: string): Promise<void> {
    const { signal, runLine } = this.#context
    const silent = async () => {}
    const nothing = { screen: undefined, input: undefined, columns: 0, print: silent, note: silent }
    const context = { ...this.#context, ...nothing, signal }
    const { exit, out, err } = await withOrigin(this.#origin, () => runLine(line, context))
    if (this.#left.signal.aborted || signal.aborted) return
    const message = (exit === 0 ? out : err).trim()
    this.#guarded(() => {
      this.#state = { ...this.#state, message }
      this.#takeLook()
      this.#paint(false)
    })
  }

  #paint(anew: boolean): void {
    const { operator, role } = this.#context
    const picture = {
      look: this.#look,
      rows: this.#rows,
      state: this.#state,
      time: Date.now(),
      who: `${operator} (${role})`,
    }
    this.#painter.paint(paintTop(picture, this.#screen), anew)
  }

  // Keys come in the middle of somebody else's work, who must not be handed what goes wrong here.
  #guarded<Result>(task: () => Result): Result | undefined {
    try {
      return task()
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #fail(error: unknown): void {
    this.#fault ??= error instanceof Error ? error : new Error(messageOf(error))
    this.#left.abort()
  }
}
