// docs/commands.md out of the command table.
import { type Command, flagWord, usageOf } from '../../src/commands/command.ts'
import { COMMON_FLAGS } from '../../src/commands/input.ts'
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
  ],
)}

Roles: \`readonly\` may look, \`operate\` may also change what serves traffic, \`full\` may do everything.`

export function commandsPage(): string {
  const overview = table(
    ['command', 'role', 'does'],
    COMMANDS.map((command) => [linkTo(command), command.role, command.summary]),
  )
  const common = flagRows(COMMON_FLAGS).map(([word = '', meaning = '']) => [word, meaning])
  return page([
    INTRODUCTION,
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
  const { words, summary, role, examples, json } = command
  const takes = argumentRows(command)
  const flags = flagRows(command.flags)
  const shape = json.list ? 'a list of objects with' : 'an object with'
  return [
    `### ${words.join(' ')}`,
    block('', usageOf(command)),
    `${capitalised(summary)}. Needs role \`${role}\`.`,
    takes.length === 0 ? '' : table(['argument', 'meaning', 'accepted'], takes),
    flags.length === 0 ? '' : table(['flag', 'meaning', 'accepted'], flags),
    block('', examples.join('\n')),
    `\`--json\`: ${shape} ${json.fields.map(code).join(', ')}.`,
  ]
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
