// What is called otherwise in the second of two snapshots. To rename it is the first thing to do: then all else can be
// compared by name. Nothing that comes has a name that goes, so the renames are safe one by one, in any order.
import type { GroupSnapshot, HostSnapshot, ServiceSnapshot } from '../../model/snapshot.ts'
import type { Changed } from './difference.ts'
import { equal } from './equal.ts'
import { sourcesOf } from './kin.ts'
import { marksOfGroup, marksOfHost, marksOfService } from './levels.ts'

export interface Renamed<Item> {
  readonly renames: readonly Changed[]
  /** Those that there were, by the names that they have then. */
  readonly items: readonly Item[]
}

/** @param mayStay whether the one can become the other at all */
export function renamedServices(
  from: readonly ServiceSnapshot[],
  to: readonly ServiceSnapshot[],
  mayStay: (before: ServiceSnapshot, after: ServiceSnapshot) => boolean,
): Renamed<ServiceSnapshot> {
  return renamedList({
    from,
    to,
    marks: marksOfService,
    renamed: (before, after) => {
      if (!mayStay(before, after)) return { renames: [], item: before }
      const groups = renamedGroups(after.name, before.groups, after.groups)
      const enabled = before.groups.findIndex(({ name }) => name === before.enabledGroup)
      const enabledGroup = groups.items[enabled]?.name ?? before.enabledGroup
      const item = { ...before, name: after.name, groups: groups.items, enabledGroup }
      return { renames: [...renameOf('service', '', before, after), ...groups.renames], item }
    },
  })
}

function renamedGroups(
  service: string,
  from: readonly GroupSnapshot[],
  to: readonly GroupSnapshot[],
): Renamed<GroupSnapshot> {
  return renamedList({
    from,
    to,
    marks: marksOfGroup,
    renamed: (before, after) => {
      const hosts = renamedHosts(`${service}/${after.name}`, before.hosts, after.hosts)
      const item = { ...before, name: after.name, hosts: hosts.items }
      const own = renameOf('group', `${service}/`, before, after)
      return { renames: [...own, ...hosts.renames], item }
    },
  })
}

function renamedHosts(
  group: string,
  from: readonly HostSnapshot[],
  to: readonly HostSnapshot[],
): Renamed<HostSnapshot> {
  return renamedList({
    from,
    to,
    marks: marksOnce(from, to),
    renamed: (before, after) => {
      const item = { ...before, name: after.name }
      return { renames: renameOf('host', `${group}/`, before, after), item }
    },
  })
}

// Who it was must be certain, for it keeps its sessions: an address that several hosts have does not tell.
function marksOnce(...lists: readonly (readonly HostSnapshot[])[]) {
  let several: ReadonlySet<string> | undefined
  return (host: HostSnapshot) => {
    several ??= new Set(lists.flatMap(marksOfSeveral))
    const known = several
    return marksOfHost(host).filter((mark) => !known.has(mark))
  }
}

function marksOfSeveral(hosts: readonly HostSnapshot[]): readonly string[] {
  const seen = new Set<string>()
  return hosts.flatMap(marksOfHost).filter((mark) => seen.size === seen.add(mark).size)
}

interface Named {
  readonly name: string
}

function renamedList<Item extends Named>({
  from,
  to,
  marks,
  renamed,
}: {
  readonly from: readonly Item[]
  readonly to: readonly Item[]
  readonly marks: (item: Item) => readonly string[]
  readonly renamed: (
    before: Item,
    after: Item,
  ) => { readonly renames: readonly Changed[]; readonly item: Item }
}): Renamed<Item> {
  if (equal(from, to)) return { renames: [], items: from }
  const sources = sourcesOf({ from, to, identity: ({ name }) => name, marks })
  const items = [...from]
  const renames: Changed[] = []
  sources.forEach((source, at) => {
    const [before, after] = [from[source], to[at]]
    if (before === undefined || after === undefined || equal(before, after)) return
    const one = renamed(before, after)
    // What keeps all of its names stays the very same, for those who compare next.
    if (one.renames.length === 0) return
    renames.push(...one.renames)
    items[source] = one.item
  })
  return renames.length === 0 ? { renames, items: from } : { renames, items }
}

function renameOf(
  kind: Changed['kind'],
  parent: string,
  { name: from }: Named,
  { name: to }: Named,
): readonly Changed[] {
  if (from === to) return []
  return [{ action: 'set', kind, path: `${parent}${from}`, field: 'name', from, to }]
}
