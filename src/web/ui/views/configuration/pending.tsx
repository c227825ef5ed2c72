// The commit that takes itself back unless it is confirmed: how long it still waits, and both ways to end that.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import type { PendingCommit } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { me } from '../../state/me.ts'
import { notice } from '../../state/notices.ts'
import { configState } from '../../state/services.ts'
import { markStale } from '../../state/stale.ts'
import { useStore } from '../../state/store.ts'
import { useLeftMs } from '../live/count-down.ts'
import { countDownNews, countDownText } from '../text/count-down.ts'
import { visibleLine } from '../text/visible.ts'
import { mayConfirm } from './documents.ts'

export function Pending() {
  const pending = useStore(configState)?.pending
  return pending ? <PendingBox key={pending.confirmBefore ?? ''} pending={pending} /> : null
}

function PendingBox({ pending }: { readonly pending: PendingCommit }) {
  const { operator = '', comment = '', confirmBefore = '' } = pending
  const who = useStore(me)
  const [isUndoing, setUndoing] = useState(false)
  const keep = useAction(() => end(false))
  const isMine = who != null && mayConfirm({ operator }, who)
  return (
    <section class="pending" aria-label="A commit waits to be confirmed">
      <div>
        <strong>
          {visibleLine(operator)} committed{comment === '' ? '' : `: ${visibleLine(comment)}`}
        </strong>
        <CountDown until={Date.parse(confirmBefore)} />
        <ProblemText problem={keep.problem} />
      </div>
      <Can command="confirm">
        {isMine ? (
          <div class="page-actions">
            <Button kind="primary" busy={keep.busy} onPress={() => keep.start()}>
              Confirm: keep it
            </Button>
            <Button kind="danger" disabled={keep.busy} onPress={() => setUndoing(true)}>
              Undo it now …
            </Button>
          </div>
        ) : (
          <p class="muted">Only {visibleLine(operator)}, or role full, can confirm or undo it.</p>
        )}
      </Can>
      {isUndoing && (
        <Confirm
          title="Undo the commit?"
          sentence="All that it changed is as before again; what others changed since stays. Sessions that are open go on, those of what goes finish."
          act="Undo the commit"
          run={() => end(true)}
          onClose={() => setUndoing(false)}
        />
      )}
    </section>
  )
}

function CountDown({ until }: { readonly until: number }) {
  const leftMs = useLeftMs(until)
  return (
    <p>
      <span class="count-down" role="timer" aria-live="off">
        {leftMs > 0 ? `undone by itself in ${countDownText(leftMs)}` : 'being undone …'}
      </span>
      <span class="unseen" aria-live="assertive">
        {countDownNews(leftMs)}
      </span>
    </p>
  )
}

/** @throws Problem */
async function end(undo: boolean): Promise<void> {
  const { result } = await command<{ readonly message: string }>('confirm', undo ? { undo } : {})
  configState.update((now) => (now === undefined ? now : { ...now, pending: null }))
  notice({ tone: undo ? 'info' : 'good', text: result.message })
  markStale()
}
