// A long answer on a terminal, one screen after the other: space for the next one, return for one line more,
// q for the end of it. Knows a screen and nothing of prompts.
import { stripVTControlCharacters } from 'node:util'
import type { Key, Screen } from '../../commands/screen/screen.ts'

export interface Paging {
  /** Resolves when everything was shown, or the operator has seen enough: was it everything? */
  readonly done: Promise<boolean>
  /** Show what is left at once. */
  showRest(): void
}

/** Does the text need more rows than the terminal has? */
export function isLong(text: string, { columns, rows }: Pick<Screen, 'columns' | 'rows'>): boolean {
  let used = 0
  for (const line of linesOf(text)) {
    used += rowsOf(line, columns)
    // The prompt has a row of its own.
    if (used > rows - 1) return true
  }
  return false
}

export function startPaging(text: string, screen: Screen, ended: AbortSignal): Paging {
  const lines = linesOf(text)
  let at = 0
  let finish = () => {}
  const show = (rows: number) => {
    screen.write(`${WIPE}${takeLines(rows)}`)
    if (at >= lines.length) finish()
    else screen.write(barOf(at, lines.length, screen.colors))
  }
  // At least one line, however many rows it takes.
  const takeLines = (rows: number) => {
    let taken = ''
    for (let used = 0; at < lines.length; at++) {
      const line = lines[at] ?? ''
      used += rowsOf(line, screen.columns)
      if (used > rows && taken !== '') break
      taken += `${line}\r\n`
    }
    return taken
  }
  const steps: Readonly<Record<Step, () => void>> = {
    page: () => show(screen.rows - 1),
    line: () => show(1),
    rest: () => show(Number.POSITIVE_INFINITY),
    quit: () => {
      screen.write(WIPE)
      finish()
    },
  }
  const done = new Promise<boolean>((resolve) => {
    const giveBack = screen.take({
      key: (key) => {
        const step = stepOf(key)
        if (step !== undefined) steps[step]()
        return true
      },
      resize: () => {},
    })
    finish = () => {
      giveBack()
      ended.removeEventListener('abort', finish)
      resolve(at >= lines.length)
    }
    ended.addEventListener('abort', finish)
  })
  steps.page()
  return { done, showRest: steps.rest }
}

type Step = 'page' | 'line' | 'rest' | 'quit'

const STEPS: Readonly<Record<string, Step>> = {
  ' ': 'page',
  pagedown: 'page',
  return: 'line',
  down: 'line',
  end: 'rest',
  G: 'rest',
  q: 'quit',
  Q: 'quit',
  escape: 'quit',
}

const WIPE = '\r\x1b[K'

function stepOf({ name, ctrl }: Key): Step | undefined {
  // Ctrl-D is also what comes when the client sends no more.
  if (ctrl) return name === 'c' || name === 'd' ? 'quit' : undefined
  return Object.hasOwn(STEPS, name) ? STEPS[name] : undefined
}

function barOf(shown: number, all: number, colors: boolean): string {
  const bar = `-- ${shown} of ${all} lines; space, return, q --`
  return colors ? `\x1b[7m${bar}\x1b[0m` : bar
}

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n')
}

/** Rows that a line takes; colours take none. */
function rowsOf(line: string, columns: number): number {
  const width = stripVTControlCharacters(line).length
  return Math.max(1, Math.ceil(width / Math.max(1, columns)))
}
