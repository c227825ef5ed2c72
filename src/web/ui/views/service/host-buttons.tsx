// What is done most with a host, in its row: another intent. The rest is in its details.
import type { HostRow } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { edit } from '../../state/edit.ts'

interface IntentButtonsProps {
  readonly host: HostRow
  /** The question is not in the row, which may be drawn elsewhere a second later, or not at all. */
  readonly ask: (what: 'drain' | 'disable') => void
}

interface HostButtonsProps extends IntentButtonsProps {
  readonly onDetails: () => void
}

export function HostButtons({ host, ask, onDetails }: HostButtonsProps) {
  return (
    <span class="row">
      <IntentButtons host={host} ask={ask} />
      <IconButton icon="more" label={`Details of ${host.path}`} onPress={onDetails} />
    </span>
  )
}

export function IntentButtons({ host, ask }: IntentButtonsProps) {
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
