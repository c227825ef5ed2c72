// What is said of a live list, and what can be done with it: how much is shown, pause, go on, clear.
import { Button } from '../../parts/button.tsx'
import { KEPT_MAX } from './kept.ts'

interface KeptBarProps {
  /** After the filter, and before. */
  readonly shown: number
  readonly kept: {
    readonly items: readonly unknown[]
    readonly held: readonly unknown[]
    readonly isPaused: boolean
    readonly dropped: number
    readonly pause: () => void
    readonly resume: () => void
    readonly clear: () => void
  }
}

export function KeptBar({ shown, kept }: KeptBarProps) {
  const { items, held, isPaused, dropped, pause, resume, clear } = kept
  const some = shown === items.length ? `${shown} lines` : `${shown} of ${items.length} lines`
  const more = dropped > 0 ? `, the last ${KEPT_MAX}` : ''
  return (
    <div class="list-bar">
      <p class="muted" aria-live="off">
        {some}
        {more}
        {isPaused && ` – paused, ${held.length} more came`}
      </p>
      <div class="page-actions">
        <Button small pressed={isPaused} onPress={isPaused ? resume : pause}>
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
        <Button small kind="quiet" disabled={items.length === 0} onPress={clear}>
          Clear
        </Button>
      </div>
    </div>
  )
}
