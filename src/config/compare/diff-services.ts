// The differences inside of one service that is in both snapshots.
import { isDeepStrictEqual } from 'node:util'
import { GROUP_FIELDS, HOST_FIELDS, LISTENER_FIELDS, SERVICE_FIELDS } from '../../model/fields.ts'
import type { GroupSnapshot, HostSnapshot, ServiceSnapshot } from '../../model/snapshot.ts'
import { type Added, type Difference, added, changes, removed } from './difference.ts'
import { indexesInOrder } from './order.ts'
import { type Pair, pairUp } from './pair.ts'

export interface ServiceDifferences {
  readonly opened: readonly Added<'listener'>[]
  /** Addresses of listeners that go. */
  readonly closed: readonly string[]
  /** What comes and what is changed; then the enabled group; then what goes. */
  readonly others: readonly Difference[]
}

export function diffService([from, to]: Pair<ServiceSnapshot>): ServiceDifferences {
  const listeners = pairUp(from.listeners, to.listeners, ({ address }) => address)
  const groups = pairUp(from.groups, to.groups, ({ name }) => name)
  const inside = groups.kept.map((pair) => diffGroup(to.name, pair))
  return {
    opened: listeners.added.map((listener) =>
      added('listener', listenerPath(to, listener.address), listener),
    ),
    closed: listeners.removed.map(({ address }) => address),
    others: [
      ...groups.added.map((group) => added('group', `${to.name}/${group.name}`, group)),
      ...inside.flatMap((group) => group.first),
      ...listeners.kept.flatMap(([before, after]) => {
        return changes('listener', listenerPath(to, after.address), LISTENER_FIELDS, before, after)
      }),
      ...changes('service', to.name, SERVICE_FIELDS, from, to),
      ...enabling(from, to),
      ...inside.flatMap((group) => group.last),
      ...groups.removed.map((group) => removed('group', `${to.name}/${group.name}`)),
    ],
  }
}

export function listenerPath(service: { readonly name: string }, address: string): string {
  return `${service.name}/listen/${address}`
}

function enabling(from: ServiceSnapshot, to: ServiceSnapshot): readonly Difference[] {
  if (from.enabledGroup === to.enabledGroup) return []
  const values = { from: from.enabledGroup, to: to.enabledGroup }
  return [{ action: 'set', kind: 'service', path: to.name, field: 'enabledGroup', ...values }]
}

interface GroupDifferences {
  readonly first: readonly Difference[]
  readonly last: readonly Difference[]
}

function diffGroup(service: string, [from, to]: Pair<GroupSnapshot>): GroupDifferences {
  const path = `${service}/${to.name}`
  const hosts = pairUp(from.hosts, to.hosts, ({ name }) => name)
  return {
    first: [
      ...comingHosts(path, from.hosts, to.hosts),
      ...changes('group', path, GROUP_FIELDS, from, to),
      ...diffChecks(path, from, to),
      ...hosts.kept.flatMap(([before, after]) => {
        return changes('host', `${path}/${after.name}`, HOST_FIELDS, before, after)
      }),
    ],
    last: hosts.removed.map(({ name }) => removed('host', `${path}/${name}`)),
  }
}

function diffChecks(path: string, from: GroupSnapshot, to: GroupSnapshot): readonly Difference[] {
  if (isDeepStrictEqual(from.checks, to.checks)) return []
  return [{ action: 'set', kind: 'group', path, field: 'checks', from: from.checks, to: to.checks }]
}

// New hosts go in front of the next one that stays. A host that changes its place is taken out and put in
// again: the model has no verb for it, and its open sessions finish either way.
function comingHosts(
  path: string,
  from: readonly HostSnapshot[],
  to: readonly HostSnapshot[],
): readonly Difference[] {
  const index = new Map(from.map(({ name }, place) => [name, place]))
  const sources = to.map(({ name }) => index.get(name) ?? -1)
  const staying = indexesInOrder(sources)
  const names = to.map(({ name }) => name)
  let next = to.length
  const anchors = sources.toReversed().map((source, fromEnd) => {
    const anchor = names[next] ?? ''
    if (staying.has(source)) next = to.length - 1 - fromEnd
    return anchor
  })
  return to.flatMap((host, place) => {
    const source = sources[place] ?? -1
    if (staying.has(source)) return []
    const hostPath = `${path}/${host.name}`
    const moved = source < 0 ? [] : [removed('host', hostPath)]
    return [...moved, added('host', hostPath, host, anchors.at(-1 - place))]
  })
}
