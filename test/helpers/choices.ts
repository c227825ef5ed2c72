// Random choices out of a seed, for tests that make a mess.
import { randomFrom } from './seed.ts'

export class Choices {
  readonly #next: () => number

  /** The same seed gives the same choices, as long as they are asked for in the same order. */
  constructor(seed: number) {
    this.#next = randomFrom(seed)
  }

  /** A whole number from 0 to `end`, which is left out. */
  below(end: number): number {
    return Math.floor(this.#next() * end)
  }

  oneOf<Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.below(values.length)] ?? values[0]
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }
}
