// The counters that the native engine writes: their rows, and the memory of the rows, which the engine is handed before it
// hears of a row in it.
import { LIMITS } from '../../base/limits.ts'
import { every } from '../../base/every.ts'
import type { Counters } from '../../model/counters.ts'
import { CounterRows, type RowNumber } from '../counter-rows.ts'
import type { NativeEngine } from './addon.ts'

export class SharedCounters {
  readonly #native: NativeEngine
  readonly #rows = new CounterRows()
  readonly #closed = new AbortController()
  readonly #sweeping: Promise<void>
  #handedOver = 0

  constructor(native: NativeEngine, onError: (error: unknown) => void) {
    this.#native = native
    this.#sweeping = every(async () => this.#sweep(), {
      intervalMs: () => LIMITS.counterSweepMs,
      signal: this.#closed.signal,
      onError,
    })
  }

  /** The hosts of a service's table, instead of those before. @throws BalancerError REFUSED */
  ofService(service: string, counters: readonly Counters[]): readonly RowNumber[] {
    return this.#use(ownerOf(service), counters)
  }

  /** @throws BalancerError REFUSED */
  ofListener(id: number, counters: Counters): RowNumber {
    const [row = 0] = this.#use(`listener ${id}`, [counters])
    return row
  }

  forgetService(service: string): void {
    this.#rows.forget(ownerOf(service))
  }

  forgetListener(id: number): void {
    this.#rows.forget(`listener ${id}`)
  }

  renameService(from: string, to: string): void {
    this.#rows.rename(ownerOf(from), ownerOf(to))
  }

  /** No thread of the engine runs any more: the figures go home. */
  async close(): Promise<void> {
    this.#closed.abort()
    this.#rows.close()
    await this.#sweeping
  }

  #use(owner: string, counters: readonly Counters[]): readonly RowNumber[] {
    const rows = this.#rows.use(owner, counters)
    while (this.#handedOver < this.#rows.chunks)
      this.#native.addCounterRows(this.#rows.chunk(this.#handedOver++))
    return rows
  }

  #sweep(): void {
    // Every thread answers between two turns, when it holds no lock.
    this.#native.session(0)
    this.#rows.sweep()
  }
}

function ownerOf(service: string): string {
  return `service ${service}`
}
