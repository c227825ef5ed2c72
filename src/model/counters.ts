// Figures of one listener or host. Engines write them; everybody else is given what can only be read.
import { inspect } from 'node:util'
import { refuseWrites } from './read-only.ts'

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

/** The same figures, as they are at each look. A write is refused. */
export class CountersReader implements Readonly<Omit<Counters, 'toJSON'>> {
  static {
    refuseWrites(this.prototype, 'counters')
  }

  readonly #counters: Counters

  constructor(counters: Counters) {
    this.#counters = counters
    Object.preventExtensions(this)
  }

  get open(): number {
    return this.#counters.open
  }

  get total(): number {
    return this.#counters.total
  }

  get failed(): number {
    return this.#counters.failed
  }

  get bytesFromClient(): number {
    return this.#counters.bytesFromClient
  }

  get bytesFromHost(): number {
    return this.#counters.bytesFromHost
  }

  get lastClose(): number {
    return this.#counters.lastClose
  }

  toJSON(): CountersView {
    return this.#counters.toJSON()
  }

  [inspect.custom](): CountersView {
    return this.toJSON()
  }
}

export interface CountersView {
  readonly open: number
  readonly total: number
  readonly failed: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}
