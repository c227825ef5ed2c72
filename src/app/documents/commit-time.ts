// How a commit that has to be confirmed waits: for its deadline, and between two tries to undo it. The wall clock does
// not matter here.
import type { Clock } from '../../base/clock.ts'
import { LIMITS } from '../../base/limits.ts'
import type { KeptCommit } from './confirm-file.ts'

interface Wait {
  readonly clock: Clock
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

/** Milliseconds until the deadline, negative behind it. A clock that was set back gives no more time than there was. */
export function leftOf(
  { time, confirmBefore }: Pick<KeptCommit, 'time' | 'confirmBefore'>,
  clock: Pick<Clock, 'now'>,
): number {
  return Math.min(confirmBefore - clock.now(), confirmBefore - time)
}

/** Resolve at the deadline, or when the signal aborts; `onSoon` is called shortly before, where there is much time. */
export async function deadline(
  leftMs: number,
  { clock, signal, onSoon }: Wait & { readonly onSoon: () => void },
): Promise<void> {
  const { confirmWarnMs } = LIMITS
  if (leftMs <= 2 * confirmWarnMs) return clock.pause(leftMs, signal)
  await clock.pause(leftMs - confirmWarnMs, signal)
  if (signal.aborted) return
  onSoon()
  await clock.pause(confirmWarnMs, signal)
}

/** Try again, less and less often, until it is done or the signal aborts. */
export async function tryAgain(
  tryOnce: () => Promise<boolean>,
  { clock, signal }: Wait,
): Promise<void> {
  for (let waitMs: number = LIMITS.confirmRetryMsMin; ; waitMs *= 2) {
    await clock.pause(Math.min(waitMs, LIMITS.confirmRetryMsMax), signal)
    if (signal.aborted || (await tryOnce())) return
  }
}
