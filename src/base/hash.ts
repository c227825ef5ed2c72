// The one hash of the house: FNV-1a over the bytes, then the finaliser of MurmurHash3, 32 bits. Engines in other
// languages must give the same number, or a client's host would depend on the engine.

/** @returns 0 to 2^32 - 1 */
export function hashBytes(bytes: Uint8Array, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
