// The documents that were, newest first: when, by whom, what they changed and why.
import { command } from '../../api/call.ts'
import { Empty } from '../../parts/empty.tsx'
import { Reading } from '../../parts/reading.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { hrefOf } from '../../route.ts'
import { useLoadedBy } from '../../state/loaded.ts'
import { bytes, moment } from '../../text/format.ts'
import { type Difference, summaryOf, textOf } from '../text/difference.ts'
import { visibleLine } from '../text/visible.ts'
import type { Revision } from './documents.ts'

/** As many as are kept at most. */
const LINES = 100

export function HistoryTab() {
  const found = useLoadedBy(
    async () => (await command<readonly Revision[]>('history', { lines: LINES })).result,
    '',
  )
  return (
    <>
      <Reading of={found} what="the history" />
      {found.value && (
        <Table
          caption="Revisions, newest first"
          rows={found.value}
          keyOf={({ number }) => number}
          columns={COLUMNS}
          empty={
            <Empty title="No revisions: nothing was saved yet, or the file is never written." />
          }
        />
      )}
    </>
  )
}

const COLUMNS: readonly Column<Revision>[] = [
  {
    id: 'number',
    title: 'Revision',
    of: ({ number }) => number,
    cell: ({ number }) => <a href={hrefOf({ view: 'revision', number })}>{number}</a>,
  },
  { id: 'time', title: 'When', of: ({ time }) => time, cell: ({ time }) => moment(time) },
  { id: 'who', title: 'Who', of: ({ origins }) => visibleLine(origins.join(' ')) },
  { id: 'comment', title: 'Comment', of: ({ comment }) => visibleLine(comment) },
  { id: 'changes', title: 'Changes', cell: ({ changes }) => changesText(changes), class: 'wide' },
  {
    id: 'size',
    title: 'Size',
    of: ({ size }) => size,
    cell: ({ size }) => bytes(size),
    right: true,
  },
]

/** The first one, and how many more. */
function changesText(changes: readonly Difference[] | null): string {
  if (changes === null) return 'too many to keep'
  const [first] = changes
  if (first === undefined) return summaryOf([])
  return changes.length === 1 ? textOf(first) : `${textOf(first)}, and ${changes.length - 1} more`
}
