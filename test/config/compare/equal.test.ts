// Plain data compared all the way down, as the platform compares it.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equal } from '../../../src/config/compare/equal.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { snapshotAndEdited } from '../../helpers/snapshots.ts'

test(`two snapshots are the same exactly where the platform says so (seed ${seed})`, () => {
  const holds = ([one, other]: readonly [BalancerSnapshot, BalancerSnapshot]) => {
    expect(equal(one, structuredClone(one))).toBe(true)
    expect(equal(one, other)).toBe(isDeepStrictEqual(one, other))
  }
  fc.assert(fc.property(snapshotAndEdited, holds), randomly(300))
})

test(`so are two values of any kind (seed ${seed})`, () => {
  const data = fc.jsonValue({ maxDepth: 3 })
  const holds = (one: unknown, other: unknown) => {
    expect(equal(one, other)).toBe(isDeepStrictEqual(one, other))
  }
  fc.assert(fc.property(data, data, holds), randomly(500))
})

test('a field that is missing is not one that is undefined', () => {
  expect(equal({ a: undefined }, {})).toBe(false)
  expect(equal({}, { a: undefined })).toBe(false)
  expect(equal({ a: undefined }, { b: undefined })).toBe(false)
  expect(equal([undefined], [])).toBe(false)
  expect(equal([], {})).toBe(false)
  expect(equal(null, {})).toBe(false)
})
