// How many clients may be held by the descriptors that there may be.
import { expect, test } from 'vitest'
import { heldMost } from '../../src/app/descriptors.ts'

test.each([
  [1_024, 341],
  [4_096, 1_365],
  [1_000_000, 65_536],
  [Number.POSITIVE_INFINITY, 65_536],
])('of %i descriptors, %i clients may be held', (descriptors, held) => {
  expect(heldMost(descriptors)).toBe(held)
})
