// How many descriptors the bench and its children may open. Raised as far as this machine lets us.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A session takes two in a relay. More is not needed here, and nginx reserves memory for each. */
const DESCRIPTORS_WANTED = 21_000

/** Try to raise the hard limit, which children inherit. @returns how many there are then, at most as many as wanted */
export function raiseDescriptors(): number {
  if (descriptorsMax() < DESCRIPTORS_WANTED) {
    const limit = `--nofile=${DESCRIPTORS_WANTED}:${DESCRIPTORS_WANTED}`
    // Without the right to do so, or without prlimit, everything stays as it was.
    spawnSync('prlimit', ['--pid', String(process.pid), limit])
  }
  return Math.min(descriptorsMax(), DESCRIPTORS_WANTED)
}

/** The hard limit; Node raises the soft one to it by itself. */
export function descriptorsMax(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1]
  return hard === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(hard ?? 1024)
}
