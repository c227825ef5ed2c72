// `show candidates`: whose edits are not in effect yet.
import type { Column } from '../answer/columns.ts'
import { toSecond } from '../answer/figures.ts'
import { listCommand } from '../answer/list.ts'
import type { Candidate } from '../documents.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'OPERATOR', of: ({ operator }) => operator },
  { title: 'SINCE', of: ({ since }) => toSecond(since) },
  { title: 'TOUCHED', of: ({ touched }) => toSecond(touched) },
  { title: 'CHANGES', of: ({ changes }) => changes, right: true },
  { title: 'CONFLICTS', of: ({ conflicts }) => conflicts, right: true },
]

export const showCandidates = listCommand({
  words: ['show', 'candidates'],
  role: 'readonly',
  summary: 'list who has edits that are not in effect: since when, and how many',
  examples: ['show candidates', 'show candidates --json'],
  fields: ['operator', 'since', 'touched', 'changes', 'conflicts'],
  columns: COLUMNS,
  run: (_, { process }) => process.candidates.list().map(rowOf),
  empty: () => 'no candidates; begin opens one\n',
})

function rowOf(candidate: Candidate) {
  const { operator, since, touched } = candidate
  return {
    operator,
    since: new Date(since).toISOString(),
    touched: new Date(touched).toISOString(),
    changes: candidate.compare().length,
    conflicts: candidate.conflicts().length,
  }
}
