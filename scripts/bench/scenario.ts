// What a row of the table is, and what one measurement of it brings.
import type { PeerName } from './peers.ts'
import type { Rig } from './rig.ts'
import type { SetupName } from './setups.ts'
import type { Figures } from './traffic.ts'

export const FAMILIES = ['keep', 'new', 'bulk', 'idle', 'pick', 'loop', 'threads'] as const
export type Family = (typeof FAMILIES)[number]

export interface Measurement {
  readonly figures: Figures
  /** What wrk or the fetcher saw go wrong; anything but 0 makes the figures worthless. */
  readonly errors: number
}

export interface Scenario {
  readonly family: Family
  readonly title: string
  readonly needsWrk: boolean
  /** What it is measured with; `idle` is started afresh each time and not among them. */
  readonly setups: readonly SetupName[]
  /** In the order of the table. */
  readonly figures: readonly string[]
  suits(peer: PeerName): boolean
  /** About how long one measurement takes. @param seconds length of one load */
  costSeconds(seconds: number): number
  measure(rig: Rig, peer: PeerName, seconds: number, round: number): Promise<Measurement>
}
