// What is done most with a host, in its row: another intent. The rest is in its details.
import { useState } from 'preact/hooks'
import type { GroupRow, HostRow } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { edit } from '../../state/edit.ts'
import { DisableHost, DrainHost } from './host-intents.tsx'

interface HostButtonsProps {
  readonly host: HostRow
  readonly group: GroupRow
  /** All of the group. */
  readonly hosts: readonly HostRow[]
  readonly onDetails: () => void
}

export function HostButtons({ host, group, hosts, onDetails }: HostButtonsProps) {
  return (
    <span class="row">
      <IntentButtons host={host} group={group} hosts={hosts} />
      <IconButton icon="more" label={`Details of ${host.path}`} onPress={onDetails} />
    </span>
  )
}

export function IntentButtons({ host, group, hosts }: Omit<HostButtonsProps, 'onDetails'>) {
  const [asked, ask] = useState<'drain' | 'disable'>()
  const close = () => ask(undefined)
  const { intent } = host
  return (
    <>
      {intent === 'enabled' && (
        <Can command="drain-host">
          <Button small onPress={() => ask('drain')}>
            Drain
          </Button>
        </Can>
      )}
      {intent !== 'disabled' && (
        <Can command="disable-host">
          <Button small onPress={() => ask('disable')}>
            Disable
          </Button>
        </Can>
      )}
      {intent !== 'enabled' && <Enable host={host} />}
      {asked === 'drain' && <DrainHost host={host} group={group} hosts={hosts} onClose={close} />}
      {asked === 'disable' && (
        <DisableHost host={host} group={group} hosts={hosts} onClose={close} />
      )}
    </>
  )
}

function Enable({ host: { path } }: { readonly host: HostRow }) {
  const enabling = useAction(() => edit('enable-host', { host: path }))
  return (
    <Can command="enable-host">
      <Button small kind="primary" busy={enabling.busy} onPress={() => enabling.start()}>
        Enable
      </Button>
      <ProblemText problem={enabling.problem} />
    </Can>
  )
}
