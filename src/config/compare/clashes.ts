// What cannot be taken over from both sides, though each value could: two things would be called the same, two services
// would listen at one address, a group would serve that is not there. All that is part of it stays on each side as it
// is, and is settled together.
import { type Values, ANY_PORT, ENABLED_GROUP } from './levels.ts'
import { type Row, type RowList, Clash } from './rows.ts'
import { type Side, type Three, type Verdict, type Version, SIDES, verdictOn } from './three.ts'

export function findClashes(services: RowList): void {
  findNamesTaken(services)
  for (const service of services.rows) if (mayClashInside(service)) findInside(service)
  findAddressesTaken(services)
}

function findInside(service: Row): void {
  const groups = service.lists.get('groups')
  if (groups === undefined) return
  findNamesTaken(groups)
  for (const group of groups.rows) {
    const hosts = mayClashInside(group) ? group.lists.get('hosts') : undefined
    if (hosts !== undefined) findNamesTaken(hosts)
  }
  findEnabledGone(service, groups)
}

function mayClashInside(row: Row): boolean {
  return row.verdict === 'inside' && !row.isSame
}

// One side adds what the other side has called another thing by now. A name that base knows is never taken so: what has
// it on a side is the same thing.
function findNamesTaken({ rows }: RowList): void {
  const byName = new Map<string, Row>()
  for (const row of rows) {
    if (!row.isNewlyNamed) continue
    for (const name of new Set(SIDES.map((side) => row.nameFor(side)))) {
      if (name === undefined) continue
      const other = byName.get(name)
      if (other === undefined) byName.set(name, row)
      else join([other, row])
    }
  }
}

// One side removes the group that the other side enabled. Where both enabled another one, each group has to be there
// for whom it is settled.
function findEnabledGone(service: Row, { rows }: RowList): void {
  const isThere = (side: Side) => {
    const group = enabledFor(service, side)
    if (typeof group === 'object') return group.nameFor(side) !== undefined
    return rows.every((row) => row.nameFor(side) === undefined)
  }
  const isOpen = enabledVerdict(service) === 'both'
  if (SIDES.every(isThere) && !isOpen) return
  const { theirs, ours } = enabledIn(service)
  const kept = SIDES.flatMap((side) => {
    const [group, other] = side === 'ours' ? [ours, theirs] : [theirs, ours]
    // A side without a group keeps having none.
    if (other === '') return rows.filter((row) => row.versions[side] !== undefined)
    return typeof group === 'object' && isMissing(group) ? [group] : []
  })
  if (kept.length > 0 || !isOpen) join(kept, service)
}

function isMissing({ versions }: Row): boolean {
  return versions.theirs === undefined || versions.ours === undefined
}

// What one side has at an address must not come to a side that has another thing there, whichever conflict is settled
// first: so it is one address for both sides.
function findAddressesTaken(services: RowList): void {
  const byAddress = new Map<string, Row>()
  for (const side of SIDES) {
    const listening = services.rows.flatMap((service) => listeningFor(service, side))
    for (const [address, row] of listening) {
      const other = byAddress.get(address)
      if (other === undefined) byAddress.set(address, row)
      else if (!ANY_PORT.test(address) && other !== row) join([other, row])
    }
  }
}

/** Where a service listens, with what would have to be kept from listening there: a listener, or the whole service. */
function listeningFor(service: Row, side: Side): readonly (readonly [address: string, Row])[] {
  if (mayClashInside(service)) {
    const { rows = [] } = service.lists.get('listeners') ?? {}
    return rows.flatMap((listener) => {
      const address = listener.nameFor(side)
      return address === undefined ? [] : [[address, listener] as const]
    })
  }
  const listeners = (service.versionFor(side)?.['listeners'] ?? []) as readonly Values[]
  return listeners.map(({ address }) => [String(address), service] as const)
}

function join(rows: readonly Row[], service?: Row): void {
  const clashes = [...rows.map((row) => row.clash), service?.enabledClash]
  const known = clashes.filter((clash) => clash !== undefined)
  const all = known.toSorted((a, b) => b.rows.size - a.rows.size)[0] ?? new Clash()
  const joining = new Set(rows)
  for (const clash of new Set(known)) {
    if (clash === all) continue
    for (const row of clash.rows) joining.add(row)
    for (const other of clash.services) takeIn(all, other)
  }
  for (const row of joining) {
    all.rows.add(row)
    row.clash = all
  }
  if (service !== undefined) takeIn(all, service)
}

function takeIn(clash: Clash, service: Row): void {
  clash.services.add(service)
  service.enabledClash = clash
}

/** The group that a service names as the one that serves: by its name where there is none. */
export type Enabled = Row | string | undefined

export function enabledIn(service: Row): Three<Enabled> {
  const groups = service.lists.get('groups')
  const named = (version: Version): Enabled => {
    const name = service.versions[version]?.[ENABLED_GROUP] as string | undefined
    const group = groups?.order[version].find((row) => row.nameIn(version) === name)
    return group ?? name
  }
  return {
    base: groups && addedSince(named('base'), groups),
    theirs: named('theirs'),
    ours: named('ours'),
  }
}

// A group may be enabled in base that is not yet part of it: it was settled which one serves, and nothing saved since.
function addedSince(enabled: Enabled, { rows }: RowList): Enabled {
  if (typeof enabled !== 'string') return enabled
  const added = rows.find((row) => {
    return row.versions.base === undefined && SIDES.some((side) => row.nameIn(side) === enabled)
  })
  return added ?? enabled
}

export function enabledVerdict(service: Row): Verdict {
  const { enabledClash, winners } = service
  const verdict =
    enabledClash === undefined
      ? verdictOn(enabledIn(service), (one, other) => one === other)
      : 'both'
  return verdict === 'both' ? (winners.get(ENABLED_GROUP) ?? 'both') : verdict
}

/** The group that serves on a side after the merge. */
function enabledFor(service: Row, side: Side): Enabled {
  const verdict = enabledVerdict(service)
  return enabledIn(service)[verdict === 'theirs' || verdict === 'ours' ? verdict : side]
}

/** Its name; '' where there is none. */
export function enabledNameFor(service: Row, side: Side): string {
  const group = enabledFor(service, side)
  return (typeof group === 'object' ? group.nameFor(side) : group) ?? ''
}
