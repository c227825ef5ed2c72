// What a peer is asked to do: which hosts, which port, which limits. Plain data that every peer reads in its own way.
import type { Setup } from './setups.ts'

export const ENGINES = ['splice', 'node'] as const
/** What moves the bytes of the column `sluice`. */
export type EngineName = (typeof ENGINES)[number]

export interface Job {
  readonly setup: Setup
  readonly port: number
  /** Where an operator logs in, where the set-up has one. */
  readonly sshPort: number
  /** Its own empty folder, for its config and whatever it writes. */
  readonly folder: string
  readonly sessionsMax: number
  readonly descriptors: number
  /** Let SIGUSR2 collect garbage, where the peer runs on Node. */
  readonly collectable: boolean
  readonly engine: EngineName
  readonly engineThreads: number
}
