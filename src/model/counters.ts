// Figures of one listener or host. Engines write them; everybody else is given what can only be read.
import { inspect } from 'node:util'
import { refuseWrites } from './read-only.ts'

/** Places of the figures in a row of cells. An engine that writes from other threads goes by these, too. */
export const COUNTER_CELLS = {
  open: 0,
  total: 1,
  failed: 2,
  bytesFromClient: 3,
  bytesFromHost: 4,
  lastClose: 5,
} as const

const CELLS = Object.keys(COUNTER_CELLS).length

export class Counters {
  static {
    Object.freeze(this.prototype)
  }

  readonly #home: Float64Array = new Float64Array(CELLS)
  /** Where the figures are now: at home, or in a row that an engine shares with its threads. */
  #cells = this.#home

  constructor() {
    // Every session writes here; no slip adds a property.
    Object.preventExtensions(this)
  }

  /** Sessions now, those still connecting included. */
  get open(): number {
    return this.#cells[COUNTER_CELLS.open] as number
  }

  set open(sessions: number) {
    this.#cells[COUNTER_CELLS.open] = sessions
  }

  /** Sessions that were connected, since the process started. */
  get total(): number {
    return this.#cells[COUNTER_CELLS.total] as number
  }

  set total(sessions: number) {
    this.#cells[COUNTER_CELLS.total] = sessions
  }

  /** For a host: connects that failed. Else: sessions that ended without reaching a host. */
  get failed(): number {
    return this.#cells[COUNTER_CELLS.failed] as number
  }

  set failed(times: number) {
    this.#cells[COUNTER_CELLS.failed] = times
  }

  /** Bytes of closed sessions; those of open ones are added when they end. */
  get bytesFromClient(): number {
    return this.#cells[COUNTER_CELLS.bytesFromClient] as number
  }

  set bytesFromClient(bytes: number) {
    this.#cells[COUNTER_CELLS.bytesFromClient] = bytes
  }

  get bytesFromHost(): number {
    return this.#cells[COUNTER_CELLS.bytesFromHost] as number
  }

  set bytesFromHost(bytes: number) {
    this.#cells[COUNTER_CELLS.bytesFromHost] = bytes
  }

  /** Place of the last close among all closes of the engine, counting up; 0 never. Only for comparing. */
  get lastClose(): number {
    return this.#cells[COUNTER_CELLS.lastClose] as number
  }

  set lastClose(place: number) {
    this.#cells[COUNTER_CELLS.lastClose] = place
  }

  /**
   * Take the figures along to `cells`, and read and write there from now on.
   *
   * @param cells at least as many as there are figures; nobody else writes to them before this returns
   */
  moveTo(cells: Float64Array): void {
    cells.set(this.#cells.subarray(0, CELLS))
    this.#cells = cells
  }

  /** Take the figures back into cells of their own. Nobody else may write to the row any more. */
  moveHome(): void {
    this.moveTo(this.#home)
  }

  /** The figures of this moment, which nobody else counts on in. */
  copy(): Counters {
    const copy = new Counters()
    copy.#cells.set(this.#cells.subarray(0, CELLS))
    return copy
  }

  toJSON(): CountersView {
    const { open, total, failed, bytesFromClient, bytesFromHost } = this
    return { open, total, failed, bytesFromClient, bytesFromHost }
  }

  [inspect.custom](): CountersView {
    return this.toJSON()
  }
}

/** The same figures, as they are at each look. A write is refused. */
export class CountersReader implements Readonly<Record<keyof typeof COUNTER_CELLS, number>> {
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
