// What both sides made something else of, as it is told to whoever has to settle it.
import { BalancerError } from '../../base/errors.ts'
import { enabledNameFor } from './clashes.ts'
import type { Thing } from './difference.ts'
import { type Leaf, ENABLED_GROUP } from './levels.ts'
import type { Clash, Row } from './rows.ts'
import { type Side, type Three, of } from './three.ts'

export interface Conflict extends Three<unknown> {
  /** `web/main/a/weight`; `web/main/a` where one side removed what the other changed. */
  readonly path: string
  readonly kind: Thing | 'setting'
  /** Property name in the model; null where it is about the whole thing. */
  readonly field: string | null
  /** Values, or snapshots of the whole thing; undefined where there is none. */
  readonly base: unknown
  readonly theirs: unknown
  readonly ours: unknown
  /** Paths of what cannot be had together with it, and is settled with it; mostly none. */
  readonly beside: readonly string[]
}

/** The same text for the same conflict. */
export function keyOf({ kind, path, field }: Conflict): string {
  return JSON.stringify([kind, path, field])
}

export function leafConflict(row: Row, { property, name }: Leaf): Conflict {
  return fieldConflict(row, property, name)
}

/** Of a thing that cannot be looked at inside. */
export function rowConflict(row: Row): Conflict {
  if (row.clash !== undefined) return clashConflict(row.clash)
  const { theirs, ours } = row.versions
  if (theirs !== undefined && ours !== undefined)
    return fieldConflict(row, row.level.nameProperty, row.level.nameProperty)
  return { path: row.path, kind: row.level.kind, field: null, ...row.versions, beside: [] }
}

/** Of the group that serves. */
export function enabledConflict(service: Row): Conflict {
  const { rows = [], services = [service] } = service.enabledClash ?? {}
  const [main = service, ...others] = services
  if (main !== service) return enabledConflict(main)
  const enabledOfOthers = others.map(({ path }) => `${path}/${ENABLED_GROUP}`)
  const beside = [...[...rows].map((row) => row.path), ...enabledOfOthers]
  // By the names that the groups have then, or that of a renamed one would be another the next time.
  const named = { theirs: enabledNameFor(service, 'theirs'), ours: enabledNameFor(service, 'ours') }
  return { ...fieldConflict(service, ENABLED_GROUP, ENABLED_GROUP), ...named, beside }
}

function fieldConflict(row: Row, field: string, name: string): Conflict {
  const { base = {}, theirs = {}, ours = {} } = row.versions
  const path = `${row.path}/${name}`
  return { path, kind: row.level.kind, field, ...of({ base, theirs, ours }, field), beside: [] }
}

// The same for whichever of its parts it is met at.
function clashConflict({ rows, services }: Clash): Conflict {
  const [service] = services
  if (service !== undefined) return enabledConflict(service)
  const [main, ...others] = inPrecedence([...rows])
  if (main === undefined) throw new BalancerError('INTERNAL', 'a clash of nothing')
  const { versions, level, parent } = main
  const name = main.nameIn('ours') ?? main.nameIn('theirs')
  const called = (side: Side) => {
    const other = others.find((row) => row.parent === parent && row.nameIn(side) === name)
    return versions[side] ?? other?.versions[side]
  }
  return {
    path: main.path,
    kind: level.kind,
    field: null,
    base: versions.base,
    theirs: called('theirs'),
    ours: called('ours'),
    beside: others.map(({ path }) => path),
  }
}

// What was added is what can give way, and what runs is what operators see.
function inPrecedence(rows: readonly Row[]): readonly Row[] {
  const rank = ({ versions: { base, ours } }: Row) =>
    Number(base !== undefined) * 2 + Number(ours === undefined)
  const places = rows.map((row) => ({ row, rank: rank(row), path: row.path }))
  return places
    .toSorted((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))
    .map(({ row }) => row)
}
