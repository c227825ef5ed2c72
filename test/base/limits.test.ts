// The limits hold together: what one part may make fits into what another part can take.
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'

test('every limit is a whole number above 0', () => {
  for (const [name, limit] of Object.entries(LIMITS))
    expect(Number.isInteger(limit) && limit > 0, `limit ${name}`).toBe(true)
})

test('hosts of a group fit into the slots of a hash rule, and their indexes into 16 bits', () => {
  expect(LIMITS.groupHostsMax).toBeLessThan(LIMITS.hashSlots)
  expect(LIMITS.groupHostsMax).toBeLessThan(2 ** 16)
})

test('sums of weights and of sessions are exact', () => {
  expect(LIMITS.weightMax * LIMITS.groupHostsMax * LIMITS.sessionsMax).toBeLessThan(2 ** 53)
})

test('a time-out that may be set fits into a timer', () => {
  expect(LIMITS.timeoutMsMax).toBeLessThan(2 ** 31)
})

test('deadlines are looked at often enough for the shortest of them', () => {
  expect(LIMITS.sweepMs).toBeLessThan(LIMITS.askMs)
  expect(LIMITS.idleSweepMs).toBeLessThan(3_600_000)
})
