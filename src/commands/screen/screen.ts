// A terminal as full-screen commands see it (`top`, `watch`). Who owns the terminal supplies it; commands
// paint it and leave it as they found it.

/** One key: `q`, `up`, `return`. Ctrl-X is the text '' and the name `x` with `ctrl`. */
export interface Key {
  /** Printable text, or '' for a key that has none. */
  readonly text: string
  /** `up`, `down`, `left`, `right`, `return`, `escape`, `backspace`, `delete`, `tab`, `pageup`, `pagedown`, `home`, `end`, a letter with `ctrl`, or the text itself. */
  readonly name: string
  readonly ctrl: boolean
}

export interface ScreenHandlers {
  /** Ctrl-C aborts the signal of the command afterwards, unless this returned true for it. */
  readonly key: (key: Key) => unknown
  /** `columns` and `rows` have new values. */
  readonly resize: () => void
}

/**
 * It belongs to one command. When the command ends, however it does (it returned, threw, was interrupted, the
 * operator left, the process stops), keys go back, the alternate screen is left, the cursor is shown and
 * colours are reset; what the command writes later goes nowhere.
 */
export interface Screen {
  /** As they are now; they change. */
  readonly columns: number
  readonly rows: number
  readonly colors: boolean
  /** Does the terminal still wait for what was written? Then a frame may be left out. */
  readonly behind: boolean
  /** Raw: what is written is what the terminal gets (`\r\n` for a new line), bounded, never waited for. */
  write(text: string): void
  /** Take the whole terminal: the alternate screen, empty, the cursor hidden. What was there comes back with `leave`. */
  enter(): void
  /** Give it back. Harmless where nothing was entered. */
  leave(): void
  /** Be told of keys and sizes instead of the line editor, also of keys typed ahead. Once at a time. @returns gives them back */
  take(handlers: ScreenHandlers): () => void
}
