// The looks taken at a host, as people and scripts see them: what health tells and `show checks` lists.

/** One result. */
export interface LookResult {
  /** When it was there, in milliseconds since 1970. */
  readonly time: number
  /** `blind`: it was not possible to look, for a fault of ours. */
  readonly outcome: 'good' | 'bad' | 'blind'
  /** Why the host is not good, or why nobody could look; '' after a good look. */
  readonly reason: string
  readonly tookMs: number
}

/** Looks since the host is there, by how they ended; they only ever grow. */
export type LookTotals = Readonly<Record<LookResult['outcome'], number>>

/** One kind of look at one host. */
export interface CheckView {
  /** `tcp`, `http /healthz`, `exec PROGRAM`, `heartbeat`, `probe`; `clients` are the connects of clients. */
  readonly check: string
  /** Good and bad ones in a row. */
  readonly good: number
  readonly bad: number
  /** Good ones in a row that bring the host back, bad ones that take it out; 0 where it never does that. */
  readonly rise: number
  readonly fall: number
  /** Until the next one, in milliseconds; 0 while one is under way; null where it is not a matter of time. */
  readonly nextMs: number | null
  /** The last ones that are kept, oldest first. */
  readonly results: readonly LookResult[]
  readonly totals: LookTotals
}

/** A look that somebody asked for. */
export interface HostLook {
  /** Why the host is not good; '' where it is. */
  readonly reason: string
  readonly tookMs: number
}
