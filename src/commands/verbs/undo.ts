// `undo`: take back what was typed, also what was assigned at the prompt. One act (a line, an evaluation, one reading
// of the file) is taken back at a time, all of it or nothing.
import { BalancerError, notUnderstood } from '../../base/errors.ts'
import { currentOrigin } from '../../base/origin.ts'
import type { Change } from '../../model/change.ts'
import { whole } from '../../model/field.ts'
import type { ActView } from '../../model/journal.ts'
import { textOfChange } from '../answer/change-text.ts'
import { type Column, formatTable } from '../answer/columns.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { valueOf } from '../line/kinds.ts'

/** Acts in one answer of `--list`, and changes in the text of one. */
const LISTED = 50
const CHANGES_TOLD = 20

const actNumber = whole({
  attribute: 'act',
  summary: 'number of an act, as undo --list shows it',
  effect: 'at once',
  min: 1,
  max: Number.MAX_SAFE_INTEGER,
  standard: 1,
})

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ACT', of: ({ number }) => number, right: true },
  { title: 'TIME', of: ({ time }) => time },
  { title: 'WHO', of: ({ origin }) => origin },
  { title: 'UNDONE', of: ({ undone }) => undone },
  { title: 'WHAT', of: whatOf },
]

export const undo = command({
  words: ['undo'],
  arguments: {
    act: {
      kind: valueOf('N', actNumber),
      summary: 'that act, also an undo; left out, your last one that is not undone and no undo',
      optional: true,
    },
  },
  flags: {
    list: {
      summary:
        'only show what you did lately; each of its changes has action, path, field, before, after, message',
    },
    all: { summary: 'with --list: what everybody did, for role full' },
  },
  edits: true,
  role: 'operate',
  roleFor: ({ flags }) => (flags.some(({ word }) => word === '--all') ? 'full' : 'operate'),
  summary: 'take back what you did last; with a number also what somebody else did, for role full',
  examples: ['undo', 'undo --list', 'undo 10'],
  json: {
    list: true,
    fields: ['number', 'time', 'origin', 'undone', 'undoes', 'changes', 'candidate'],
  },
  async run({ act: number, list, all }, context) {
    const { journal } = context.process
    if (all && !list)
      throw notUnderstood('--all goes with --list; undo takes back one act at a time')
    if (list && number !== undefined)
      throw notUnderstood('--list shows all that is kept; leave out N')
    if (list) return listed(all, context).map((act) => rowOf(act))
    requireDoing(context)
    const act = number === undefined ? lastOf(context) : journal.act(number)
    requireOwn(act, context)
    const changes = await journal.undo(act.number)
    return [rowOf(journal.act(act.number), changes)]
  },
  text(rows, { list }, { columns }) {
    if (list) return rows.length === 0 ? 'nothing to undo\n' : formatTable(COLUMNS, rows, columns)
    return rows.map(textOfUndone).join('')
  },
})

// A trial acts on a copy, and nobody did anything to that.
function requireDoing({ trial }: CommandContext): void {
  if (trial === undefined) return
  throw new BalancerError(
    'REFUSED',
    'undo cannot be tried without being done; undo --list shows what it would take back',
  )
}

function listed(all: boolean, { process }: CommandContext): readonly ActView[] {
  return process.journal.acts(all ? undefined : currentOrigin(), LISTED)
}

function lastOf({ process }: CommandContext): ActView {
  const act = process.journal.lastOf(currentOrigin())
  if (act !== undefined) return act
  const next = 'undo --list shows what you did, undo N brings back what an undo took'
  throw new BalancerError('REFUSED', `there is nothing left to undo; ${next}`)
}

// The table knows one role for a command; whose act it is, and of what, is known only here.
function requireOwn(act: ActView, context: CommandContext): void {
  if (context.role === 'full') return
  if (act.origin !== currentOrigin())
    throw notAllowed(`act ${act.number} was done by ${act.origin}; to undo it is`, context)
  // The role may have been another one when it was done.
  if (act.changes.some(({ path }) => path.startsWith('settings/')))
    throw notAllowed(`act ${act.number} changed a setting; to undo it is`, context)
}

function notAllowed(what: string, { operator, role }: CommandContext): BalancerError {
  return new BalancerError('NOT_ALLOWED', `${what} for role full, ${operator} has ${role}`)
}

function rowOf(act: ActView, changes: readonly Change[] = act.changes) {
  const { number, origin, undone, undoes } = act
  const time = new Date(act.time).toISOString()
  return { number, time, origin, undone, undoes, changes: changes.map(changeOf) }
}

function changeOf(change: Change) {
  const { act, action, path, field = null, from = null, to = null } = change
  return { act, action, path, field, before: from, after: to, message: textOfChange(change) }
}

function whatOf({ undoes, changes }: Row): string {
  const [first, ...others] = changes.map(({ message }) => message)
  const undone = undoes > 0 ? `undo ${undoes}: ` : ''
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  return `${undone}${first ?? 'too much to undo'}${more}`
}

function textOfUndone({ number, changes }: Row): string {
  const [first] = changes
  if (first === undefined) return `act ${number} is undone: everything was as before already\n`
  const told = changes.slice(0, CHANGES_TOLD).map(({ message }) => `${message}\n`)
  const left = changes.length - told.length
  const more = left > 0 ? `… and ${left} more\n` : ''
  return `${told.join('')}${more}act ${number} is undone; undo ${first.act} brings it back\n`
}
