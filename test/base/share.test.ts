// Data made of the parts of other data: it says what it said, and what is the same is the same object.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sharing } from '../../src/base/share.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'
import { randomly, seed } from '../helpers/seed.ts'
import { anySnapshot, snapshotAndEdited } from '../helpers/snapshots.ts'

test(`it says the same as before, whatever it shares (seed ${seed})`, () => {
  const holds = ([known, data]: readonly [BalancerSnapshot, BalancerSnapshot]) => {
    expect(sharing(data, known)).toEqual(data)
  }
  fc.assert(fc.property(snapshotAndEdited, holds), randomly(300))
})

test(`a copy becomes the original (seed ${seed})`, () => {
  const holds = (known: BalancerSnapshot) => {
    expect(sharing(structuredClone(known), known)).toBe(known)
  }
  fc.assert(fc.property(anySnapshot, holds), randomly(100))
})

test('what is beside a difference is shared, and things are found by their names', () => {
  const known = {
    groups: [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 2 },
    ],
    at: ['x', 'y'],
  }
  const shared = sharing(
    {
      groups: [
        { name: 'c', weight: 1 },
        { name: 'a', weight: 1 },
        { name: 'b', weight: 3 },
      ],
      at: ['x', 'y'],
    },
    known,
  )
  expect(shared.groups[1]).toBe(known.groups[0])
  expect(shared.at).toBe(known.at)
  expect(shared.groups[2]).toEqual({ name: 'b', weight: 3 })
})

test('what lost or gained a field, or is of another kind, is not the same', () => {
  expect(sharing({ a: 1 }, { a: 1, b: undefined })).toEqual({ a: 1 })
  expect(sharing({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1, b: 2 })
  expect(sharing([], {})).toEqual([])
  expect(sharing({}, [])).toEqual({})
  expect(sharing(['a'], ['a', 'b'])).toEqual(['a'])
  expect(sharing(null, {})).toBeNull()
})
