// What the candidate and somebody else both changed since it was opened: named, with the one way to go on that keeps mine.
import { command } from '../../api/call.ts'
import type { Done } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Section } from '../../parts/page.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { notice } from '../../state/notices.ts'
import { visibleLine } from '../text/visible.ts'
import { baseText, sideText } from './conflict-text.ts'
import type { CandidateConflict } from './documents.ts'

interface CandidateConflictsProps {
  readonly conflicts: readonly CandidateConflict[]
  readonly onChange: () => Promise<void>
}

export function CandidateConflicts({ conflicts, onChange }: CandidateConflictsProps) {
  const keep = useAction(async () => {
    const { result } = await command<Done>('begin', { again: true })
    notice({ tone: 'good', text: result.message })
    await onChange()
  })
  return (
    <Section title="In the way of a commit">
      <p>
        Somebody else changed the same since you began. Set these to what runs, or keep yours: then
        what runs now is the ground for all of your changes.
      </p>
      <Table
        caption="Conflicts of your candidate"
        rows={conflicts}
        keyOf={({ path, field }) => `${path} ${field ?? ''}`}
        columns={COLUMNS}
      />
      <Can command="begin">
        <Button busy={keep.busy} onPress={() => keep.start()}>
          Keep mine
        </Button>
      </Can>
      <ProblemText problem={keep.problem} />
    </Section>
  )
}

const COLUMNS: readonly Column<CandidateConflict>[] = [
  { id: 'path', title: 'What', of: ({ path }) => visibleLine(path) },
  { id: 'base', title: 'Was', cell: baseText },
  { id: 'mine', title: 'Mine', cell: (row) => sideText(row, row.candidate) },
  { id: 'running', title: 'Running', cell: (row) => sideText(row, row.running) },
]
