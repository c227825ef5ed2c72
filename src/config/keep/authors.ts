// Who changed what live, and when: for conflicts, which tell whose value the running one is, and for revisions, which
// tell whose edits they hold. Bounded; the oldest edit is forgotten first.
import { isDeepStrictEqual } from 'node:util'
import { LIMITS } from '../../base/limits.ts'
import type { Origin } from '../../base/origin.ts'
import {
  type AccessItem,
  type AccessList,
  type AccessLists,
  accessListOf,
  accessListsOf,
  byName,
} from '../../model/access-lists.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Change } from '../../model/change.ts'
import type { Difference } from '../compare/difference.ts'

export interface Author {
  readonly origin: Origin
  /** Milliseconds since 1970. */
  readonly time: number
}

/** What no document says, although it is published like anything else. */
const PASSING: ReadonlySet<string> = new Set(['health', 'pausedUntil', 'ask'])

export class Authors {
  /** By place; the latest last. */
  readonly #edits = new Map<string, Author>()
  readonly #balancer: Balancer
  #lists: AccessLists

  constructor(balancer: Balancer) {
    this.#balancer = balancer
    this.#lists = accessListsOf(balancer)
    balancer.follow((change) => this.#note(change))
  }

  /**
   * Who made a field what it is, or who last touched a thing or anything in it; undefined where that is forgotten.
   *
   * @param path of the thing
   * @param field by its property name; null for the whole thing
   */
  of(path: string, field: string | null): Author | undefined {
    if (field === null) return this.#edits.get(within(path))
    const set = this.#edits.get(placeOf(path, field))
    // Whoever added it, or what it is in, gave it all its values.
    return (
      set ??
      upwards(path)
        .map((each) => this.#edits.get(whole(each)))
        .find(isThere)
    )
  }

  /** Everybody who made some of these differences, each once. */
  ofAll(differences: readonly Difference[]): readonly Origin[] {
    const authors = differences.map((difference) => {
      return this.of(difference.path, difference.action === 'set' ? difference.field : null)
    })
    return [...new Set(authors.filter(isThere).map(({ origin }) => origin))]
  }

  #note(change: Change): void {
    const { action, path, field, origin, time, to } = change
    if (origin === 'start' || PASSING.has(field ?? '')) return
    const author = { origin, time }
    const list = accessListOf(change)
    if (list !== undefined) this.#noteList(list, author)
    else if (action !== 'set' || field === undefined) this.#keep(path, whole(path), author)
    else this.#keep(path, placeOf(path, field), author)
    if (field === 'name') this.#rename(path, `${path.replace(/[^/]*$/, '')}${String(to)}`)
    this.#forgetOldest()
  }

  // A list is published as one; a document has each operator and each token by name.
  #noteList(name: AccessList, author: Author): void {
    const before: ReadonlyMap<string, AccessItem> = byName<AccessItem>(this.#lists[name])
    this.#lists = accessListsOf(this.#balancer)
    const after: ReadonlyMap<string, AccessItem> = byName<AccessItem>(this.#lists[name])
    for (const each of new Set([...before.keys(), ...after.keys()])) {
      if (isDeepStrictEqual(before.get(each), after.get(each))) continue
      const path = `settings/${name}/${each}`
      this.#keep(path, whole(path), author)
    }
  }

  #keep(path: string, place: string, author: Author): void {
    for (const each of [place, ...upwards(path).map(within)]) {
      this.#edits.delete(each)
      this.#edits.set(each, author)
    }
  }

  /** What is called otherwise has another path from then on, and everything in it as well. */
  #rename(from: string, to: string): void {
    for (const [place, author] of this.#edits) {
      const rest = place.slice(from.length)
      if (place.startsWith(from) && /^[\n/]/.test(rest)) this.#edits.set(to + rest, author)
    }
  }

  #forgetOldest(): void {
    for (const place of this.#edits.keys()) {
      if (this.#edits.size <= LIMITS.authorsKept) return
      this.#edits.delete(place)
    }
  }
}

// No path has a line end in it, and none ends with a slash.
function placeOf(path: string, field: string): string {
  return `${path}\n${field}`
}

/** The thing as such: it was added, or removed. */
function whole(path: string): string {
  return `${path}\n`
}

/** The thing or anything in it. */
function within(path: string): string {
  return `${path}/`
}

/** `web/main/a`, `web/main`, `web`. */
function upwards(path: string): readonly string[] {
  const names = path.split('/')
  return names.map((_, at) => names.slice(0, names.length - at).join('/'))
}

function isThere(author: Author | undefined): author is Author {
  return author !== undefined
}
