// All open sessions, read page by page with a turn of the loop in between: there may be very many, and traffic waits
// for nobody who looks.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { BalancerError } from '../../base/errors.ts'
import type { SessionView } from '../../model/session-view.ts'

/** Sessions that are looked at in one turn of the loop. */
const PAGE = 1_000

export interface SessionSource {
  sessions(options: { readonly after: number; readonly limit: number }): readonly SessionView[]
}

/** Oldest first. @throws BalancerError REFUSED once `signal` aborts */
export async function* sessionPages(
  source: SessionSource,
  signal: AbortSignal,
): AsyncGenerator<readonly SessionView[]> {
  let after = 0
  while (!signal.aborted) {
    const page = source.sessions({ after, limit: PAGE })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.id
    await nextTurn()
  }
  throw new BalancerError('REFUSED', 'interrupted')
}
