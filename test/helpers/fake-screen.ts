// A terminal without a terminal: understands what full-screen commands write, as far as they write it, and shows what
// would be seen. Anything else that reaches it is a fault.
import type { Key, Screen, ScreenHandlers } from '../../src/commands/screen/screen.ts'

/** `ESC [ row ; column H`, `ESC [ K` and the like; a lone letter or mark otherwise. */
const ESCAPE = String.fromCharCode(27)
const PIECE = new RegExp(`${ESCAPE}\\[(\\??[\\d;]*)([A-Za-z])|[^${ESCAPE}]`, 'gu')

export class FakeScreen implements Screen {
  columns: number
  rows: number
  colors = false
  behind = false
  /** Everything that was written. */
  written: string[] = []
  entered = 0
  left = 0
  /** Somebody listens to keys. */
  taken = false
  #handlers: ScreenHandlers | undefined
  #cells: string[][] = []
  #at = { row: 0, column: 0 }

  constructor(columns = 80, rows = 24) {
    this.columns = columns
    this.rows = rows
  }

  /** What is seen, blanks at the ends of lines left out. */
  get lines(): readonly string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      return Array.from(this.#cells[row] ?? [], (cell) => cell ?? ' ')
        .join('')
        .trimEnd()
    })
  }

  get text(): string {
    return this.lines.join('\n')
  }

  write(text: string): void {
    this.written.push(text)
    for (const [piece, parameters, final] of text.matchAll(PIECE))
      this.#take(piece, parameters, final)
  }

  enter(): void {
    this.entered++
  }

  leave(): void {
    this.left++
  }

  take(handlers: ScreenHandlers): () => void {
    this.#handlers = handlers
    this.taken = true
    return () => {
      this.taken = false
      this.#handlers = undefined
    }
  }

  /** Press keys, each by its name: `q`, `up`, `ctrl-c`. */
  press(...names: string[]): void {
    for (const name of names) this.#handlers?.key(keyNamed(name))
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.#cells = this.#cells.slice(0, rows).map((line) => line.slice(0, columns))
    this.#handlers?.resize()
  }

  #take(piece: string, parameters: string | undefined, final: string | undefined): void {
    if (final === undefined) this.#put(piece)
    else if (final === 'H') this.#move(parameters ?? '')
    else if (final === 'K') this.#cells[this.#at.row] = []
    else if (final === 'J') this.#erase(parameters ?? '')
    else if (final !== 'm' && !['?7l', '?7h'].includes(`${parameters}${final}`))
      throw new Error(`not understood: ${JSON.stringify(piece)}`)
  }

  #put(character: string): void {
    if (/\p{Cc}/u.test(character))
      throw new Error(`a control character: ${JSON.stringify(character)}`)
    const { row, column } = this.#at
    if (row >= this.rows || column >= this.columns)
      throw new Error(`beyond the window at ${row};${column}: ${character}`)
    const line = (this.#cells[row] ??= [])
    line[column] = character
    this.#at = { row, column: column + 1 }
  }

  #move(parameters: string): void {
    const [row = 1, column = 1] = parameters.split(';').map(Number)
    this.#at = { row: row - 1, column: column - 1 }
  }

  #erase(parameters: string): void {
    this.#cells = parameters === '2' ? [] : this.#cells.slice(0, this.#at.row)
  }
}

function keyNamed(name: string): Key {
  if (name.startsWith('ctrl-')) return { text: '', name: name.slice(5), ctrl: true }
  return { text: name.length === 1 ? name : '', name, ctrl: false }
}
