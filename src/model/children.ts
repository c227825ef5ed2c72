// Objects of one kind by their names. The owner adds and removes; everybody else gets a record and a list
// that cannot be written to.
import { type InspectOptions, inspect } from 'node:util'
import { BalancerError } from '../base/errors.ts'
import { type Print, printed } from './print.ts'

export class Children<Child extends object> {
  readonly #one: string
  readonly #most: number
  readonly #print: Print<Child>
  #byName = new Map<string, Child>()
  // Made when asked for, so that ten thousand hosts added in a row make one record.
  #list: readonly Child[] | undefined
  #record: Readonly<Record<string, Child>> | undefined

  /** @param one what each of them is: `host` */
  constructor(one: string, most: number, print: Print<Child>) {
    this.#one = one
    this.#most = most
    this.#print = print
  }

  get size(): number {
    return this.#byName.size
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()]
  }

  /** In the order in which they stand in the file. */
  get list(): readonly Child[] {
    return (this.#list ??= Object.freeze([...this.#byName.values()]))
  }

  /**
   * By name, without a prototype, so that a prompt completes the names and nothing else. Frozen: it is as it
   * was when it was asked for. Not a proxy, because prompts do not complete those.
   */
  get record(): Readonly<Record<string, Child>> {
    return (this.#record ??= this.#makeRecord())
  }

  get(name: string): Child | undefined {
    return this.#byName.get(name)
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** @throws BalancerError NAME_TAKEN; REFUSED where `owner` has as many as there may be */
  requireRoomFor(name: string, owner: string): void {
    if (this.has(name)) {
      throw new BalancerError('NAME_TAKEN', `${owner} already has a ${this.#one} ${name}`)
    }
    if (this.size < this.#most) return
    const many = `${this.#most} ${this.#one}s`
    throw new BalancerError('REFUSED', `${owner} has ${many}, the most there may be`)
  }

  /** At the end, or before the one of that name. */
  add(name: string, child: Child, before?: string): void {
    if (before === undefined) {
      this.#byName.set(name, child)
    } else {
      const entries = [...this.#byName]
      const place = entries.findIndex(([other]) => other === before)
      this.#byName = new Map(entries.toSpliced(place, 0, [name, child]))
    }
    this.#forget()
  }

  remove(name: string): void {
    this.#byName.delete(name)
    this.#forget()
  }

  #forget(): void {
    this.#list = undefined
    this.#record = undefined
  }

  #makeRecord(): Readonly<Record<string, Child>> {
    const record: Record<string, Child> = Object.create(null)
    for (const [name, child] of this.#byName) record[name] = child
    const { list } = this
    const value = (_depth: number, options: InspectOptions) => printed(this.#print, list, options)
    // Not enumerable, so that it is no name of the record.
    return Object.freeze(Object.defineProperty(record, inspect.custom, { value }))
  }
}
