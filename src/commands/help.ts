// `help`: what there is, out of the tables themselves. All commands are shown short, by what they are for; one verb, one
// command or the pipes in full.
import { type Column, formatTable } from './answer/columns.ts'
import { type Command, command, flagWord, type Kind, usageOf } from './command.ts'
import { findCommand, nextWords, startingWith } from './line/find.ts'
import { COMMON_FLAGS } from './line/input.ts'
import { PIPE_WORDS, PIPES, type PipeWord, usageOfPipe } from './line/pipes.ts'

type Page = ReturnType<typeof pageOf>

/** What verbs are for, in the order of help. A verb that stands nowhere comes last. */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  'To look': ['show', 'explain', 'tail', 'top', 'help'],
  'To change what serves': ['add', 'remove', 'move', 'rename', 'set', 'listen'],
  'To steer traffic': [
    'enable',
    'disable',
    'drain',
    'retry',
    'pause',
    'resume',
    'rebalance',
    'kill',
  ],
  'The document': ['save', 'apply', 'reload', 'undo', 'history', 'diff', 'rollback', 'batch'],
  Operators: ['user', 'key', 'token', 'say', 'logout'],
}
const OTHER = 'The process'
/** Names the pipes, in the place of a verb. */
const PIPES_TOPIC = 'pipes'

/** No row of the table: it is evaluated where it is typed, and commands never see it. */
const JS_TOPIC = 'js'
const JS_PAGE: Page = {
  words: JS_TOPIC,
  usage: 'js CODE',
  role: 'full',
  summary:
    'evaluate JavaScript on the live objects and print its value; at a prompt and in a piped script type the code alone',
  arguments: [
    {
      word: 'CODE',
      needed: true,
      accepts: 'lb is the balancer, services its services; await works',
      summary: 'JavaScript, in quotes for the shell',
    },
  ],
  flags: [],
  examples: [
    'ssh HOST js lb.describe\\(\\)',
    `ssh HOST "js services.web.groups.main.hostList.map((host) => host.weight)"`,
    'ssh -T HOST < script.js',
  ],
  json: { list: false, fields: [] },
}

const COLUMNS: readonly Column<Page>[] = [
  { title: 'COMMAND', of: ({ words }) => words },
  { title: 'ROLE', of: ({ role }) => role },
  { title: 'DOES', of: ({ summary }) => summary },
]

const PIPE_COLUMNS: readonly Column<Page>[] = [
  { title: 'PIPE', of: ({ usage }) => usage },
  { title: 'DOES', of: ({ summary }) => summary },
]

const HINT = `help VERB and help VERB OBJECT say more; ? as the last word does the same
every command takes --json, and pipes behind it: ${PIPE_WORDS.map((word) => `| ${word}`).join(' ')} (help ${PIPES_TOPIC})
js CODE evaluates JavaScript over ssh; the prompt takes it as it is (help ${JS_TOPIC})
`

/** The command `help` for a table of commands; it lists itself. */
export function helpFor(others: readonly Command[]): Command {
  const all = () => [...others, help]
  const help: Command = command({
    words: ['help'],
    arguments: {
      words: { kind: topicWord(all), summary: 'the first words of commands, or pipes', many: true },
    },
    role: 'readonly',
    summary: 'list the commands, or say what one of them does and takes',
    examples: ['help', 'help set host', 'help pipes'],
    json: {
      list: true,
      fields: ['words', 'usage', 'role', 'summary', 'arguments', 'flags', 'examples', 'json'],
    },
    run: ({ words }) => pagesFor(all(), words),
    text: (pages, { words }, { columns }) => textFor(pages, words, columns),
  })
  return help
}

function textFor(pages: readonly Page[], words: readonly string[], width: number): string {
  if (words.length === 0) return overviewOf(pages)
  if (words[0] === PIPES_TOPIC) return pipesText(pages, width)
  const [first, ...more] = pages
  if (first === undefined) return ''
  if (more.length === 0) return textOf(first)
  // `set` is a command, and begins others.
  if (first.words !== words.join(' ')) return formatTable(COLUMNS, pages, width)
  return `${textOf(first)}\n${formatTable(COLUMNS, more, width)}`
}

