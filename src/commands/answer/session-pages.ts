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

export interface PagesOptions {
  /** Only those with a higher number. Default 0. */
  readonly after?: number
  /** How many may be enough: so many are looked at first. Default a whole page. */
  readonly first?: number
}

/** Oldest first. @throws BalancerError REFUSED once `signal` aborts */
export async function* sessionPages(
  source: SessionSource,
  signal: AbortSignal,
  { after = 0, first = PAGE }: PagesOptions = {},
): AsyncGenerator<readonly SessionView[]> {
  let [from, limit] = [after, Math.min(first, PAGE)]
  while (!signal.aborted) {
    const page = source.sessions({ after: from, limit })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return
    from = last.id
    limit = PAGE
    await nextTurn()
  }
  throw new BalancerError('REFUSED', 'interrupted')
}
