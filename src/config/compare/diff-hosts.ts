// The hosts of one group: who comes, goes, changes, and stands elsewhere. In two parts, because a group that serves must
// have a ready host in between: first whatever makes hosts ready, last whatever takes them away.
import { LIMITS } from '../../base/limits.ts'
import { HOST_FIELDS } from '../../model/fields.ts'
import type { HostSnapshot } from '../../model/snapshot.ts'
import { type Changed, type Difference, added, changes, removed } from './difference.ts'
import { equal } from './equal.ts'
import { indexesInOrder } from './order.ts'
import { pairUp } from './pair.ts'

export interface InTwoParts {
  readonly first: readonly Difference[]
  readonly last: readonly Difference[]
}

type Hosts = readonly HostSnapshot[]

/** @param group its path */
export function diffHosts(group: string, from: Hosts, to: Hosts): InTwoParts {
  const hosts = pairUp(from, to, ({ name }) => name)
  const changed = hosts.kept.filter(([before, after]) => !equal(before, after))
  const changesOf = (goes: boolean) => {
    return changed
      .filter(([before, after]) => goes === (isReady(before) && !isReady(after)))
      .flatMap(([before, after]) => diffHost(`${group}/${after.name}`, before, after))
  }
  const gone = hosts.removed.map(({ name }) => removed('host', `${group}/${name}`))
  const come = [...placing(group, from, to), ...changesOf(false)]
  // In a group that is full there is no room for what comes before what goes has gone.
  if (from.length + hosts.added.length > LIMITS.groupHostsMax)
    return { first: [...gone, ...come], last: changesOf(true) }
  return { first: come, last: [...changesOf(true), ...gone] }
}

/** As far as operators say: what is seen of it does not matter. */
function isReady({ intent, weight }: HostSnapshot): boolean {
  return intent === 'enabled' && weight > 0
}

/** What keeps it from being ready comes first, what lets it be ready comes last. */
function diffHost(path: string, from: HostSnapshot, to: HostSnapshot): readonly Changed[] {
  const turnOf = ({ field }: Changed) => {
    if (field !== 'intent' && field !== 'weight') return 1
    const lets = field === 'intent' ? to.intent === 'enabled' : to.weight > 0
    return lets ? 2 : 0
  }
  return changes('host', path, HOST_FIELDS, from, to).toSorted((a, b) => turnOf(a) - turnOf(b))
}

/** New hosts, and those that stand elsewhere, each in front of the next one that stays where it is. */
function placing(group: string, from: Hosts, to: Hosts): readonly Difference[] {
  if (from.length === to.length && from.every(({ name }, at) => name === to[at]?.name)) return []
  const index = new Map(from.map(({ name }, place) => [name, place]))
  const sources = to.map(({ name }) => index.get(name) ?? -1)
  const staying = indexesInOrder(sources)
  const anchors = anchorsOf(to, (place) => staying.has(sources[place] ?? -1))
  return to.flatMap((host, place): readonly Difference[] => {
    const source = sources[place] ?? -1
    if (staying.has(source)) return []
    const path = `${group}/${host.name}`
    const before = anchors[place] ?? ''
    if (source < 0) return [added('host', path, host, before)]
    const stood = from[source + 1]?.name ?? ''
    return [{ action: 'set', kind: 'host', path, field: 'before', from: stood, to: before }]
  })
}

/** For each place, the name of the next host behind it that stays; '' where none does. */
function anchorsOf(to: Hosts, stays: (place: number) => boolean): readonly string[] {
  const anchors: string[] = []
  let next = ''
  for (let place = to.length - 1; place >= 0; place--) {
    anchors[place] = next
    if (stays(place)) next = to[place]?.name ?? ''
  }
  return anchors
}
