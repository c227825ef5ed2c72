// Sessions as a page shows them: what is typed after `$ `, and what it prints. `…` stands for any text within a
// line, with the blanks behind it that keep columns apart; a line of `…` alone for any lines.

export interface Shown {
  /** Line of the page on which the command stands. */
  readonly at: number
  readonly command: string
  /** What it prints, as shown. */
  readonly prints: readonly string[]
}

/** The commands of every ```console block of a page, in order. */
export function shownIn(page: string): readonly Shown[] {
  const shown: { at: number; command: string; prints: string[] }[] = []
  let inside = false
  for (const [index, line] of page.split('\n').entries()) {
    if (line.startsWith('```')) inside = line === '```console'
    else if (inside && line.startsWith('$ '))
      shown.push({ at: index + 1, command: line.slice(2), prints: [] })
    else if (inside) shown.at(-1)?.prints.push(line)
  }
  return shown.map(({ prints, ...rest }) => ({ ...rest, prints: withoutBlankEnd(prints) }))
}

/** Is this what the page shows? Blanks at the end of lines do not matter. */
export function prints(shown: Shown, printed: string): boolean {
  const lines = withoutBlankEnd(printed.split('\n').map((line) => line.trimEnd()))
  return patternOf(shown.prints).test(lines.map((line) => `${line}\n`).join(''))
}

function patternOf(lines: readonly string[]): RegExp {
  const parts = lines.map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*'
    const literal = line.trimEnd().split(/… */)
    return `${literal.map(escaped).join('.*')}\\n`
  })
  return new RegExp(`^${parts.join('')}$`)
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

function withoutBlankEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return lines.slice(0, last + 1)
}
