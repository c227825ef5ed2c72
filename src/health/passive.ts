// What clients' own connects say about a host. The engine reports every failure, but successes only of hosts that
// are down: a host's count of sessions tells whether one was taken between two failures.
import { ERRORS, type ErrorCode } from '../base/errors.ts'
import type { Watched } from './roster.ts'

export interface ConnectFailure {
  readonly hostId: number
  readonly code: ErrorCode
  /** For people: `connection refused`. */
  readonly reason: string
}

/** A client could not be connected: `maxFails` of those in a row take the host out; 0 leaves it to the checks. */
export function noteFailure(watched: Watched, { code, reason }: ConnectFailure): void {
  // Being out of descriptors ourselves says nothing about the host.
  if (ERRORS[code].side !== 'host') return
  const { host, group, connects } = watched
  if (host.counters.total !== watched.totalAtFailure) connects.clear()
  watched.totalAtFailure = host.counters.total
  connects.note(false)
  if (group.maxFails > 0 && connects.bad >= group.maxFails) host.setHealth('down', reason)
}

/**
 * A host that is down accepted a client of the last resort: it is back. Where the group has checks they decide,
 * because a host may accept connections and still answer 503.
 */
export function noteAnswer({ host, group }: Watched): void {
  if (group.checks.length === 0) host.setHealth('up', '')
}
