// Three snapshots side by side: what belongs together, and who changed it. Decides nothing that concerns more than one
// thing; see clashes.ts.
import { type Leaf, type Level, type Values, ENABLED_GROUP } from './levels.ts'
import { equal } from './equal.ts'
import { kindred } from './kindred.ts'
import {
  type Side,
  type Three,
  type Verdict,
  type Version,
  SIDES,
  VERSIONS,
  of,
  verdictOn,
} from './three.ts'

/** Like things of one parent. */
export interface RowList {
  readonly level: Level
  readonly rows: readonly Row[]
  /** As they stand in each version. */
  readonly order: Three<readonly Row[]>
}

/** Things of which not all can be taken over. */
export class Clash {
  readonly rows = new Set<Row>()
  /** Those whose enabled group is part of it. */
  readonly services = new Set<Row>()
}

/** One thing, in up to three versions. */
export class Row {
  readonly level: Level
  readonly parent: Row | undefined
  readonly versions: Three<Values | undefined>
  /** It cannot be taken over, because of others that cannot either. */
  clash: Clash | undefined
  /** The same of the enabled group of a service. */
  enabledClash: Clash | undefined
  /** Who wins where both sides changed the whole thing. */
  winner: Side | undefined
  /** The same of single values, by property name. */
  readonly winners = new Map<string, Side>()
  #isSame: boolean | undefined
  #verdict: Verdict | 'inside' | undefined
  #lists: ReadonlyMap<string, RowList> | undefined

  constructor(level: Level, versions: Three<Values | undefined>, parent?: Row) {
    this.level = level
    this.versions = versions
    this.parent = parent
  }

  /** As `ours` is to call it, or called it once. */
  get path(): string {
    const name = this.nameFor('ours') ?? this.nameIn('base') ?? this.nameIn('theirs') ?? ''
    return this.level.pathOf(this.parent?.path ?? '', name)
  }

  /** What it is to be called on a side; undefined where it is not to be there. */
  nameFor(side: Side): string | undefined {
    if (this.verdict !== 'inside')
      return this.versionFor(side)?.[this.level.nameProperty] as string | undefined
    const verdict = this.nameVerdict
    return this.nameIn(verdict === 'theirs' || verdict === 'ours' ? verdict : side)
  }

  nameIn(version: Version): string | undefined {
    return this.versions[version]?.[this.level.nameProperty] as string | undefined
  }

  /** Do both sides say the very same of it, and of all that is in it? Then there is nothing to do. */
  get isSame(): boolean {
    return (this.#isSame ??= equal(this.versions.theirs, this.versions.ours))
  }

  /** Of the name; `same` where it has none. */
  get nameVerdict(): Verdict {
    const [base, theirs, ours] = [this.nameIn('base'), this.nameIn('theirs'), this.nameIn('ours')]
    if (theirs === ours) return 'same'
    return verdictOn({ base, theirs, ours }, Object.is)
  }

  /** Is it called on some side what `base` does not call it? */
  get isNewlyNamed(): boolean {
    const base = this.nameIn('base')
    return SIDES.some((side) => this.versions[side] !== undefined && this.nameIn(side) !== base)
  }

  /** Of the whole thing: `inside` where both sides have it, and its values have to be looked at one by one. */
  get verdict(): Verdict | 'inside' {
    const verdict = this.clash === undefined ? (this.#verdict ??= this.#judge()) : 'both'
    return verdict === 'both' ? (this.winner ?? 'both') : verdict
  }

  /** Of one value of a thing that both sides have. */
  verdictOnLeaf({ property, same }: Leaf): Verdict {
    const { base = {}, theirs = {}, ours = {} } = this.versions
    const verdict = verdictOn(of({ base, theirs, ours }, property), same)
    return verdict === 'both' ? (this.winners.get(property) ?? 'both') : verdict
  }

  /** By property name; empty unless both sides have it. */
  get lists(): ReadonlyMap<string, RowList> {
    return (this.#lists ??= new Map(
      Object.entries(this.level.lists).map(([property, level]) => {
        const items = (version: Version) =>
          (this.versions[version]?.[property] ?? []) as readonly Values[]
        const lists = { base: items('base'), theirs: items('theirs'), ours: items('ours') }
        return [property, rowsOf(level, lists, this)]
      }),
    ))
  }

  /** The version that a side is to have; undefined where it is to have none. Not for what is looked at inside. */
  versionFor(side: Side): Values | undefined {
    const { verdict } = this
    return this.versions[verdict === 'theirs' || verdict === 'ours' ? verdict : side]
  }

  // What is called otherwise by each side stays as it is on both until it is settled, with all that is in it:
  // else it would not be known again for the same.
  #judge(): Verdict | 'inside' {
    const { theirs, ours } = this.versions
    if (theirs !== undefined && ours !== undefined)
      return this.nameVerdict === 'both' ? 'both' : 'inside'
    return verdictOn(this.versions, (one, other) => sameThing(this.level, one, other))
  }
}

function rowsOf(level: Level, lists: Three<readonly Values[]>, parent?: Row): RowList {
  const drafts = kindred(level, lists)
  const rowOf = new Map<Values, Row>()
  const rows = drafts.map((draft) => {
    const row = new Row(level, { base: draft.base, theirs: draft.theirs, ours: draft.ours }, parent)
    for (const version of VERSIONS) {
      const item = draft[version]
      if (item !== undefined) rowOf.set(item, row)
    }
    return row
  })
  const inOrder = (version: Version) => lists[version].map((item) => rowOf.get(item) as Row)
  const order = { base: inOrder('base'), theirs: inOrder('theirs'), ours: inOrder('ours') }
  return { level, rows, order }
}

function sameThing(level: Level, one: Values | undefined, other: Values | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return one === other
  const { nameProperty } = level
  if (one[nameProperty] !== other[nameProperty]) return false
  if (one[ENABLED_GROUP] !== other[ENABLED_GROUP]) return false
  if (!level.leaves.every(({ property, same }) => same(one[property], other[property])))
    return false
  return Object.entries(level.lists).every(([property, inner]) => {
    const [items, others] = [one[property], other[property]]
    return sameList(inner, items as readonly Values[], others as readonly Values[])
  })
}

function sameList(level: Level, ones: readonly Values[], others: readonly Values[]): boolean {
  if (ones.length !== others.length) return false
  if (level.ordered) return ones.every((one, at) => sameThing(level, one, others[at]))
  const byName = new Map(others.map((other) => [other[level.nameProperty], other]))
  return ones.every((one) => sameThing(level, one, byName.get(one[level.nameProperty])))
}
