// Bytes of sessions that are open, which no counter has yet: `top` and the page add them to the counters of services and
// hosts. One bounded look at the sessions, however many services and hosts there are.
import { LIMITS } from '../../base/limits.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { SessionView } from '../../model/session-view.ts'
import type { Process } from '../context.ts'

export interface MovedBytes {
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}

const NOTHING: MovedBytes = { bytesFromClient: 0, bytesFromHost: 0 }

/** The open sessions, the oldest ones where there are many. */
export function openSessions(process: Pick<Process, 'sessions'>): readonly SessionView[] {
  return process.sessions({ after: 0, limit: LIMITS.topSessionsMax })
}

/** @param most with so many sessions or more none is looked at */
export function openBytes(
  process: Pick<Process, 'sessions' | 'sessionCount' | 'balancer'>,
  most: number,
): OpenBytes {
  const isFew = process.sessionCount < most
  const sessions = isFew ? process.sessions({ after: 0, limit: most }) : []
  return new OpenBytes(sessions, process.balancer, isFew && sessions.length < most)
}

export class OpenBytes {
  /** False where there are too many sessions to look at: then none count, or the oldest ones would come and go. */
  readonly complete: boolean
  /** Of services by name, of hosts by id. */
  readonly #moved = new Map<string | number, { bytesFromClient: number; bytesFromHost: number }>()

  /** @param complete are these all of them? */
  constructor(sessions: readonly SessionView[], { services }: Balancer, complete: boolean) {
    this.complete = complete
    if (!complete) return
    for (const session of sessions) {
      const host = services[session.service]?.groups[session.group]?.hosts[session.host]
      this.#add(session.service, session)
      if (host !== undefined) this.#add(host.id, session)
    }
  }

  /** @param key name of a service, or id of a host */
  of(key: string | number): MovedBytes {
    return this.#moved.get(key) ?? NOTHING
  }

  #add(key: string | number, { bytesFromClient, bytesFromHost }: MovedBytes): void {
    const moved = this.#moved.get(key)
    if (moved === undefined) {
      this.#moved.set(key, { bytesFromClient, bytesFromHost })
      return
    }
    moved.bytesFromClient += bytesFromClient
    moved.bytesFromHost += bytesFromHost
  }
}
