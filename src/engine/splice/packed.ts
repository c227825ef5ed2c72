// Reads records that the addon packed, in the order in which native/addon/reports.cc wrote them.
import type { PackedRecords } from './addon.ts'

export class PackedReader {
  readonly #figures: Float64Array
  readonly #names: readonly string[]
  readonly #texts: readonly string[]
  #figure = 0
  #text = 0

  constructor({ figures, names, texts }: PackedRecords) {
    this.#figures = figures
    this.#names = names
    this.#texts = texts.split('\n')
  }

  number(): number {
    return this.#figures[this.#figure++] ?? 0
  }

  /** One of few that many records share. */
  name(): string {
    return this.#names[this.number()] ?? ''
  }

  text(): string {
    return this.#texts[this.#text++] ?? ''
  }

  /** A list of numbers, its length first. */
  numbers(): readonly number[] {
    const count = this.number()
    const list = this.#figures.subarray(this.#figure, this.#figure + count)
    this.#figure += count
    return Array.from(list)
  }

  /** Records, their number first. */
  list<Item>(read: (from: PackedReader) => Item): Item[] {
    return Array.from({ length: this.number() }, () => read(this))
  }
}
