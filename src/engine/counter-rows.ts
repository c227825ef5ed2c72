// Counters that other threads write: rows of cells in memory that never moves, so that JavaScript reads them without a
// call. Says which counters have which row, and when a row may be given to others. Starts no thread and writes no figure.
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Counters } from '../model/counters.ts'
import { TALLY_CELLS } from './service-tally.ts'

/** Doubles of one row: 64 bytes, the length of a cache line. The figures come first, in the order of COUNTER_CELLS. */
export const ROW_CELLS = 8
/** Rows of one chunk. Row `n` is in chunk `n / ROWS_PER_CHUNK`, rounded down. */
export const ROWS_PER_CHUNK = 1_024

/** Place of a row in all chunks, from 0 on. */
export type RowNumber = number

/** What can be counted in a row. */
export type Counted = Pick<Counters, 'open' | 'moveTo' | 'moveHome'>

export interface RowKind {
  /** Doubles of one row. */
  readonly cells: number
  /** For whom is counted there, in the refusal of one too many. */
  readonly of: string
}

export const COUNTER_ROWS: RowKind = { cells: ROW_CELLS, of: 'hosts and listeners' }
export const TALLY_ROWS: RowKind = { cells: TALLY_CELLS, of: 'services' }

export class CounterRows<Each extends Counted = Counters> {
  readonly #kind: RowKind
  readonly #most: number
  readonly #chunks: Float64Array[] = []
  readonly #rows = new Map<Each, RowNumber>()
  readonly #free: RowNumber[] = []
  /** Rows below this one were given out at least once. */
  #fresh = 0
  /** What each owner names now: the hosts of a service's table, or a listener. */
  readonly #namedBy = new Map<string, readonly Each[]>()
  /** By how many owners. */
  readonly #named = new Map<Each, number>()
  /** Those that have a row and that nobody names; true where the last sweep found them without a session. */
  readonly #unnamed = new Map<Each, boolean>()

  /** @param most rows at once */
  constructor(kind: RowKind = COUNTER_ROWS, most: number = LIMITS.counterRowsMax) {
    this.#kind = kind
    this.#most = most
  }

  /** Rows that are given out. */
  get used(): number {
    return this.#rows.size
  }

  get chunks(): number {
    return this.#chunks.length
  }

  /** The memory of one chunk, which stays where it is for the life of this object. */
  chunk(number: number): Float64Array {
    const chunk = this.#chunks[number]
    if (chunk === undefined) throw new RangeError(`chunk ${number} of ${this.chunks}`)
    return chunk
  }

  /**
   * `owner` (a service, a listener) names these counters from now on, instead of what it named before. Those that
   * have no row yet move to one, before anybody else is told of it.
   *
   * @returns their rows, in the same order
   * @throws BalancerError REFUSED where there are too many; then nothing has changed
   */
  use(owner: string, counters: readonly Each[]): readonly RowNumber[] {
    const more = new Set(counters.filter((each) => !this.#rows.has(each))).size
    if (this.used + more > this.#most) {
      const would = `${this.used + more} ${this.#kind.of} with sessions`
      throw new BalancerError(
        'REFUSED',
        `the engine counts for ${this.#most} at most, not ${would}`,
      )
    }
    for (const each of counters) this.#named.set(each, (this.#named.get(each) ?? 0) + 1)
    this.forget(owner)
    this.#namedBy.set(owner, counters)
    return counters.map((each) => this.#take(each))
  }

  /** The owner names nothing any more. Its rows stay as long as sessions count in them. */
  forget(owner: string): void {
    for (const each of this.#namedBy.get(owner) ?? []) this.#unname(each)
    this.#namedBy.delete(owner)
  }

  /** The owner is called otherwise, and names what it named. */
  rename(owner: string, to: string): void {
    const counters = this.#namedBy.get(owner)
    this.#namedBy.delete(owner)
    this.forget(to)
    if (counters !== undefined) this.#namedBy.set(to, counters)
  }

  /** The row of these counters; undefined where they count at home. */
  rowOf(counters: Each): RowNumber | undefined {
    return this.#rows.get(counters)
  }

  /**
   * Give up the rows that nobody names and in which no session counts: those of which the sweep before found the same.
   * Whoever sweeps sees to it that since then every thread that writes has let go of the lock under which it does; for
   * a close is counted first and its bytes after that.
   *
   * @returns how many rows are free again
   */
  sweep(): number {
    const before = this.used
    for (const [counters, wasIdle] of this.#unnamed) {
      const idle = counters.open === 0
      if (idle && wasIdle) this.#release(counters)
      else this.#unnamed.set(counters, idle)
    }
    return before - this.used
  }

  /** No thread writes any more, now or later: all figures go home. */
  close(): void {
    this.#namedBy.clear()
    this.#named.clear()
    for (const counters of this.#rows.keys()) this.#release(counters)
  }

  #take(counters: Each): RowNumber {
    this.#unnamed.delete(counters)
    const known = this.#rows.get(counters)
    if (known !== undefined) return known
    const row = this.#free.pop() ?? this.#fresh++
    this.#rows.set(counters, row)
    counters.moveTo(this.#cellsOf(row))
    return row
  }

  #unname(counters: Each): void {
    const left = (this.#named.get(counters) ?? 0) - 1
    if (left > 0) {
      this.#named.set(counters, left)
      return
    }
    this.#named.delete(counters)
    this.#unnamed.set(counters, false)
  }

  #release(counters: Each): void {
    const row = this.#rows.get(counters)
    if (row === undefined) return
    counters.moveHome()
    this.#unnamed.delete(counters)
    this.#rows.delete(counters)
    this.#free.push(row)
  }

  #cellsOf(row: RowNumber): Float64Array {
    const { cells } = this.#kind
    const number = Math.floor(row / ROWS_PER_CHUNK)
    const chunk = this.#chunks[number] ?? new Float64Array(ROWS_PER_CHUNK * cells)
    this.#chunks[number] = chunk
    const first = (row % ROWS_PER_CHUNK) * cells
    return chunk.subarray(first, first + cells)
  }
}
