// A client's host must not depend on the engine: the native hash gives the numbers of the TypeScript one.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashBytes } from '../../../src/base/hash.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { addonMissing, spliceTwins } from '../../helpers/splice-twins.ts'

describe.skipIf(addonMissing)('the native hash', () => {
  test(`is the TypeScript one for any bytes and seed (SEED=${seed})`, () => {
    const { hashBytes: native } = spliceTwins()
    const seeds = fc.oneof(fc.nat(63), fc.integer({ min: 0, max: 0xffff_ffff }))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), seeds, (bytes, start) => {
        expect(native(bytes, start)).toBe(hashBytes(bytes, start))
      }),
      randomly(5_000),
    )
  })

  test('is the TypeScript one for every last byte of an address and every probe', () => {
    const { hashBytes: native } = spliceTwins()
    for (let i = 0; i < 256 * 32; i++) {
      const bytes = Uint8Array.of(10, 0, 0, i & 255)
      expect(native(bytes, i >> 8)).toBe(hashBytes(bytes, i >> 8))
    }
  })
})
