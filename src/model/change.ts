// A change: one edit of the live graph. Everything that follows the model (engines, document, log,
// audit, pages) lives off these and off nothing else.
import { BalancerError } from '../base/errors.ts'
import { didYouMean } from '../base/nearest.ts'
import { type Act, type Origin, currentAct, currentOrigin } from '../base/origin.ts'
import { Departed } from './departed.ts'
import { type Field, requireValue } from './field.ts'

export type ChangeAction = 'add' | 'remove' | 'set'

export interface Change {
  /** Counts up from 1 in each process. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly time: number
  readonly origin: Origin
  /** Changes of one typed line have the same; counts up from 1 in each process. */
  readonly act: number
  readonly action: ChangeAction
  /** Path of the object: `web/main/a`. */
  readonly path: string
  /** What was set, by its property name; absent for add and remove. */
  readonly field?: string
  readonly from?: unknown
  readonly to?: unknown
  /** Of something that was removed: the name of the one that stood behind it; absent where it was the last. */
  readonly before?: string
}

/** What a verb knows about its edit; number, time, origin and act are filled in when it is published. */
export type Edit = Pick<Change, 'action' | 'path' | 'field' | 'from' | 'to' | 'before'>

/** Where the objects of one balancer publish their edits. */
export interface Publisher {
  /** May whoever acts now change anything? @throws BalancerError why not */
  permit(): void
  publish(edit: Edit): void
  /** Figures of what was removed. */
  readonly departed: Departed
}

export type ChangeListener = (change: Change) => void

/** Numbers the edits of one balancer and tells everybody who follows them, in order. */
export class Changes implements Publisher {
  readonly departed = new Departed()
  readonly #listeners = new Set<ChangeListener>()
  readonly #now: () => number
  readonly #permit: () => void
  /** Published, and not yet told to everybody. */
  readonly #untold: Change[] = []
  readonly #acts = new WeakMap<Act, number>()
  #number = 0
  #lastAct = 0

  constructor(now: () => number, permit: () => void = () => {}) {
    this.#now = now
    this.#permit = permit
  }

  /** Number of the last change; 0 before the first. */
  get number(): number {
    return this.#number
  }

  /** Number of the act that is under way; 0 where it has changed nothing so far. */
  get act(): number {
    const act = currentAct()
    return act === undefined ? 0 : (this.#acts.get(act) ?? 0)
  }

  /** What it still changes, from a timer that was left behind say, is another act with a number of its own. */
  endAct(act: Act): void {
    this.#acts.delete(act)
  }

  permit(): void {
    this.#permit()
  }

  publish(edit: Edit): void {
    const by = { origin: currentOrigin(), act: this.#numberOfAct() }
    const change = { number: ++this.#number, time: this.#now(), ...by, ...edit }
    // An edit made by a listener is told after the one that it follows, or others would hear of them in reverse.
    if (this.#untold.push(change) > 1) return
    for (const untold of this.#untold) this.#tell(untold)
    this.#untold.length = 0
  }

  /** Follow all changes from now on. @returns stops following */
  follow(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tell those listeners no more, whoever added them. */
  unfollow(which: (listener: ChangeListener) => boolean): void {
    for (const listener of this.#listeners) if (which(listener)) this.#listeners.delete(listener)
  }

  // A change that belongs to nothing larger is an act of its own.
  #numberOfAct(): number {
    const number = this.act || ++this.#lastAct
    const act = currentAct()
    if (act !== undefined) this.#acts.set(act, number)
    return number
  }

  // The edit is made by now: a listener that throws must not look like a refusal, nor leave others untold.
  #tell(change: Change): void {
    for (const listener of Array.from(this.#listeners)) {
      if (!this.#listeners.has(listener)) continue
      try {
        listener(change)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}

/** An object whose fields are settable: where it is, and who is told. */
export interface Owner {
  readonly path: string
  /** Undefined once the object was removed; then nothing can be set any more. */
  readonly publisher: Publisher | undefined
}

/**
 * Validate and set one field of `values`, and publish the edit. Setting the value that is there does nothing.
 *
 * @throws BalancerError VALUE_BAD with the range; REFUSED where the object was removed
 */
export function setField<Values extends object, Name extends keyof Values & string>(
  owner: Owner,
  values: { -readonly [Key in keyof Values]: Values[Key] },
  field: Field<Values[Name]>,
  name: Name,
  given: unknown,
): void {
  const publisher = requirePresent(owner)
  const to = requireValue(field, given, owner.path)
  const from = values[name]
  if (field.format(from) === field.format(to)) return
  values[name] = to
  publisher.publish({ action: 'set', path: owner.path, field: name, from, to })
}

/** Where to publish an edit of `owner` that nobody made so far. @throws BalancerError REFUSED where it was removed */
export function requirePresent(owner: Owner): Publisher {
  const publisher = publisherOf(owner)
  publisher.permit()
  return publisher
}

/** Where to publish an edit of `owner` that was begun. @throws BalancerError REFUSED where it was removed */
export function publisherOf({ path, publisher }: Owner): Publisher {
  if (publisher !== undefined) return publisher
  throw new BalancerError('REFUSED', `${path} was removed and cannot be changed`)
}

/**
 * Complete `given` with the defaults of `table`, every value checked.
 *
 * @throws BalancerError VALUE_BAD, also for a name that is no field of the table
 */
export function completeValues<Values extends object>(
  table: { readonly [Name in keyof Values]: Field<Values[Name]> },
  given: Partial<Values>,
  where: string,
): { -readonly [Name in keyof Values]: Values[Name] } {
  const names = Object.keys(table) as (keyof Values & string)[]
  const stray = Object.keys(given).find((name) => !Object.hasOwn(table, name))
  if (stray !== undefined) {
    const accepted = `accepted: ${names.join(', ')}`
    const near = didYouMean(stray, names)
    throw new BalancerError('VALUE_BAD', `${where}: no field ${stray}${near}; ${accepted}`)
  }
  const pairs = names.map((name) => {
    const value = given[name]
    return [
      name,
      value === undefined ? table[name].standard : requireValue(table[name], value, where),
    ]
  })
  return Object.fromEntries(pairs)
}
