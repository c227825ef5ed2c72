// The documents that were: which there are, what one of them said, and the way back to it.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { whole } from '../../model/field.ts'
import type { PermitUsers, UserSnapshot } from '../../model/snapshot.ts'
import { type Column, printableLines } from '../answer/columns.ts'
import { countOf, linesOf, textOfDifference } from '../answer/difference-text.ts'
import { toSecond } from '../answer/figures.ts'
import { arranged, listCommand } from '../answer/list.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../context.ts'
import type { DifferenceView, RevisionView } from '../documents.ts'
import { fieldFlag, valueOf } from '../line/kinds.ts'
import { withoutHashes } from '../show/config.ts'
import { commentText, confirmTime } from './transactions.ts'
import { requireWaysIn } from './ways-in.ts'

const LINES_SHOWN = 20

const lines = whole({
  attribute: 'lines',
  summary: `revisions to show at most; ${LINES_SHOWN} where it is left out`,
  effect: 'at once',
  min: 1,
  max: LIMITS.revisionsKept,
  standard: LINES_SHOWN,
})

const revisionNumber = whole({
  attribute: 'revision',
  summary: 'number of a revision, as history shows it',
  effect: 'at once',
  min: 1,
  max: Number.MAX_SAFE_INTEGER,
  standard: 1,
})

const revision = { kind: valueOf('N', revisionNumber), summary: 'its number, as history shows it' }

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NUMBER', of: ({ number }) => number, right: true },
  { title: 'TIME', of: ({ time }) => toSecond(time) },
  { title: 'WHO', of: ({ origins }) => origins.join(' '), field: 'origins' },
  { title: 'CHANGES', of: ({ changes }) => summaryOf(changes) },
  { title: 'COMMENT', of: ({ comment: said }) => said },
]

const FIELDS = ['number', 'time', 'origins', 'comment', 'changes', 'size'] as const

export const history = listCommand({
  words: ['history'],
  flags: { lines: fieldFlag('N', lines) },
  role: 'readonly',
  summary: 'list the documents that were saved or taken over, newest first',
  examples: ['history', 'history --lines 100', 'history --where origins~alice'],
  fields: FIELDS,
  columns: COLUMNS,
  async run({ lines: most }, { process }, view) {
    const rows = arranged((await process.history.list()).map(rowOf), view)
    return rows.slice(0, most ?? (view.piped ? rows.length : LINES_SHOWN))
  },
  empty: () => 'no revisions: nothing was saved yet, or the file is never written\n',
})

export const showRevision = command({
  words: ['show', 'revision'],
  arguments: { revision },
  flags: { changes: { summary: 'only what it changed of the one before' } },
  role: 'readonly',
  summary:
    'print a document that was, or what it changed; hashes of passwords and tokens only for role full',
  examples: ['show revision 1', 'show revision 1 --changes'],
  json: { list: false, fields: [...FIELDS, 'text'] },
  async run({ revision: number }, { process, role }) {
    const row = rowOf(await process.history.get(number))
    const text = await process.history.text(number)
    return { ...row, text: role === 'full' ? text : withoutHashes(text) }
  },
  text({ number, changes, text }, { changes: only }) {
    if (!only) return text
    if (changes === null) return `nobody knows any more; see: diff ${number - 1} ${number}\n`
    return `${printableLines(linesOf(changes))}${countOf(changes)}\n`
  },
})

export const rollback = command({
  words: ['rollback'],
  arguments: { revision },
  flags: {
    dryRun: { summary: 'only say what would change' },
    comment: { kind: commentText, summary: 'why; left out, rollback to N' },
    confirmed: fieldFlag('TIME', confirmTime),
    force: { summary: 'even where that locks you out, or everybody' },
  },
  // It may name operators and their roles.
  role: 'full',
  summary: 'make the running system what a revision says, in place, and save that as a new one',
  examples: ['rollback 1 --dry-run', 'rollback 1', "rollback 1 --comment 'b was no better'"],
  json: {
    list: false,
    fields: [
      'done',
      'dryRun',
      'file',
      'written',
      'revision',
      'unsaved',
      'confirmBefore',
      'differences',
    ],
  },
  async run({ revision: number, dryRun, comment: said, confirmed, force }, context) {
    const { process, operator } = context
    if (dryRun) {
      const differences = await process.history.compare('running', number)
      const { file, unsaved = null } = process.document()
      const nothing = { written: false, revision: 0, confirmBefore: null }
      return { done: 'rollback', dryRun, file, ...nothing, unsaved, differences }
    }
    const comment = said ?? `rollback to ${number}`
    const permit = (users: readonly UserSnapshot[]) => {
      if (!force) requireWaysIn(process.balancer.users, users, operator)
    }
    const rolled =
      confirmed === undefined
        ? { ...(await process.history.rollback(number, comment, permit)), confirmBefore: null }
        : await untilConfirmed(number, { comment, confirmMs: confirmed, permit }, context)
    const { unsaved = null } = process.document()
    return { done: 'rollback', dryRun, unsaved, ...rolled }
  },
  text({ dryRun, differences, file, written, revision: made, unsaved, confirmBefore }) {
    const what = `${linesOf(differences)}${countOf(differences)}`
    if (dryRun) return `${what}: nothing was done\n`
    const next =
      confirmBefore === null ? '' : `undone at ${confirmBefore} unless you type: confirm\n`
    if (written) return `${what}; ${file}: written, revision ${made}\n${next}`
    return `${what}; ${file}: not written, ${unsaved ?? 'it says the same'}\n${next}`
  },
})

interface Unconfirmed {
  readonly comment: string
  readonly confirmMs: number
  readonly permit: PermitUsers
}

/** A commit of what the revision says, which is what can be undone by itself. @throws BalancerError REFUSED */
async function untilConfirmed(
  number: number,
  { comment, confirmMs, permit }: Unconfirmed,
  { process: { candidates, history: documents }, operator }: CommandContext,
) {
  if (candidates.of(operator) !== undefined) {
    const next = 'commit or discard it before a rollback that has to be confirmed'
    throw new BalancerError('REFUSED', `${operator} has a candidate; ${next}`)
  }
  await candidates.load(operator, await documents.text(number))
  try {
    const { confirmBefore, ...rolled } = await candidates.commit(operator, {
      comment,
      confirmMs,
      watchTraffic: false,
      permit: (_, users) => permit(users),
    })
    return { ...rolled, confirmBefore: confirmBefore === null ? null : toIso(confirmBefore) }
  } finally {
    candidates.discard(operator)
  }
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}

function rowOf({ number, time, origins, comment: said, changes, size }: RevisionView) {
  return { number, time: toIso(time), origins, comment: said, changes, size }
}

/** `~ web/main/a: weight 1 -> 5, and 2 more`. */
function summaryOf(changes: readonly DifferenceView[] | null): string {
  if (changes === null) return '?'
  const [first] = changes
  if (first === undefined) return ''
  const more = changes.length > 1 ? `, and ${changes.length - 1} more` : ''
  return `${textOfDifference(first)}${more}`
}
