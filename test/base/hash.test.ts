// The one hash: the same numbers for ever, because clients keep their hosts by it, and an even spread.
import { expect, test } from 'vitest'
import { hashBytes } from '../../src/base/hash.ts'

// Other engines must give the same: a change here moves every client of a sticky service.
test.each([
  ['', 0, 2_872_998_923],
  ['', 1, 3_770_482_475],
  ['a', 0, 444_641_715],
  ['10.0.0.1', 0, 2_931_590_574],
  ['10.0.0.1', 1, 164_439_247],
])('the hash of %j with seed %d never changes', (text, seed, hash) => {
  expect(hashBytes(Buffer.from(text), seed)).toBe(hash)
})

test('it is a whole number of 32 bits', () => {
  for (let i = 0; i < 1_000; i++) {
    const hash = hashBytes(Uint8Array.of(i & 255, i >> 8), i)
    expect(Number.isInteger(hash) && hash >= 0 && hash <= 0xffff_ffff).toBe(true)
  }
})

test('neighbouring addresses spread evenly over any number of places', () => {
  for (const places of [2, 3, 10, 64]) {
    const counts = Array<number>(places).fill(0)
    for (let i = 0; i < 65_536; i++) {
      const place = hashBytes(Uint8Array.of(10, 0, i >> 8, i & 255), 0) % places
      counts[place] = (counts[place] ?? 0) + 1
    }
    const ideal = 65_536 / places
    for (const count of counts) expect(Math.abs(count - ideal)).toBeLessThan(6 * Math.sqrt(ideal))
  }
})

test('another seed is another hash', () => {
  const hashes = Array.from({ length: 1_000 }, (_, seed) =>
    hashBytes(Buffer.from('10.0.0.1'), seed),
  )
  expect(new Set(hashes).size).toBe(1_000)
})
