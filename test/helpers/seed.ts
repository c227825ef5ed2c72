// Random tests whose luck can be had again: the seed stands in their titles, and SEED in the environment sets it.
// RUNS makes them try harder.

/** Decides everything that is random in this run of a test file. */
export const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000)

/** For `fc.assert`: this seed, and as many runs as asked for. */
export function randomly(numRuns = 200): { readonly seed: number; readonly numRuns: number } {
  return { seed, numRuns: Number(process.env['RUNS'] ?? numRuns) }
}

/** Numbers from 0 up to 1 like those of Math.random, the same for the same start (mulberry32). */
export function randomFrom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
