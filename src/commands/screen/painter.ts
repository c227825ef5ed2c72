// Lines onto a screen: only those that are not there already are written. A frame is left out while the terminal
// still waits for an earlier one, so that a slow line gets the newest picture and never a queue of old ones.
import type { Screen } from './screen.ts'

export class Painter {
  readonly #screen: Screen
  #shown: readonly string[] = []

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /**
   * Show these lines from the top, and nothing below them.
   *
   * @param lines each no wider than the screen; colours are off at the end of each
   * @param anew what is there cannot be trusted: the window has another size
   * @returns false where the frame was left out
   */
  paint(lines: readonly string[], anew: boolean): boolean {
    const { behind, rows } = this.#screen
    if (anew) this.#shown = []
    else if (behind) return false
    const wanted = lines.slice(0, rows)
    const written = wanted.map((line, row) => {
      return line === this.#shown[row] ? '' : `\x1b[${row + 1};1H\x1b[2K${line}`
    })
    const fewer = anew || wanted.length < this.#shown.length
    const rest = fewer && wanted.length < rows ? `\x1b[${wanted.length + 1};1H\x1b[J` : ''
    this.#shown = wanted
    const frame = (anew ? '\x1b[2J' : '') + written.join('') + rest
    // Without wrapping: a character that the terminal takes for two columns must not begin a new line.
    if (frame !== '') this.#screen.write(`\x1b[?7l${frame}\x1b[?7h`)
    return true
  }
}

/** Exactly so many columns: cut with `…`, or filled with blanks. */
export function fitted(text: string, columns: number): string {
  const room = Math.max(0, columns)
  // Most lines are short, and are not taken apart into characters.
  if (text.length <= room) return text.padEnd(room)
  const characters = Array.from(text)
  if (characters.length <= room) return text + ' '.repeat(room - characters.length)
  return room === 0 ? '' : `${characters.slice(0, room - 1).join('')}…`
}
