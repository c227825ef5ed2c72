// `help`: what there is, out of the table itself.
import { type Column, formatTable } from './columns.ts'
import { type Command, command, flagWord, type Kind, usageOf } from './command.ts'
import { findCommand, nextWords, startingWith } from './find.ts'
import { COMMON_FLAGS } from './input.ts'

type Page = ReturnType<typeof pageOf>

const COLUMNS: readonly Column<Page>[] = [
  { title: 'COMMAND', of: ({ words }) => words },
  { title: 'ROLE', of: ({ role }) => role },
  { title: 'DOES', of: ({ summary }) => summary },
]

const HINT =
  'help VERB OBJECT says more; ? as the last word does the same; every command takes --json\n'

/** The command `help` for a table of commands; it lists itself. */
export function helpFor(others: readonly Command[]): Command {
  const all = () => [...others, help]
  const help: Command = command({
    words: ['help'],
    arguments: {
      words: { kind: commandWord(all), summary: 'the first words of commands', many: true },
    },
    role: 'readonly',
    summary: 'list the commands, or say what one of them does and takes',
    examples: ['help', 'help set host', 'set host ?'],
    json: {
      list: true,
      fields: ['words', 'usage', 'role', 'summary', 'arguments', 'flags', 'examples', 'json'],
    },
    run: ({ words }) => commandsNamed(all(), words).map(pageOf),
    text(pages, _, { columns }) {
      const [only, ...more] = pages
      return only !== undefined && more.length === 0
        ? textOf(only)
        : formatTable(COLUMNS, pages, columns) + HINT
    },
  })
  return help
}

function commandWord(commands: () => readonly Command[]): Kind<string> {
  return {
    placeholder: 'VERB',
    accepts: 'the first words of a command',
    read: (word) => word,
    candidates: ({ before }) => nextWords(commands(), before),
  }
}

// `help set` names many commands, `help set host web/main/a` one, with words to spare.
function commandsNamed(commands: readonly Command[], words: readonly string[]): readonly Command[] {
  const begun = startingWith(commands, words)
  return begun.length > 0 ? begun : [findCommand(commands, words).command]
}

function pageOf(of: Command) {
  const takes = Object.values(of.arguments).map(({ kind, summary, optional, many }) => {
    const needed = !(optional ?? many ?? false)
    return { word: kind.placeholder, needed, accepts: kind.accepts, summary }
  })
  const flags = Object.entries({ ...of.flags, ...COMMON_FLAGS }).map(
    ([name, { kind, summary }]) => {
      const { placeholder = '', accepts = '' } = kind ?? {}
      return { word: `${flagWord(name)} ${placeholder}`.trim(), accepts, summary }
    },
  )
  const { words, role, summary, examples, json } = of
  const usage = usageOf(of)
  return { words: words.join(' '), usage, role, summary, arguments: takes, flags, examples, json }
}

function textOf({ usage, role, summary, arguments: takes, flags, examples }: Page): string {
  const rows = [...takes, ...flags].map(({ word, accepts, summary: what }) => {
    return `  ${word.padEnd(18)} ${what}${accepts === '' ? '' : ` (${accepts})`}\n`
  })
  const shown = examples.map((example) => `  ${example}\n`)
  return `${usage}\n${summary}; needs role ${role}\n\n${rows.join('')}\n${shown.join('')}`
}
