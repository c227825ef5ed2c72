// Which things of three lists are the same one. A name that was kept tells it at once; of what is called otherwise, what
// it has kept, in any of the versions.
import { sourcesOf } from './kin.ts'
import type { Level, Values } from './levels.ts'
import { type Side, type Three, type Version, SIDES, otherThan } from './three.ts'

/** One thing, in those versions that have it. */
export type Draft = { [Name in Version]?: Values }

export function kindred(level: Level, lists: Three<readonly Values[]>): readonly Draft[] {
  const known: readonly Draft[] = lists.base.map((base) => ({ base }))
  const byName = new Map(known.map((draft) => [draft.base?.[level.nameProperty], draft]))
  const [theirs, ours] = SIDES.map((side) => {
    return lists[side].filter((item) => {
      const draft = byName.get(item[level.nameProperty])
      if (draft !== undefined) draft[side] = item
      return draft === undefined
    })
  }) as [Values[], Values[]]
  if (theirs.length + ours.length === 0) return known
  return new Newcomers(level, { theirs, ours }).joinTo(known)
}

/** What has no name that `base` has. */
class Newcomers {
  readonly #level: Level
  readonly #left: Readonly<Record<Side, Set<Values>>>

  constructor(level: Level, { theirs, ours }: Readonly<Record<Side, readonly Values[]>>) {
    this.#level = level
    this.#left = { theirs: new Set(theirs), ours: new Set(ours) }
  }

  joinTo(known: readonly Draft[]): readonly Draft[] {
    if (this.#level.marksOf !== undefined) {
      for (const side of SIDES) this.#joinKin(known, 'base', side)
      for (const side of SIDES) this.#joinKin(known, otherThan(side), side)
    }
    return [...known, ...this.#added()]
  }

  /** Things that a side has no more, and those that it has anew: the same where they are like in another version. */
  #joinKin(known: readonly Draft[], version: Version, side: Side): void {
    const gone = known.filter((draft) => draft[side] === undefined && draft[version] !== undefined)
    for (const [draft, item] of this.#kin(gone, version, [...this.#left[side]]))
      this.#take(draft, side, item)
  }

  #kin(gone: readonly Draft[], version: Version, to: readonly Values[]) {
    if (gone.length === 0 || to.length === 0) return []
    const from = gone.map((draft) => draft[version] as Values)
    const marks = this.#level.marksOf as ((item: Values) => readonly string[]) | undefined
    const sources = sourcesOf({ from, to, identity: (item) => this.#nameOf(item), marks })
    return to.flatMap((item, at) => {
      const draft = gone[sources[at] ?? -1]
      return draft === undefined ? [] : [[draft, item] as const]
    })
  }

  #take(draft: Draft, side: Side, item: Values): void {
    draft[side] = item
    this.#left[side].delete(item)
  }

  // What both sides added is the same thing where it is called the same.
  #added(): readonly Draft[] {
    const byName = new Map<string, Draft>()
    for (const side of SIDES) {
      for (const item of this.#left[side]) {
        const draft = byName.get(this.#nameOf(item)) ?? {}
        draft[side] = item
        byName.set(this.#nameOf(item), draft)
      }
    }
    return [...byName.values()]
  }

  #nameOf(item: Values): string {
    return String(item[this.#level.nameProperty])
  }
}
