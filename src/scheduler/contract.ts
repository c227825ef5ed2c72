// What a scheduler is. Nothing here picks a host: engines carry the compiled rule out.
import type { TableRule } from './rule.ts'

/** All that a scheduler may look at: one entry for each host of the group, in file order. */
export interface Weighed {
  /** What preferences of the sticky rule depend on. */
  readonly name: string
  /** 0 to 256; a host of weight 0 is never in the rule's favour. */
  readonly weight: number
}

/**
 * A scheduler says how hosts are chosen, never who is next.
 *
 * @param hosts every host of the group in file order, also those that are not ready: engines pass over them
 * @returns plain data, valid until the group's hosts or weights change
 */
export type Scheduler = (hosts: readonly Weighed[]) => TableRule
