// What the file and the running system both changed to something else: each side's value, and who is right.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { type Told } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Reading } from '../../parts/reading.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { useLoadedBy } from '../../state/loaded.ts'
import { notice } from '../../state/notices.ts'
import { markStale } from '../../state/stale.ts'
import { counted, moment } from '../../text/format.ts'
import { LockOut } from '../operators/lock-out.tsx'
import { visibleLine } from '../text/visible.ts'
import { baseText, settleText, sideText } from './conflict-text.ts'
import type { Conflict } from './documents.ts'

type Side = 'file' | 'running'

interface Choice {
  readonly side: Side
  /** One, or all. */
  readonly conflict: Conflict | undefined
}

export function ConflictsTab() {
  const found = useLoadedBy(
    async () => (await command<readonly Conflict[]>('show-conflicts')).result,
    '',
  )
  const [choice, setChoice] = useState<Choice>()
  const { value } = found
  return (
    <>
      <Reading of={found} what="the conflicts" />
      {value && (
        <Table
          caption="Conflicts"
          rows={value}
          keyOf={({ path, field }) => `${path} ${field ?? ''}`}
          columns={columnsOf(setChoice)}
          empty={
            <Empty title="No conflicts.">
              <p class="muted">
                What was changed in the file and what was changed here go together.
              </p>
            </Empty>
          }
        />
      )}
      {value && value.length > 1 && (
        <Can command="resolve">
          <div class="row below">
            <Button onPress={() => setChoice({ side: 'file', conflict: undefined })}>
              All as in the file …
            </Button>
            <Button onPress={() => setChoice({ side: 'running', conflict: undefined })}>
              All as it runs …
            </Button>
          </div>
        </Can>
      )}
      {choice && (
        <Settle choice={choice} count={value?.length ?? 0} onClose={() => setChoice(undefined)} />
      )}
    </>
  )
}

function columnsOf(onChoice: (choice: Choice) => void): readonly Column<Conflict>[] {
  return [
    { id: 'path', title: 'What', of: ({ path }) => visibleLine(path) },
    { id: 'base', title: 'Was', cell: baseText },
    {
      id: 'file',
      title: 'In the file',
      cell: (row) => (
        <SideCell conflict={row} side="file" when={row.fileTime} who="" onChoice={onChoice} />
      ),
    },
    {
      id: 'running',
      title: 'Running',
      cell: (row) => (
        <SideCell
          conflict={row}
          side="running"
          when={row.time}
          who={row.origin ?? ''}
          onChoice={onChoice}
        />
      ),
    },
  ]
}

interface SideCellProps {
  readonly conflict: Conflict
  readonly side: Side
  readonly when: string | null
  readonly who: string
  readonly onChoice: (choice: Choice) => void
}

function SideCell({ conflict, side, when, who, onChoice }: SideCellProps) {
  const value = sideText(conflict, conflict[side])
  const by = [visibleLine(who), when === null ? '' : moment(when)].filter((word) => word !== '')
  return (
    <div class="side">
      <strong>{value}</strong>
      <span class="muted">{by.join(', ')}</span>
      <Can command="resolve">
        <Button
          small
          onPress={() => onChoice({ side, conflict })}
          title={`Settle ${visibleLine(conflict.path)}: ${value}`}
        >
          Take this …
        </Button>
      </Can>
    </div>
  )
}

/** Where paths of users and other settings begin. */
const SETTINGS = 'settings/'

interface SettleProps {
  readonly choice: Choice
  readonly count: number
  readonly onClose: () => void
}

function Settle({ choice: { side, conflict }, count, onClose }: SettleProps) {
  const [force, setForce] = useState(false)
  const where = side === 'file' ? 'as the file has it' : 'as it runs'
  const isAboutAccess = conflict === undefined || conflict.path.startsWith(SETTINGS)
  const sentence =
    conflict === undefined
      ? `${counted(count, 'conflict')} are settled: each ${where}.`
      : `${settleText(conflict, side, conflict[side])}.`
  const run = async (told: Told) => {
    const which =
      conflict === undefined ? { words: [side], all: true } : { words: [conflict.path, side] }
    const body = { ...which, ...(force ? { force } : {}) }
    const { result } = await command<{ readonly settled: readonly unknown[] }>(
      'resolve',
      body,
      told,
    )
    notice({
      tone: 'good',
      text: `${counted(result.settled.length, 'conflict')} settled, ${where}.`,
    })
    markStale()
  }
  return (
    <Confirm
      title={conflict === undefined ? 'Settle all conflicts?' : 'Settle the conflict?'}
      sentence={`${sentence} It is saved at once. Open sessions go on; those of what is removed finish.`}
      act="Settle"
      kind="primary"
      run={run}
      onClose={onClose}
    >
      {isAboutAccess && <LockOut force={force} onForce={setForce} />}
    </Confirm>
  )
}
