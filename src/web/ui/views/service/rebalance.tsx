// Ends idle sessions of hosts that have more than their share, so that their clients come back elsewhere: asked for, how far
// it is, and stopped.
import { useEffect, useState } from 'preact/hooks'
import { get } from '../../api/call.ts'
import type { GroupRow, RebalanceRow } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Field } from '../../parts/field.tsx'
import { edit } from '../../state/edit.ts'
import { serverNow } from '../../state/server-clock.ts'
import { useStore } from '../../state/store.ts'
import { traffic } from '../../state/traffic.ts'
import { counted, until } from '../../text/format.ts'

const SHARES = ['10%', '20%', '50%', '100%'] as const

interface RebalanceProps {
  readonly group: GroupRow
  readonly onClose: () => void
}

export function Rebalance({ group, onClose }: RebalanceProps) {
  const [share, setShare] = useState('20%')
  const [over, setOver] = useState('5m')
  const open = useOpen(group)
  const most = Math.floor((open * Number.parseInt(share, 10)) / 100)
  return (
    <Confirm
      title={`Rebalance ${group.path}`}
      sentence={`Ends up to ${counted(most, 'session')} of ${open} that are open, the idlest of those hosts that have more than their share; hosts with fewer get their clients when these come back.`}
      act="End the idlest sessions"
      onClose={onClose}
      run={() => edit('rebalance-group', { group: group.path, share, over }, { undo: false })}
    >
      <div class="fields">
        <Field
          label="Share of its open sessions"
          value={share}
          onInput={setShare}
          options={SHARES}
        />
        <Field label="Spread over" value={over} onInput={setOver} hint="0s ends them at once." />
      </div>
      {group.rebalance && <UnderWay group={group} />}
    </Confirm>
  )
}

/** Open sessions of the group when the question came up. */
function useOpen(group: GroupRow): number {
  const [open, setOpen] = useState<number>()
  const reading = useAction(async () => {
    const [now = group] = await get<readonly GroupRow[]>(
      `/groups?scope=${encodeURIComponent(group.path)}`,
    )
    setOpen(now.open)
  })
  useEffect(() => void reading.start(), [group.path])
  return open ?? group.open
}

function UnderWay({ group: { path } }: { readonly group: GroupRow }) {
  const stopping = useAction(() =>
    edit('rebalance-group', { group: path, stop: true }, { undo: false }),
  )
  return (
    <div class="row">
      <span>One is under way.</span>
      <Button small busy={stopping.busy} onPress={() => stopping.start()}>
        Stop it
      </Button>
      <ProblemText problem={stopping.problem} />
    </div>
  )
}

export function RebalanceState({ rebalance }: { readonly rebalance: RebalanceRow }) {
  // Each second of the traffic is one of the clock.
  useStore(traffic)
  return (
    <Badge tone="warn" title={`It ends up to ${counted(rebalance.most, 'session')}`}>
      rebalance, done {until(rebalance.until, serverNow())}
    </Badge>
  )
}
