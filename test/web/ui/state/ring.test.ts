// The last so many seconds of a figure.
import { expect, test } from 'vitest'
import { createRing } from '../../../../src/web/ui/state/ring.ts'

test('an empty ring has as many places as any, and nothing in them', () => {
  const ring = createRing(3)
  expect(ring.values()).toEqual([null, null, null])
  expect(ring.last).toBeNull()
})

test('values come oldest first, and the newest is at the end from the beginning', () => {
  const ring = createRing(3)
  ring.push(1)
  ring.push(2)
  expect(ring.values()).toEqual([null, 1, 2])
  expect(ring.last).toBe(2)
})

test('the oldest falls out', () => {
  const ring = createRing(3)
  for (const value of [1, 2, 3, 4, 5]) ring.push(value)
  expect(ring.values()).toEqual([3, 4, 5])
  expect(ring.last).toBe(5)
})
