// Figures of one listener, service or host. Engines write them, everybody else reads.

export class Counters {
  /** Sessions now, those still connecting included. */
  open = 0
  /** Sessions that were connected, since the process started. */
  total = 0
  /** For a host: connects that failed. Else: sessions that ended without reaching a host. */
  failed = 0
  /** Bytes of closed sessions; those of open ones are added when they end. */
  bytesFromClient = 0
  bytesFromHost = 0
  /** Place of the last close among all closes of the engine, counting up; 0 never. Only for comparing. */
  lastClose = 0

  constructor() {
    // Plain fields, because every session writes them; sealed, so that no slip adds or deletes one.
    Object.seal(this)
  }

  toJSON(): CountersView {
    const { open, total, failed, bytesFromClient, bytesFromHost } = this
    return { open, total, failed, bytesFromClient, bytesFromHost }
  }
}

export interface CountersView {
  readonly open: number
  readonly total: number
  readonly failed: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}
