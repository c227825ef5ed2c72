// The figures of one service while they are counted: cells at home, or in a row that an engine shares with its threads. Knows
// where each figure is in a row; native/core/service_row.h has the same order.
import { CLOSE_REASONS, type CloseReason } from '../base/close-reasons.ts'
import { CONNECT_BOUNDS_MS, SESSION_BOUNDS_MS } from '../base/session-bounds.ts'
import type { HistogramFigures, ServiceFigures } from '../model/service-figures.ts'

const REASONS = Object.keys(CLOSE_REASONS) as CloseReason[]
const OPEN = 0
const ENDS = 1

/** A histogram in a row: its sum first, then its counts. */
interface Buckets {
  readonly at: number
  readonly bounds: readonly number[]
}

const CONNECT: Buckets = { at: ENDS + REASONS.length, bounds: CONNECT_BOUNDS_MS }
const SESSION: Buckets = { at: endOf(CONNECT), bounds: SESSION_BOUNDS_MS }
/** Doubles of one cache line, so that no two services share one. */
const LINE = 8
/** Doubles of one row. */
export const TALLY_CELLS = Math.ceil(endOf(SESSION) / LINE) * LINE

/** The place of each reason in a row. */
const END_CELLS = Object.fromEntries(
  REASONS.map((reason, index) => [reason, ENDS + index]),
) as Record<CloseReason, number>

export class ServiceTally {
  readonly #home: Float64Array = new Float64Array(TALLY_CELLS)
  /** Where the figures are now. */
  #cells = this.#home

  /** Sessions that began and have not ended. */
  get open(): number {
    return this.#cells[OPEN] as number
  }

  /** A client came in. */
  began(): void {
    this.#add(OPEN, 1)
  }

  /** @param ms from accept to the connected host */
  connected(ms: number): void {
    this.#note(CONNECT, ms)
  }

  /** @param ms from accept to end */
  ended(reason: CloseReason, ms: number): void {
    this.#add(END_CELLS[reason], 1)
    this.#note(SESSION, ms)
    this.#add(OPEN, -1)
  }

  /** The figures of this moment. */
  figures(): ServiceFigures {
    const ends = REASONS.map((reason) => [reason, this.#cells[END_CELLS[reason]]])
    return {
      ends: Object.fromEntries(ends) as Record<CloseReason, number>,
      connect: this.#histogram(CONNECT),
      session: this.#histogram(SESSION),
    }
  }

  /**
   * Take the figures along to `cells`, and read and write there from now on.
   *
   * @param cells as many as a row has; nobody else writes to them before this returns
   */
  moveTo(cells: Float64Array): void {
    cells.set(this.#cells)
    this.#cells = cells
  }

  /** Take the figures back into cells of their own. Nobody else may write to the row any more. */
  moveHome(): void {
    this.moveTo(this.#home)
  }

  #note({ at, bounds }: Buckets, ms: number): void {
    const found = bounds.findIndex((bound) => ms <= bound)
    this.#add(at, ms)
    this.#add(at + 1 + (found < 0 ? bounds.length : found), 1)
  }

  #histogram({ at, bounds }: Buckets): HistogramFigures {
    const first = at + 1
    const counts = Array.from(this.#cells.subarray(first, first + bounds.length + 1))
    return { counts, sumMs: this.#cells[at] as number }
  }

  #add(cell: number, more: number): void {
    this.#cells[cell] = (this.#cells[cell] as number) + more
  }
}

function endOf({ at, bounds }: Buckets): number {
  return at + 1 + bounds.length + 1
}
