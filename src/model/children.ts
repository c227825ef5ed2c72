// Objects of one kind by their names. The owner adds and removes; everybody else gets a record and a list
// that cannot be written to.
import { type InspectOptions, inspect } from 'node:util'
import { BalancerError } from '../base/errors.ts'
import { didYouMean } from '../base/nearest.ts'
import { type Print, printed } from './print.ts'

export class Children<Child extends object> {
  readonly #one: string
  readonly #most: number
  readonly #print: Print<Child>
  readonly #byName = new Map<string, Child>()
  /** Their names in order. */
  readonly #order: string[] = []
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
    return [...this.#order]
  }

  /** In the order in which they stand in the file. */
  get list(): readonly Child[] {
    return (this.#list ??= Object.freeze(this.#entries().map(([, child]) => child)))
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

  /** @throws BalancerError NOT_FOUND with the nearest name */
  require(name: string, owner: string): Child {
    const child = this.get(name)
    if (child !== undefined) return child
    const near = didYouMean(name, this.names)
    throw new BalancerError('NOT_FOUND', `no ${this.#one} ${name} in ${owner}${near}`)
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** @throws BalancerError NAME_TAKEN; REFUSED where `owner` has as many as there may be */
  requireRoomFor(name: string, owner: string): void {
    this.requireFree(name, owner)
    if (this.size < this.#most) return
    const many = `${this.#most} ${this.#one}s`
    throw new BalancerError('REFUSED', `${owner} has ${many}, the most there may be`)
  }

  /** @throws BalancerError NAME_TAKEN */
  requireFree(name: string, owner: string): void {
    if (!this.has(name)) return
    throw new BalancerError('NAME_TAKEN', `${owner} already has a ${this.#one} ${name}`)
  }

  /** At the end, or before the one of that name where there is one. */
  add(name: string, child: Child, before?: string): void {
    const place = before === undefined ? -1 : this.#order.indexOf(before)
    this.#order.splice(place === -1 ? this.#order.length : place, 0, name)
    this.#byName.set(name, child)
    this.#forget()
  }

  /** Its place stays. */
  rename(name: string, to: string): void {
    const child = this.#byName.get(name)
    if (child === undefined) return
    this.#order[this.#placeOf(name)] = to
    this.#byName.delete(name)
    this.#byName.set(to, child)
    this.#forget()
  }

  /** In front of the one of that name, or to the end. @returns the name of the one that stood behind it, '' where none did */
  move(name: string, before: string): string {
    const place = this.#placeOf(name)
    const behind = this.#order[place + 1] ?? ''
    if (behind === before) return behind
    this.#order.splice(place, 1)
    this.#order.splice(before === '' ? this.#order.length : this.#order.indexOf(before), 0, name)
    this.#forget()
    return behind
  }

  /** @returns what tells its place in a change: the name of the one that stood behind it, if any did */
  remove(name: string): { readonly before?: string } {
    if (!this.#byName.delete(name)) return {}
    const place = this.#placeOf(name)
    const before = this.#order[place + 1]
    this.#order.splice(place, 1)
    this.#forget()
    return before === undefined ? {} : { before }
  }

  // Many are often taken away from the end, one after the other.
  #placeOf(name: string): number {
    return this.#order.at(-1) === name ? this.#order.length - 1 : this.#order.indexOf(name)
  }

  #entries(): readonly (readonly [name: string, child: Child])[] {
    return this.#order.flatMap((name) => {
      const child = this.#byName.get(name)
      return child === undefined ? [] : [[name, child] as const]
    })
  }

  #forget(): void {
    this.#list = undefined
    this.#record = undefined
  }

  #makeRecord(): Readonly<Record<string, Child>> {
    const record: Record<string, Child> = Object.create(null)
    for (const [name, child] of this.#entries()) record[name] = child
    const { list } = this
    const value = (_depth: number, options: InspectOptions) => printed(this.#print, list, options)
    // Not enumerable, so that it is no name of the record.
    return Object.freeze(Object.defineProperty(record, inspect.custom, { value }))
  }
}
