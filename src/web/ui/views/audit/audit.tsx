// Who did what, from where, and how it ended: the last lines of the audit log and those that come, and whether it is whole.
import { useMemo, useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Field } from '../../parts/field.tsx'
import { Page } from '../../parts/page.tsx'
import { Progress } from '../../parts/progress.tsx'
import { useMay } from '../../state/commands.ts'
import { counted } from '../../text/format.ts'
import { Facts } from '../lists/facts.tsx'
import { KEPT_MAX } from '../lists/kept.ts'
import { KeptList } from '../lists/kept-list.tsx'
import { LineTime } from '../lists/line-time.tsx'
import { useKeptLines } from '../live/kept-lines.ts'
import { visibleLine } from '../text/visible.ts'
import {
  AUDIT_EVENTS,
  type AuditFilter,
  type AuditLine,
  factsOf,
  isAlarming,
  isWanted,
  whatOf,
  whoOf,
} from './audit-line.ts'

export function AuditView() {
  const maySee = useMay('show-audit')
  return (
    <Page title="Audit" actions={<Verify />}>
      {maySee ? (
        <AuditLines />
      ) : (
        <Empty title="The audit log is for role full.">
          <p class="muted">
            It tells what everybody typed, and from where. Whether it is whole, everybody may ask.
          </p>
        </Empty>
      )}
    </Page>
  )
}

function AuditLines() {
  const [filter, setFilter] = useState<AuditFilter>({ operator: '', event: '' })
  const [opened, setOpened] = useState<AuditLine>()
  const kept = useKeptLines({
    event: 'audit',
    earlier: async () =>
      (await command<readonly AuditLine[]>('show-audit', { lines: KEPT_MAX })).result,
    itemOf: ({ line, lost }) => ({ ...(line as unknown as AuditLine), lost }),
    keyOf: ({ number }) => number,
  })
  const lines = useMemo(
    () => kept.items.filter((line) => isWanted(line, filter)),
    [kept.items, filter],
  )
  return (
    <>
      <div class="filter" role="search" aria-label="Find lines">
        <Field
          label="Operator"
          type="search"
          value={filter.operator}
          onInput={(operator) => setFilter({ ...filter, operator: operator.trim() })}
        />
        <Field
          label="Event"
          value={filter.event}
          onInput={(event) => setFilter({ ...filter, event })}
          options={[{ value: '', title: 'all' }, ...AUDIT_EVENTS]}
        />
      </div>
      <KeptList
        what="the audit log"
        class="audit"
        kept={kept}
        lines={lines}
        row={(line) => <Line key={line.number} line={line} onOpen={setOpened} />}
        empty={
          <Empty title="Nothing like that is in the last lines.">
            <p class="muted">Older ones are in the files.</p>
          </Empty>
        }
      />
      {opened && <Opened line={opened} onClose={() => setOpened(undefined)} />}
    </>
  )
}

interface LineProps {
  readonly line: AuditLine
  readonly onOpen: (line: AuditLine) => void
}

function Line({ line, onOpen }: LineProps) {
  const { number, time, event, lost = 0 } = line
  return (
    <div class={isAlarming(line) ? 'line warn' : 'line'}>
      <LineTime time={time} />
      <Badge tone={isAlarming(line) ? 'warn' : 'neutral'}>{visibleLine(event)}</Badge>
      <strong>{whoOf(line)}</strong>
      <span class="line-text">
        {lost > 0 && <em>{lost} left out before it; </em>}
        {whatOf(line)}
      </span>
      <IconButton icon="more" label={`All of line ${number}`} onPress={() => onOpen(line)} />
    </div>
  )
}

function Opened({ line, onClose }: { readonly line: AuditLine; readonly onClose: () => void }) {
  return (
    <Dialog
      title={`Line ${line.number} of the audit log`}
      wide
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <Facts facts={factsOf(line)} />
    </Dialog>
  )
}

interface Verdict {
  readonly lines: number
  readonly files: readonly string[]
  readonly notes: readonly string[]
}

function Verify() {
  const [verdict, setVerdict] = useState<Verdict>()
  const check = useAction(async (told) => {
    setVerdict(undefined)
    setVerdict((await command<Verdict>('audit-verify', {}, told)).result)
  })
  return (
    <>
      {check.busy && <Progress label={check.note || 'Reading the whole log …'} />}
      {verdict && (
        <Badge tone="good" icon="check" title={verdict.notes.join('; ')}>
          whole: {counted(verdict.lines, 'line')} in {counted(verdict.files.length, 'file')}
        </Badge>
      )}
      <ProblemText problem={check.problem} />
      <Button busy={check.busy} onPress={() => check.start()}>
        Is it whole?
      </Button>
    </>
  )
}
