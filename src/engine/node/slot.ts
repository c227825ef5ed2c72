// A host as the node engine knows it: it lives as long as sessions or a table point at it, over any number of
// tables, and is the only place where a host's sessions are counted.
import type { TableHost } from '../table.ts'

/** Told when the load of one of its hosts changed. */
export interface LoadFollower {
  changed(index: number): void
}

export class Slot {
  /** The host as the newest table describes it. */
  host: TableHost
  /** Its place in the table that serves now, and who picks by that table; undefined when none does. */
  index = -1
  follower: LoadFollower | undefined

  constructor(host: TableHost) {
    this.host = host
  }

  /** May it get a new session now? */
  get open(): boolean {
    const { ready, maxSessions, counters } = this.host
    return ready && (maxSessions === 0 || counters.open < maxSessions)
  }

  /** A session was given to the host; it counts from here on, connected or not. */
  acquire(): void {
    this.host.counters.open += 1
    this.follower?.changed(this.index)
  }

  /** The session left the host. */
  release(): void {
    this.host.counters.open -= 1
    this.host.counters.lastClose = ++closes
    this.follower?.changed(this.index)
  }
}

let closes = 0
