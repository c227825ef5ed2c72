// docs/errors.md out of the table of errors.
import { ERRORS, type ErrorSide } from '../../src/base/errors.ts'
import { code, madeFrom, page, table } from './markdown.ts'

const SIDES: Readonly<Record<ErrorSide, string>> = {
  host: 'A host did not do what a host does. It counts as a failure of that host, and may take it out.',
  client:
    'A client did it. It is counted and logged quietly, because strangers cause these at will.',
  operator:
    'An operator, or the file, asked for something that is not possible. Nothing was changed.',
  self: 'Sluice itself is at a limit, or at a fault.',
}

const INTRODUCTION = `# Errors

${madeFrom('`src/base/errors.ts`')}

Everything that can go wrong by name. The name stands in the log, in the JSON of a refusal and in the
exception an embedding program gets (\`error.code\`); the sentence begins with the summary below and goes on with what,
where, and what would be accepted.

*Retried* means that another host is tried for the same client, as long as none of its bytes were spent.
*Exit* is the status with which a command ends; see [commands.md](commands.md).`

export function errorsPage(): string {
  const sides = Object.keys(SIDES) as ErrorSide[]
  return page([INTRODUCTION, ...sides.flatMap(sectionOf)])
}

function sectionOf(side: ErrorSide): readonly string[] {
  const rows = Object.entries(ERRORS)
    .filter(([, row]) => row.side === side)
    .map(([name, { summary, retryable, exit }]) => {
      return [code(name), summary, retryable ? 'yes' : 'no', String(exit)]
    })
  return [`## Caused by: ${side}`, SIDES[side], table(['name', 'means', 'retried', 'exit'], rows)]
}
