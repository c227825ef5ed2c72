// How many files and sockets this process may have open. Read from the system, which alone knows.
import { readFileSync } from 'node:fs'
import { LIMITS } from '../base/limits.ts'

/**
 * Clients that one pause may hold: no more than a third of all descriptors. Each of them needs another one for its
 * host afterwards, and an operator who wants to resume has to get in meanwhile.
 */
export function heldMost(descriptors: number = descriptorsMax()): number {
  return Math.min(LIMITS.heldMax, Math.floor(descriptors / 3))
}

/** Without bound where the system does not say. @param file of a Linux kernel; tests have others */
export function descriptorsMax(file = '/proc/self/limits'): number {
  const soft = /^Max open files\s+(\d+)/m.exec(textOf(file))?.[1]
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Another system than Linux.
    return ''
  }
}
