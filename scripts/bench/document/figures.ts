// What one round found, all in milliseconds.
import type { Longest } from './loop-probe.ts'

export interface Figures {
  /** From a file on disk to a balancer that runs it. */
  readonly loadMs: number
  /** Of each save, from the moment it is asked for until it is on the disk; the first one is cold. */
  readonly saveMs: readonly number[]
  /** Of each save, the longest time that nobody else got a turn. */
  readonly blocks: readonly Longest[]
  /** The same with nothing to do: what the machine itself takes. */
  readonly idle: Longest
  /** One run of the sync timer with nothing changed. */
  readonly tickMs: number
}
