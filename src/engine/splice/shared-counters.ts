// The counters and tallies that the native engine writes: their rows, and the memory of the rows, which the engine is handed
// before it hears of a row in it.
import { LIMITS } from '../../base/limits.ts'
import { every } from '../../base/every.ts'
import type { Counters } from '../../model/counters.ts'
import { type Counted, CounterRows, type RowNumber, TALLY_ROWS } from '../counter-rows.ts'
import type { ServiceTally } from '../service-tally.ts'
import type { NativeEngine } from './addon.ts'

/** What a service or a listener counts in: `own` are the rows of its hosts, or its own one. */
export interface RowsOf<Own> {
  readonly own: Own
  /** That of the service. */
  readonly service: RowNumber
}

export class SharedCounters {
  readonly #counters: HandedRows<Counters>
  readonly #tallies: HandedRows<ServiceTally>
  readonly #native: NativeEngine
  readonly #closed = new AbortController()
  readonly #sweeping: Promise<void>

  constructor(native: NativeEngine, onError: (error: unknown) => void) {
    this.#native = native
    this.#counters = new HandedRows(new CounterRows(), (chunk) => native.addCounterRows(chunk))
    const tallyRows = new CounterRows<ServiceTally>(TALLY_ROWS)
    this.#tallies = new HandedRows(tallyRows, (chunk) => native.addServiceRows(chunk))
    this.#sweeping = every(async () => this.#sweep(), {
      intervalMs: () => LIMITS.counterSweepMs,
      signal: this.#closed.signal,
      onError,
    })
  }

  /** The hosts of a service's table, instead of those before. @throws BalancerError REFUSED */
  ofService(
    service: string,
    counters: readonly Counters[],
    tally: ServiceTally,
  ): RowsOf<readonly RowNumber[]> {
    const owner = ownerOf(service)
    // Where the hosts are refused, those before serve on and have to keep their rows; the tally is mostly the same.
    const [row = 0] = this.#tallies.use(owner, [tally])
    return { own: this.#counters.use(owner, counters), service: row }
  }

  /** @throws BalancerError REFUSED */
  ofListener(id: number, counters: Counters, tally: ServiceTally): RowsOf<RowNumber> {
    const owner = `listener ${id}`
    const [row = 0] = this.#tallies.use(owner, [tally])
    const [own = 0] = this.#counters.use(owner, [counters])
    return { own, service: row }
  }

  forgetService(service: string): void {
    this.#forget(ownerOf(service))
  }

  forgetListener(id: number): void {
    this.#forget(`listener ${id}`)
  }

  renameService(from: string, to: string): void {
    for (const { rows } of [this.#counters, this.#tallies]) rows.rename(ownerOf(from), ownerOf(to))
  }

  /** No thread of the engine runs any more: the figures go home. */
  async close(): Promise<void> {
    this.#closed.abort()
    for (const { rows } of [this.#counters, this.#tallies]) rows.close()
    await this.#sweeping
  }

  #forget(owner: string): void {
    for (const { rows } of [this.#counters, this.#tallies]) rows.forget(owner)
  }

  #sweep(): void {
    // Every thread answers between two turns, when it holds no lock.
    this.#native.session(0)
    for (const { rows } of [this.#counters, this.#tallies]) rows.sweep()
  }
}

/** Rows of one kind, whose chunks the engine has before it hears of a row in them. */
class HandedRows<Each extends Counted> {
  readonly rows: CounterRows<Each>
  readonly #handOver: (chunk: Float64Array) => void
  #handedOver = 0

  constructor(rows: CounterRows<Each>, handOver: (chunk: Float64Array) => void) {
    this.rows = rows
    this.#handOver = handOver
  }

  use(owner: string, counted: readonly Each[]): readonly RowNumber[] {
    const used = this.rows.use(owner, counted)
    while (this.#handedOver < this.rows.chunks) this.#handOver(this.rows.chunk(this.#handedOver++))
    return used
  }
}

function ownerOf(service: string): string {
  return `service ${service}`
}
