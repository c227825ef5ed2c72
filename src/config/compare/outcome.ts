// What becomes of each of three versions: a side gets what the other side alone has changed, and `base` what both say.
import { enabledIn, enabledNameFor, enabledVerdict } from './clashes.ts'
import { type Conflict, enabledConflict, leafConflict, rowConflict } from './conflict.ts'
import { type Leaf, type Values, ENABLED_GROUP } from './levels.ts'
import { joinedOrder, keepsOrder } from './order.ts'
import type { Clash, Row, RowList } from './rows.ts'
import { type Side, type Three, type Verdict, type Version, otherThan } from './three.ts'

/** How far the two sides have come. */
export interface Progress {
  /** Sides that have become what they are to be; the others are as they were. */
  readonly done: ReadonlySet<Side>
  /** Whose value `base` is to have where there is this conflict; undefined leaves it. */
  settled(conflict: Conflict): Side | undefined
}

/** What a side is to have; its own version itself where nothing is taken over, undefined where there is to be none. */
export function sideOf(row: Row, side: Side): Values | undefined {
  if (row.verdict !== 'inside' || row.isSame) return row.versionFor(side)
  const { [side]: own = {}, theirs = {}, ours = {} } = row.versions
  const other = otherThan(side)
  const taken: Record<string, unknown> = {}
  for (const leaf of row.level.leaves) {
    const { property } = leaf
    if (row.verdictOnLeaf(leaf) === other) taken[property] = { theirs, ours }[other][property]
  }
  if (row.level.nameProperty !== '') taken[row.level.nameProperty] = row.nameFor(side)
  if (ENABLED_GROUP in own) taken[ENABLED_GROUP] = enabledNameFor(row, side)
  for (const [property, list] of row.lists)
    taken[property] = listFor(list, side, own[property] as readonly Values[])
  const isSame = Object.entries(taken).every(([property, value]) => own[property] === value)
  return isSame ? own : { ...own, ...taken }
}

function listFor(list: RowList, side: Side, own: readonly Values[]): readonly Values[] {
  const items = orderFor(list, side)
    .map((row) => sideOf(row, side))
    .filter((item) => item !== undefined)
  return items.length === own.length && items.every((item, at) => item === own[at]) ? own : items
}

// Both sides must get the same order where it means something, or there would be a difference for ever.
function orderFor({ level, order }: RowList, side: Side): readonly Row[] {
  const leading = level.ordered ? leadingIn(order) : side
  return joinedOrder(order[leading], order[otherThan(leading)])
}

// Where nothing was put elsewhere on our side, the order is theirs.
function leadingIn({ base, ours }: Three<readonly Row[]>): Side {
  return keepsOrder(base, ours) ? 'theirs' : 'ours'
}

/** What `base` is to have: what both sides say, and what it has had where they do not; undefined where that is nothing. */
export function baseOf(row: Row, progress: Progress): Values | undefined {
  const { verdict, versions } = row
  if (verdict === 'inside') return row.isSame ? versions.ours : baseInside(row, progress)
  return versions[agreedIn(verdict, progress, () => rowConflict(row))]
}

/** The version that has what both sides say. */
function agreedIn(verdict: Verdict, progress: Progress, conflict: () => Conflict): Version {
  if (verdict === 'same') return 'ours'
  if (verdict === 'both') return progress.settled(conflict()) ?? 'base'
  return progress.done.has(otherThan(verdict)) ? verdict : 'base'
}

// What both have added has a base in part: that which both say of it.
function baseInside(row: Row, progress: Progress): Values {
  const { base = {}, theirs = {}, ours = {} } = row.versions
  const { level } = row
  const values: Record<string, unknown> = { ...base }
  if (level.nameProperty !== '') values[level.nameProperty] = baseNameOf(row, progress)
  for (const leaf of level.leaves) {
    const { property } = leaf
    const version = agreedIn(row.verdictOnLeaf(leaf), progress, () => leafConflict(row, leaf))
    values[property] = { base, theirs, ours }[version][property]
  }
  if (ENABLED_GROUP in ours) values[ENABLED_GROUP] = baseEnabledIn(row, progress)
  for (const [property, list] of row.lists) values[property] = baseList(list, progress)
  return values
}

function baseNameOf(row: Row, progress: Progress): string | undefined {
  const { nameProperty } = row.level
  if (row.verdict !== 'inside') return baseOf(row, progress)?.[nameProperty] as string | undefined
  return row.nameIn(agreedIn(row.nameVerdict, progress, () => rowConflict(row)))
}

function baseEnabledIn(service: Row, progress: Progress): string | undefined {
  const verdict = enabledVerdict(service)
  const version = agreedIn(verdict, progress, () => enabledConflict(service))
  const group = enabledIn(service)[version]
  if (typeof group !== 'object') return isTakenBy(service, group, progress) ? '' : group
  return baseNameOf(group, progress) ?? group.nameIn(version) ?? group.nameIn('ours')
}

// A group that was enabled once and is gone must not pass for another one that has its name by now.
function isTakenBy(service: Row, gone: string | undefined, progress: Progress): boolean {
  const { rows = [] } = service.lists.get('groups') ?? {}
  return rows.some((row) => row.nameIn('base') !== undefined && baseNameOf(row, progress) === gone)
}

function baseList(list: RowList, progress: Progress): readonly Values[] {
  return orderOfBase(list, progress)
    .map((row) => baseOf(row, progress))
    .filter((item) => item !== undefined)
}

function orderOfBase({ order }: RowList, { done }: Progress): readonly Row[] {
  const { base, theirs, ours } = order
  const leading = leadingIn(order)
  const following = otherThan(leading)
  const isAgreed = done.has(following) || keepsOrder(theirs, ours)
  const agreed = joinedOrder(order[leading], order[following])
  return isAgreed ? joinedOrder(agreed, base) : joinedOrder(base, agreed)
}

export interface Found {
  readonly conflict: Conflict
  /** From now on this side has changed it alone. */
  settle(winner: Side): void
}

/** In the order of a walk; the same one is found wherever it is met. */
export function conflictsIn(row: Row): readonly Found[] {
  const { verdict, versions, level } = row
  if (verdict === 'both')
    return [{ conflict: rowConflict(row), settle: (winner) => settleRow(row, winner) }]
  if (verdict !== 'inside' || row.isSame) return []
  const leaves = level.leaves.filter((leaf) => row.verdictOnLeaf(leaf) === 'both')
  const enabled =
    ENABLED_GROUP in (versions.ours ?? {}) && enabledVerdict(row) === 'both'
      ? [
          {
            conflict: enabledConflict(row),
            settle: (winner: Side) => settleEnabled(row, winner),
          },
        ]
      : []
  const lists = [...row.lists.values()]
  const inside = lists.flatMap(({ rows }) => rows.flatMap(conflictsIn))
  return [...leaves.map((leaf) => foundAt(row, leaf)), ...enabled, ...inside]
}

function foundAt(row: Row, leaf: Leaf): Found {
  const settle = (winner: Side) => void row.winners.set(leaf.property, winner)
  return { conflict: leafConflict(row, leaf), settle }
}

function settleRow(row: Row, winner: Side): void {
  if (row.clash === undefined) row.winner = winner
  else settleClash(row.clash, winner)
}

function settleEnabled(service: Row, winner: Side): void {
  if (service.enabledClash === undefined) service.winners.set(ENABLED_GROUP, winner)
  else settleClash(service.enabledClash, winner)
}

function settleClash({ rows, services }: Clash, winner: Side): void {
  for (const row of rows) row.winner = winner
  for (const service of services) service.winners.set(ENABLED_GROUP, winner)
}
