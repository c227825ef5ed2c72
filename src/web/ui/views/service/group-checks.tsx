// The checks of a group: what each does, how it went at each host, and what can be done with it.
import { useState } from 'preact/hooks'
import type { CheckRow, CheckValues, GroupRow } from '../../api/types.ts'
import { ProblemText } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Icon } from '../../parts/icon.tsx'
import { useLoadedBy } from '../../state/loaded.ts'
import { Gone } from './asked.tsx'
import { AddCheck, ChangeCheck, RemoveCheck } from './check-dialogs.tsx'
import { looksOf, nameOf, whatItDecides, whatItDoes } from './check-text.ts'
import { looksAt, Strip } from './checks.tsx'

interface AboutGroup {
  readonly group: GroupRow
  readonly onClose: () => void
}

interface GroupChecksProps extends AboutGroup {
  readonly isGone: boolean
}

interface Asked {
  readonly what: 'change' | 'remove'
  readonly place: number
}

export function GroupChecks({ group, isGone, onClose }: GroupChecksProps) {
  const { path, name, checks } = group
  const [isAdding, setAdding] = useState(false)
  const [asked, ask] = useState<Asked>()
  const looks = useLoadedBy(() => looksAt(path), path)
  return (
    <Dialog title={`Checks of ${path}`} onClose={onClose} wide>
      <Gone path={path} isGone={isGone} />
      {checks.length === 0 && (
        <Empty title={`No check looks at the hosts of ${name}.`}>
          <p>Only the connects of clients tell whether a host is up.</p>
        </Empty>
      )}
      <ProblemText problem={looks.problem} />
      {checks.map((check, index) => (
        <GroupCheck
          key={index}
          check={check}
          place={index + 1}
          looks={looks.value && looksOf(checks, index, looks.value)}
          ask={ask}
        />
      ))}
      <div class="row">
        <Can command="add-check">
          <Button onPress={() => setAdding(true)}>
            <Icon name="plus" />
            Add a check
          </Button>
        </Can>
        {checks.length > 0 && (
          <Button kind="quiet" onPress={() => looks.refresh()}>
            <Icon name="reload" />
            Read again
          </Button>
        )}
      </div>
      {isAdding && <AddCheck group={group} onClose={() => setAdding(false)} />}
      {asked && <AskedDialog group={group} asked={asked} onClose={() => ask(undefined)} />}
    </Dialog>
  )
}

interface AskedDialogProps extends AboutGroup {
  readonly asked: Asked
}

function AskedDialog({ group, asked: { what, place }, onClose }: AskedDialogProps) {
  const now = group.checks[place - 1]
  // As it was when it was pressed.
  const [meant] = useState(now)
  const check = what === 'remove' ? meant : now
  if (check === undefined) return null
  const shown = { group, place, check, onClose }
  return what === 'remove' ? <RemoveCheck {...shown} /> : <ChangeCheck {...shown} />
}

interface GroupCheckProps {
  readonly check: CheckValues
  readonly place: number
  /** Undefined until they were read. */
  readonly looks: readonly CheckRow[] | undefined
  readonly ask: (asked: Asked) => void
}

function GroupCheck({ check, place, looks, ask }: GroupCheckProps) {
  return (
    <section class="group-check" aria-label={`Check ${place}`}>
      <div class="section-head">
        <h3>
          <span class="muted">{place}.</span> {nameOf(check)}
        </h3>
        <div class="page-actions">
          <Button small onPress={() => ask({ what: 'change', place })}>
            Settings
          </Button>
          <Can command="remove-check">
            <Button small onPress={() => ask({ what: 'remove', place })}>
              <Icon name="trash" />
              Remove
            </Button>
          </Can>
        </div>
      </div>
      <p class="muted small-text">
        {whatItDoes(check)} {whatItDecides(check)}
      </p>
      {looks && looks.length > 0 && <Looks looks={looks} />}
    </section>
  )
}

/** Of more, those that went worst; the others are in the details of their hosts. */
const HOSTS_MAX = 20

function Looks({ looks }: { readonly looks: readonly CheckRow[] }) {
  const more = looks.length - HOSTS_MAX
  return (
    <>
      <ul class="looks">
        {looks.slice(0, HOSTS_MAX).map(({ path, results, reason }) => (
          <li key={path}>
            <span class="look-host">{path.split('/').at(-1)}</span>
            {results === '' ? (
              <span class="small-text muted">not looked at yet</span>
            ) : (
              <Strip results={results} />
            )}
            {reason !== '' && <span class="small-text bad">{reason}</span>}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p class="muted small-text">
          The {HOSTS_MAX} that went worst; {more} more are each in the details of the host.
        </p>
      )}
    </>
  )
}
