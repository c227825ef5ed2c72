// Pick rules: what a scheduler compiles a group into. Plain data that every engine carries out in the same
// way. Hosts are named by their index in the table's list of hosts.
import type { AskFunction } from '../model/ask.ts'

export type PickRule = TableRule | AskRule

/** The rules that need nothing but the table. */
export type TableRule = CycleRule | ChanceRule | LeastRule | HashRule

/** Take the hosts of `order` one after the other, from the start again at its end. */
export interface CycleRule {
  readonly kind: 'cycle'
  readonly order: Uint32Array
}

/** Draw by chance, proportional to weight. */
export interface ChanceRule {
  readonly kind: 'chance'
  /** Sums of the weights up to and including each host; the last one is the sum of all. */
  readonly cumulative: Float64Array
  /** 2: draw two different hosts and take the one with fewer open sessions for its weight. */
  readonly draws: 1 | 2
}

/** The host with the fewest open sessions for its weight. */
export interface LeastRule {
  readonly kind: 'least'
  readonly weights: Uint32Array
  /** Among equals: the first in file order, or the one whose last close is oldest (never closed first). */
  readonly tie: 'order' | 'oldest-close'
}

/** The same client address gets the same host. */
export interface HashRule {
  readonly kind: 'hash'
  /** Host indexes; the slot is the hash of the client's address modulo the length. */
  readonly slots: Uint16Array
}

/** A function names the host; without an answer in time, or with one that is no ready host, `fallback` serves. */
export interface AskRule {
  readonly kind: 'ask'
  readonly ask: AskFunction
  readonly deadlineMs: number
  readonly fallback: TableRule
}
