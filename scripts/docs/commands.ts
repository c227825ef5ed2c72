// docs/commands.md out of the command table.
import { type Command, flagWord, usageOf } from '../../src/commands/command.ts'
import { COMMON_FLAGS } from '../../src/commands/line/input.ts'
import { PIPE_WORDS, type PipeRow, PIPES, usageOfPipe } from '../../src/commands/line/pipes.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import { block, code, madeFrom, page, table } from './markdown.ts'

const INTRODUCTION = `# Commands

${madeFrom('`src/commands/table.ts`')}

Whatever an operator does to a running Sluice is one of these commands. They are typed over ssh, one a call
or at the prompt:

${block(
  'sh',
  `ssh -p 2222 admin@127.0.0.1 show hosts
ssh -p 2222 admin@127.0.0.1 'set host web/main/a weight 5'
ssh -p 2222 admin@127.0.0.1 show hosts --json | jq '.[] | select(.ready | not) | .path'`,
)}

## How a command is typed

\`VERB [OBJECT] [PATH] [ARGUMENTS] [--flags]\`

- Words are separated by blanks and quoted as in a shell: \`'two words'\`, \`"two words"\`, \`two\\ words\`.
  Nothing is expanded: \`$\`, \`*\` and \`;\` are themselves. Mind that your own shell takes its quotes away before
  ssh sends the line.
- Flags stand anywhere behind the words of the command: \`--weight 5\` or \`--weight=5\`. Behind a lone \`--\`
  every word is an argument, whatever it begins with.
- Objects are named by paths: \`web\` is a service, \`web/main\` a group, \`web/main/a\` a host and
  \`web/listen/127.0.0.1:8080\` a listener. A list that takes a path shows that object and everything below.
- \`set PATH FIELD VALUE\` changes a field of whatever is at the path; settings are at \`settings/NAME\`. \`set host PATH\` and
  the like are the same for one kind of object.
- \`?\` as the last word, or \`--help\`, says what the words before it could become.

## What a command answers

Results go to standard output and refusals to standard error, never both. Every command takes \`--json\`: the
result is then one line of JSON (indented at a terminal), and a refusal is
\`{"error":{"code":4,"name":"NOT_FOUND","message":"…"}}\`; the names are those of [errors.md](errors.md).
Times are ISO 8601 in UTC, durations have their unit in the name of the field (\`idleMs\`).

Commands that change something answer \`done\` (what was done), \`path\` (to what), \`field\` with \`before\` and \`after\`
(\`field\` is null where a whole object came or went), and \`message\`, the sentence that is otherwise printed.

${table(
  ['exit status', 'means'],
  [
    ['0', 'done'],
    ['1', 'refused or failed; nothing was changed'],
    ['2', 'not understood: a wrong word, flag, name or value'],
    ['3', 'not allowed: the role of the operator is too low'],
    ['4', 'no such object'],
    ['5', 'not done in time: a wait was over before what was waited for'],
    ['130', 'interrupted by Ctrl-C or a signal'],
  ],
)}

Roles: \`readonly\` may look, \`operate\` may also change what serves traffic, \`full\` may do everything.`

const LISTS = `Every command that answers with a table takes three flags, which work in text and in JSON alike. FIELD is a field of
the JSON answer or the heading of a column:

- \`--where FIELD=VALUE,…\` keeps the rows for which all comparisons hold: \`=\` \`!=\` \`<\` \`>\` \`<=\` \`>=\` and \`~\` (contains). Small
  and capital letters are the same, numbers are compared as numbers, \`5s\` is 5000 beside milliseconds, \`yes\` is true. Quote it
  where your shell knows \`<\` and \`>\`.
- \`--sort FIELD\` or \`--sort FIELD,desc\` orders the rows; a list that is cut (\`show sessions --limit\`) is in order first.
- \`--columns FIELD,…\` shows these fields, in this order.`

const PIPING = `Behind any command may stand pipes, several in a row: they work on what it answers, from left to right. In text a pipe looks
at lines; in a table it looks at rows, whole cells even where the terminal cuts them, and heading and notes stay. With
\`--json\` it looks at the items of the list, as JSON text. What goes on (\`tail\`) goes through pipes piece by piece. The exit
status is that of the command. A \`|\` in quotes is a \`|\`; mind that your own shell takes one that is not.`

function pipesTable(): string {
  const rows = PIPE_WORDS.map((word) => {
    const { takes, summary, example } = PIPES[word] as PipeRow
    return [code(usageOfPipe(word)), summary, takes?.accepts ?? '', code(example)]
  })
  return table(['pipe', 'does', 'accepted', 'example'], rows)
}

export function commandsPage(): string {
  const overview = table(
    ['command', 'role', 'does'],
    COMMANDS.map((command) => [linkTo(command), command.role, command.summary]),
  )
  const common = flagRows(COMMON_FLAGS).map(([word = '', meaning = '']) => [word, meaning])
  return page([
    INTRODUCTION,
    '## Lists',
    LISTS,
    '## Pipes',
    PIPING,
    pipesTable(),
    '## All commands',
    overview,
    'Every command understands:',
    table(['flag', 'meaning'], common),
    ...COMMANDS.flatMap(sectionsOf),
  ])
}

function linkTo({ words }: Command): string {
  return `[${words.join(' ')}](#${words.join('-')})`
}

function sectionsOf(command: Command): readonly string[] {
  const { words, summary, role, examples } = command
  const takes = argumentRows(command)
  const flags = flagRows(command.flags)
  return [
    `### ${words.join(' ')}`,
    block('', usageOf(command)),
    `${capitalised(summary)}. Needs role \`${role}\`.`,
    takes.length === 0 ? '' : table(['argument', 'meaning', 'accepted'], takes),
    flags.length === 0 ? '' : table(['flag', 'meaning', 'accepted'], flags),
    block('', examples.join('\n')),
    answerOf(command),
  ]
}

function answerOf({ json, fullScreen, stream }: Command): string {
  if (fullScreen === true) return 'Needs a terminal: `ssh -t`. There is no JSON.'
  if (stream === true) {
    return `\`--json\`: line by line an object with ${json.fields.map(code).join(', ')}.`
  }
  const shape = json.list ? 'a list of objects with' : 'an object with'
  return `\`--json\`: ${shape} ${json.fields.map(code).join(', ')}.`
}

function argumentRows({ arguments: takes }: Command): readonly string[][] {
  return Object.values(takes).map(({ kind, summary, optional, many }) => {
    const left = optional || many ? ' (may be left out)' : ''
    return [code(kind.placeholder), summary + left, kind.accepts]
  })
}

function flagRows(flags: Command['flags']): readonly string[][] {
  return Object.entries(flags).map(([name, { kind, summary }]) => {
    const word = [flagWord(name), kind?.placeholder ?? ''].join(' ').trim()
    return [code(word), summary, kind?.accepts ?? '']
  })
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
