// How many clients may be held by the descriptors that this process may have.
import { descriptorsMax } from '../base/descriptors.ts'
import { LIMITS } from '../base/limits.ts'

/**
 * Clients that one pause may hold: no more than a third of all descriptors. Each of them needs another one for its
 * host afterwards, and an operator who wants to resume has to get in meanwhile.
 */
export function heldMost(descriptors: number = descriptorsMax()): number {
  return Math.min(LIMITS.heldMax, Math.floor(descriptors / 3))
}
