// Three snapshots compared: which conflicts there are, what each side is to be, and what `base` has become.
import type { SettingName } from '../../model/setting-fields.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { findClashes } from './clashes.ts'
import { type Conflict, keyOf } from './conflict.ts'
import { type Values, SETTINGS, SNAPSHOT } from './levels.ts'
import { type Found, type Progress, baseOf, conflictsIn, sideOf } from './outcome.ts'
import { Row } from './rows.ts'
import { type Side, type Three, of } from './three.ts'

export class Comparison {
  readonly #versions: Three<BalancerSnapshot>
  readonly #lists: Row
  readonly #settings: readonly (readonly [SettingName, Row])[]

  constructor(versions: Three<BalancerSnapshot>) {
    this.#versions = versions
    this.#lists = new Row(SNAPSHOT, versions as unknown as Three<Values>)
    const settings = of(versions, 'settings')
    this.#settings = SETTINGS.map(([name, level]) => [name, new Row(level, of(settings, name))])
    const services = this.#lists.lists.get('services')
    if (services !== undefined) findClashes(services)
  }

  /** By their paths. */
  get conflicts(): readonly Conflict[] {
    // One that several things are part of is met at each of them.
    const byKey = new Map(this.#found.map(({ conflict }) => [keyOf(conflict), conflict]))
    return [...byKey.values()].toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))
  }

  /** From now on one side alone has changed what these are about. */
  settle(conflicts: readonly Conflict[], winner: Side): void {
    const keys = new Set(conflicts.map(keyOf))
    // All are found before the first is settled: what is called otherwise then has another path.
    const settled = this.#found.filter(({ conflict }) => keys.has(keyOf(conflict)))
    for (const found of settled) found.settle(winner)
  }

  get #found(): readonly Found[] {
    return [this.#lists, ...this.#settings.map(([, row]) => row)].flatMap(conflictsIn)
  }

  /** What a side is to be: its own version, with what the other side alone has changed; itself where that is nothing. */
  side(side: Side): BalancerSnapshot {
    const own = this.#versions[side]
    const lists = sideOf(this.#lists, side) as unknown as BalancerSnapshot
    const settings = this.#settings.map(([name, row]) => [name, sideOf(row, side)] as const)
    if (settings.every(([name, values]) => own.settings[name] === values)) return lists
    return { ...lists, settings: Object.fromEntries(settings) as BalancerSnapshot['settings'] }
  }

  /** What both sides say; as before where they do not, unless that is settled. */
  base(progress: Progress): BalancerSnapshot {
    const lists = baseOf(this.#lists, progress) as unknown as BalancerSnapshot
    const settings = this.#settings.map(([name, row]) => [name, baseOf(row, progress)] as const)
    return { ...lists, settings: Object.fromEntries(settings) as BalancerSnapshot['settings'] }
  }
}
