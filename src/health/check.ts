// The contract of a check: one look at one host that ends well, or fails with a sentence for people. A check
// keeps nothing between two looks and leaves nothing open behind it; when to look again and what a look
// means is not its business.
import { BalancerError, messageOf } from '../base/errors.ts'
import { formatDuration } from '../base/duration.ts'
import type { CheckValues, GroupValues } from '../model/fields.ts'
import type { Target } from '../model/target.ts'

/** The host that is looked at. */
export interface Subject {
  readonly name: string
  /** As the operator wrote it: `10.0.0.1:80`, `db.example:5432`, `unix:/path`. */
  readonly address: string
  /** Names are resolved before they come here. */
  readonly target: Target
}

/**
 * Look once. Resolves when the host is good.
 *
 * @param signal ends the look at once; whatever was opened is closed before the promise settles
 * @throws BalancerError CHECK_FAILED where the host is not good; another one where we could not look
 */
export type Check = (subject: Subject, signal: AbortSignal) => Promise<void>

/** What a check is made of: the `<check>` element and the PROXY header that its group sends. */
export type CheckSettings = CheckValues & { readonly proxy: GroupValues['proxy'] }

/** @throws BalancerError VALUE_BAD where the settings cannot work */
export type CheckMaker = (settings: CheckSettings) => Check

/** The same check with a deadline; whatever else it throws becomes the sentence of a failed check. */
export function withDeadline(check: Check, timeoutMs: number): Check {
  return async (subject, signal) => {
    const own = new AbortController()
    const late = failed(`no answer within ${formatDuration(timeoutMs)}`)
    const timer = setTimeout(() => own.abort(late), timeoutMs)
    const stop = () => own.abort(signal.reason)
    // Not AbortSignal.any: there every look would leave a trace in the long-lived signal.
    signal.addEventListener('abort', stop)
    try {
      signal.throwIfAborted()
      await check(subject, own.signal)
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof BalancerError ? error : failed(messageOf(error), error)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }
}

/** The host is not good, and why. */
export function failed(sentence: string, cause?: unknown): BalancerError {
  return new BalancerError('CHECK_FAILED', sentence, cause === undefined ? {} : { cause })
}
