// One session explained: where it came in, why it has its host, and what will end it.
import { command } from '../../api/call.ts'
import { ProblemText } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Loading } from '../../parts/progress.tsx'
import { useLoadedBy } from '../../state/loaded.ts'
import { useWhileVisible } from '../live/while-visible.ts'
import { visibleLine } from '../text/visible.ts'
import type { KillAim } from './session-filter.ts'

interface Explanation {
  readonly path: string
  readonly verdict: string
  readonly reasons: readonly {
    readonly what: string
    readonly decides: boolean
    readonly text: string
  }[]
}

interface SessionDetailsProps {
  readonly id: number
  readonly onClose: () => void
  readonly onAim: (aim: KillAim) => void
}

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 2_000

export function SessionDetails({ id, onClose, onAim }: SessionDetailsProps) {
  const explained = useLoadedBy(async () => {
    return (await command<Explanation>('explain-session', { id })).result
  }, id)
  const isOver = explained.problem?.status === 404
  useWhileVisible(explained.refresh, LOOK_MS, !isOver)
  const kill = () => {
    onClose()
    onAim({ kind: 'session', id })
  }
  return (
    <Dialog
      title={`Session ${id}`}
      wide
      onClose={onClose}
      actions={
        <>
          {!isOver && (
            <Can command="kill-session">
              <Button kind="danger" onPress={kill}>
                End it …
              </Button>
            </Can>
          )}
          <Button onPress={onClose}>Close</Button>
        </>
      }
    >
      {isOver ? (
        <p role="status">This session has ended.</p>
      ) : (
        <ProblemText problem={explained.problem} />
      )}
      {explained.value === undefined ? (
        explained.problem === undefined && <Loading what="the session" />
      ) : (
        <Reasons explanation={explained.value} />
      )}
    </Dialog>
  )
}

function Reasons({ explanation: { verdict, reasons } }: { readonly explanation: Explanation }) {
  return (
    <>
      <p>{visibleLine(verdict)}</p>
      <dl class="fact-list">
        {reasons.map(({ what, text, decides }, index) => (
          <div key={index} class={decides ? 'decides' : ''}>
            <dt>{visibleLine(what)}</dt>
            <dd>{visibleLine(text, 1_000)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
