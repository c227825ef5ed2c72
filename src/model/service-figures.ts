// What is known of the sessions of one service so far: how they ended, how long a client waited for its host, and how long
// they lasted. Plain data for whoever shows it; engines count.
import type { CloseReason } from '../base/close-reasons.ts'

/** Of the buckets below. */
export { CONNECT_BOUNDS_MS, SESSION_BOUNDS_MS } from '../base/session-bounds.ts'

/** How often something took how long. */
export interface HistogramFigures {
  /** One for each bound and one for what took longer than the last; not cumulative. */
  readonly counts: readonly number[]
  /** Of everything that was counted, in milliseconds. */
  readonly sumMs: number
}

/** All of it since the engine first heard of the service. */
export interface ServiceFigures {
  /** Sessions that ended, by their one reason. */
  readonly ends: Readonly<Record<CloseReason, number>>
  /** From accept to a connected host: one for each session that reached a host, as of then. */
  readonly connect: HistogramFigures
  /** From accept to end: one for each session that ended, whether it reached a host or not. */
  readonly session: HistogramFigures
}
