// The differences inside of one service that is in both snapshots. What is to serve is finished before it does, and what
// served is touched when it does no more.
import { GROUP_FIELDS, LISTENER_FIELDS, SERVICE_FIELDS } from '../../model/fields.ts'
import type { GroupSnapshot, ServiceSnapshot } from '../../model/snapshot.ts'
import { diffHosts, type InTwoParts } from './diff-hosts.ts'
import { type Closing, closing, listenerPath, type Opening } from './diff-ports.ts'
import { type Changed, type Difference, added, changes, removed } from './difference.ts'
import { equal } from './equal.ts'
import { type Pair, pairUp } from './pair.ts'

export interface ServiceDifferences {
  /** What makes it ready for its ports. */
  readonly comes: readonly Difference[]
  readonly opens: readonly Opening[]
  readonly closes: readonly Closing[]
  /** What it does not need any more. */
  readonly goes: readonly Difference[]
}

export function diffService(pair: Pair<ServiceSnapshot>): ServiceDifferences {
  const [from, to] = pair
  const listeners = pairUp(from.listeners, to.listeners, ({ address }) => address)
  return {
    ...diffGroups(pair, [
      ...changes('service', to.name, SERVICE_FIELDS, from, to),
      ...listeners.kept.flatMap(([before, after]) => {
        const path = listenerPath(to.name, after.address)
        return changes('listener', path, LISTENER_FIELDS, before, after)
      }),
    ]),
    opens: listeners.added.map((listener) => {
      const { address } = listener
      const difference = added('listener', listenerPath(to.name, address), listener)
      return { difference, addresses: [address] }
    }),
    closes: listeners.removed.map(({ address }) => closing(to.name, address, false)),
  }
}

/** @param fields of the service and its listeners, which are set when the groups that come are there */
function diffGroups(
  [from, to]: Pair<ServiceSnapshot>,
  fields: readonly Difference[],
): Pick<ServiceDifferences, 'comes' | 'goes'> {
  const groups = pairUp(from.groups, to.groups, ({ name }) => name)
  const pathOf = ({ name }: GroupSnapshot) => `${to.name}/${name}`
  const inside = groups.kept.map((pair) => {
    const { name } = pair[1]
    const parts = diffGroup(pathOf(pair[1]), pair)
    return { served: from.enabledGroup === name, serves: to.enabledGroup === name, ...parts }
  })
  const whole = ({ first, last }: InTwoParts) => [...first, ...last]
  const staying = inside.filter(({ served, serves }) => served && serves)
  return {
    comes: [
      ...servingFirst(groups.added, to).map((group) => added('group', pathOf(group), group)),
      ...inside.filter(({ served }) => !served).flatMap(whole),
      ...fields,
      ...staying.flatMap(({ first }) => first),
      ...enabling(from, to),
    ],
    goes: [
      ...staying.flatMap(({ last }) => last),
      ...inside.filter(({ served, serves }) => served && !serves).flatMap(whole),
      // The enabled one can go only as the last of all.
      ...servingFirst(groups.removed.toReversed(), from)
        .toReversed()
        .map((group) => removed('group', pathOf(group))),
    ],
  }
}

/** In which order to add them: the first group that a service gets serves at once. */
export function servingFirst(
  groups: readonly GroupSnapshot[],
  { enabledGroup }: ServiceSnapshot,
): readonly GroupSnapshot[] {
  const serves = ({ name }: GroupSnapshot) => name === enabledGroup
  return [...groups.filter(serves), ...groups.filter((group) => !serves(group))]
}

/** What comes of itself with the first group, or goes with the last one, is no difference of its own. */
function enabling(
  { enabledGroup: from }: ServiceSnapshot,
  { name: path, enabledGroup: to }: ServiceSnapshot,
): readonly Changed[] {
  if (from === to || from === '' || to === '') return []
  return [{ action: 'set', kind: 'service', path, field: 'enabledGroup', from, to }]
}

function diffGroup(path: string, [from, to]: Pair<GroupSnapshot>): InTwoParts {
  if (equal(from, to)) return { first: [], last: [] }
  const { first, last } = diffHosts(path, from.hosts, to.hosts)
  const fields = changes('group', path, GROUP_FIELDS, from, to)
  return { first: [...first, ...fields, ...diffChecks(path, from, to)], last }
}

function diffChecks(
  path: string,
  { checks: from }: GroupSnapshot,
  { checks: to }: GroupSnapshot,
): readonly Changed[] {
  if (equal(from, to)) return []
  return [{ action: 'set', kind: 'group', path, field: 'checks', from, to }]
}