/** A line for each verb: what may stand behind it. */
function overviewOf(pages: readonly Page[]): string {
  const verbs = new Map<string, string[]>()
  for (const { words } of pages) {
    const [verb = '', ...rest] = words.split(' ')
    const objects = verbs.get(verb) ?? []
    verbs.set(verb, [...objects, rest.length === 0 ? '' : rest.join(' ')])
  }
  const known = Object.values(TOPICS).flat()
  const others = [...verbs.keys()].filter((verb) => !known.includes(verb))
  const topics = Object.entries({ ...TOPICS, [OTHER]: others })
  const blocks = topics.map(([title, words]) => {
    const lines = words.flatMap((verb) => {
      const objects = verbs.get(verb)
      return objects === undefined ? [] : [lineOf(verb, objects)]
    })
    return lines.length === 0 ? '' : `${title}\n${lines.join('')}\n`
  })
  return blocks.join('') + HINT
}

function lineOf(verb: string, objects: readonly string[]): string {
  const named = objects.filter((object) => object !== '')
  // A verb that stands alone, besides those with an object.
  const alone = named.length > 0 && named.length < objects.length ? ['PATH'] : []
  return `  ${verb.padEnd(10)} ${[...alone, ...named].join(', ')}`.trimEnd().concat('\n')
}

function pipesText(pages: readonly Page[], width: number): string {
  const examples = pages.flatMap((page) => page.examples.map((example) => `  ${example}\n`))
  return `COMMAND | PIPE | PIPE …
A pipe looks at the lines of an answer, or at the items where it is JSON. A table keeps its heading and its notes.
A | in quotes is a | like any other character.

${formatTable(PIPE_COLUMNS, pages, width)}
${examples.join('')}`
}

function topicWord(commands: () => readonly Command[]): Kind<string> {
  return {
    placeholder: 'VERB',
    accepts: 'the first words of a command, or pipes',
    read: (word) => word,
    candidates: ({ before }) => {
      return [
        ...nextWords(commands(), before),
        ...(before.length === 0 ? [PIPES_TOPIC, JS_TOPIC] : []),
      ]
    },
  }
}

// `help set` names many commands, `help set host web/main/a` one, with words to spare.
function pagesFor(commands: readonly Command[], words: readonly string[]): readonly Page[] {
  if (words[0] === PIPES_TOPIC) return PIPE_WORDS.map(pageOfPipe)
  if (words[0] === JS_TOPIC) return [JS_PAGE]
  const begun = startingWith(commands, words)
  const pages = begun.length > 0 ? begun : [findCommand(commands, words).command]
  return pages.map(pageOf)
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

function pageOfPipe(word: PipeWord): Page {
  const { takes, standard, summary, example } = PIPES[word]
  const args = takes === undefined ? [] : [argumentOf(takes, standard === undefined)]
  return {
    words: word,
    usage: usageOfPipe(word),
    role: 'readonly',
    summary,
    arguments: args,
    flags: [],
    examples: [example],
    json: { list: word !== 'count', fields: word === 'count' ? ['count'] : [] },
  }
}

function argumentOf(
  { placeholder: word, accepts }: { readonly placeholder: string; readonly accepts: string },
  needed: boolean,
) {
  return { word, needed, accepts, summary: 'what stands behind the word' }
}

function textOf({ usage, role, summary, arguments: takes, flags, examples, json }: Page): string {
  const rows = [...takes, ...flags].map(({ word, accepts, summary: what }) => {
    return `  ${word.padEnd(18)} ${what}${accepts === '' ? '' : ` (${accepts})`}\n`
  })
  const shown = examples.map((example) => `  ${example}\n`)
  const what = `${json.list ? 'a list of ' : ''}${json.fields.join(', ')}`
  const fields = what === '' ? '' : `--json: ${what}\n`
  return `${usage}\n${summary}; needs role ${role}\n\n${rows.join('')}\n${fields}\n${shown.join('')}`
}
