// docs/errors.md out of the table of errors and the list of how sessions end.
import { ERRORS, type ErrorSide } from '../../src/base/errors.ts'
import { CLOSE_REASONS } from '../../src/base/close-reasons.ts'
import { code, madeFrom, page, table } from './markdown.ts'

const SIDES: Readonly<Record<ErrorSide, string>> = {
  host: 'A host did not do what a host does. It counts as a failure of that host, and may take it out.',
  operator:
    'An operator, or the file, asked for something that is not possible. Nothing was changed.',
  self: 'Sluice itself is at a limit, or at a fault.',
}

const INTRODUCTION = `# Errors

${madeFrom('`src/base/errors.ts` and `src/engine/contract.ts`')}

Everything that can go wrong by name. The name stands in the log, in the JSON of a refusal and in the
exception an embedding program gets (\`error.code\`); the sentence begins with the summary below and goes on with what,
where, and what would be accepted.

*Exit* is the status with which a command ends; see [commands.md](commands.md). *HTTP* is the status of an answer of the
API, whose body is a problem (RFC 9457) with the same name as \`code\`; see [api.md](api.md).`

export function errorsPage(): string {
  const sides = Object.keys(SIDES) as ErrorSide[]
  return page([INTRODUCTION, ...sides.flatMap(sectionOf), ...sessionEnds()])
}

function sectionOf(side: ErrorSide): readonly string[] {
  const rows = Object.entries(ERRORS)
    .filter(([, row]) => row.side === side)
    .map(([name, { summary, exit, status }]) => {
      return [code(name), summary, String(exit), String(status)]
    })
  return [`## Caused by: ${side}`, SIDES[side], table(['name', 'means', 'exit', 'HTTP'], rows)]
}

function sessionEnds(): readonly string[] {
  const rows = Object.entries(CLOSE_REASONS).map(([name, summary]) => [code(name), summary])
  return [
    '## How sessions end',
    'Each session ends in one of these ways. `accessLog` of a service writes them, one line for each session.',
    table(['reason', 'means'], rows),
  ]
}
