// When traffic is clearly worse than it was before a commit: the rule, its figures, and the sentence that tells of it.
// Plain figures in, a sentence or nothing out.
import { LIMITS } from '../../base/limits.ts'
import { spanOf } from '../../commands/answer/figures.ts'

/** The figures of the rule. */
export const WORSE = {
  /** Sessions that have to come, and to fail, before their share says anything. */
  sessionsMin: 20,
  failedMin: 5,
  /** The share of failed ones is higher by so many percentage points, and by this factor. */
  pointsMin: 5,
  timesMin: 2,
  /** So many more hosts are down, it is this part of those that are wanted, and fewer than before are left. */
  downMin: 1,
  downPartMin: 1 / 4,
  /** Looks in a row that find the hosts worse. */
  looksMin: 2,
} as const

/** One service as it was before a commit. */
export interface ServiceBefore {
  readonly service: string
  /** Sessions that reached a host or ended without one, and of these the ones that did. */
  readonly came: number
  readonly failed: number
  /** The most hosts that were wanted and down at one look. */
  readonly downMost: number
  /** Hosts that were wanted and not down, right before the commit. */
  readonly left: number
}

/** The same service since the commit. */
export interface ServiceSince {
  readonly came: number
  readonly failed: number
  /** Now: hosts of the group that serves that are wanted, and those of them that are down. */
  readonly wanted: number
  readonly down: number
}

/** Do clearly more sessions fail? @returns what is worse */
export function worseSessions(before: ServiceBefore, since: ServiceSince): string | undefined {
  if (since.came < WORSE.sessionsMin || since.failed < WORSE.failedMin) return undefined
  const [was, is] = [percentOf(before), percentOf(since)]
  if (is - was < WORSE.pointsMin || is < WORSE.timesMin * was) return undefined
  return `${before.service}: ${shareOf(since)} failed since the commit, against ${shareOf(before)} in the ${AGO} before`
}

/** Is there no host left, where one was? @returns what is worse */
export function noHostLeft(before: ServiceBefore, since: ServiceSince): string | undefined {
  if (before.left === 0 || since.wanted > since.down) return undefined
  const is =
    since.wanted === 0 ? 'no host is wanted' : `all of ${since.wanted} wanted hosts are down`
  return `${before.service}: ${is}, right before the commit ${before.left} could get sessions`
}

/** Are clearly more hosts down, at this look? @returns what is worse */
export function worseHosts(before: ServiceBefore, since: ServiceSince): string | undefined {
  const more = since.down - before.downMost
  if (more < WORSE.downMin || more < WORSE.downPartMin * since.wanted) return undefined
  // Hosts that the commit added and that are not up yet take nothing from those that were there.
  if (since.wanted - since.down >= before.left) return undefined
  const is = `${since.down} of ${since.wanted} wanted hosts are down`
  return `${before.service}: ${is}, against ${before.downMost} at most in the ${AGO} before`
}

const AGO = spanOf(LIMITS.trafficBeforeMs)

interface Sessions {
  readonly came: number
  readonly failed: number
}

function percentOf({ came, failed }: Sessions): number {
  return came === 0 ? 0 : (100 * failed) / came
}

function shareOf(sessions: Sessions): string {
  const { came, failed } = sessions
  return `${failed} of ${came} sessions (${Math.round(10 * percentOf(sessions)) / 10}%)`
}
