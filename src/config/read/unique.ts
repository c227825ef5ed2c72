// Names that may stand once: the second one is a fault that points at the first.
import type { FaultList } from './fault.ts'
import { type Element, attributeOf } from './parse.ts'

export class Uniqueness {
  readonly #faults: FaultList
  readonly #what: string
  readonly #most: number
  readonly #first = new Map<string, Element>()
  #count = 0

  /**
   * @param what plural for the message: `there are two hosts a`
   * @param most how many there may be
   */
  constructor(faults: FaultList, what: string, most: number) {
    this.#faults = faults
    this.#what = what
    this.#most = most
  }

  /** Note one name, given by the attribute `by` of `element`. Names that are missing are not looked at. */
  add(element: Element, by: string, name: string): void {
    if (this.#faults.full) return
    if (++this.#count === this.#most + 1) {
      this.#faults.fault(
        element.start,
        `more than ${this.#most} ${this.#what}, the most there may be`,
      )
    }
    const first = this.#first.get(name)
    if (first === undefined) {
      this.#first.set(name, element)
    } else if (name !== '') {
      const offset = attributeOf(element, by)?.start ?? element.start
      const where = this.#faults.lineOf(first.start)
      this.#faults.fault(offset, `there are two ${this.#what} ${name}, the first is on ${where}`)
    }
  }
}
