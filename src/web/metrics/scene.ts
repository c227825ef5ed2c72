// What one collection of metrics tells of: the objects that there were when it began, with their labels. So that all
// metrics of one answer tell of the same objects under the same names, however many turns of the loop it takes.
import { descriptorsOpen } from '../../base/descriptors.ts'
import { pauses } from '../../base/steps.ts'
import type { Process } from '../../commands/context.ts'
import type { CheckView } from '../../model/check-view.ts'
import type { CountersView } from '../../model/counters.ts'
import type { Group } from '../../model/group.ts'
import type { Host } from '../../model/host.ts'
import type { Listener } from '../../model/listener.ts'
import type { Service } from '../../model/service.ts'
import type { Labelled, Labels } from './labels.ts'
import type { ServiceTotals } from './service-totals.ts'

/** A service and what it counted. */
export interface CountedService {
  readonly service: Service
  readonly totals: CountersView
}

export interface Scene {
  readonly process: Process
  readonly services: readonly Labelled<CountedService>[]
  readonly listeners: readonly Labelled<Listener>[]
  readonly groups: readonly Labelled<Group>[]
  readonly hosts: readonly Labelled<Host>[]
  readonly checks: readonly Labelled<CheckView>[]
  /** Of the process; undefined where the system does not say. */
  readonly descriptorsOpen: number | undefined
}

/** In turns: see base/steps.ts. */
export async function sceneOf(process: Process, totals: ServiceTotals): Promise<Scene> {
  const { serviceList, listenerList, groupList } = process.balancer
  const services = serviceList.map((service) => {
    const thing = { service, totals: totals.of(service) }
    return { thing, labels: { service: service.name } }
  })
  const listeners = listenerList.map((thing) => {
    return { thing, labels: { service: thing.serviceName, listener: thing.address } }
  })
  const groups = groupList.map((thing) => ({ thing, labels: labelsOfGroup(thing) }))
  const hosts = groups.flatMap(({ thing, labels }) => hostsOf(thing, labels))
  const checks = await checksOf(process, hosts)
  const open = await descriptorsOpen()
  return { process, services, listeners, groups, hosts, checks, descriptorsOpen: open }
}

function labelsOfGroup({ serviceName, name }: Group) {
  return { service: serviceName, group: name }
}

function hostsOf({ hostList }: Group, labels: Labels): readonly Labelled<Host>[] {
  return hostList.map((thing) => ({ thing, labels: { ...labels, host: thing.name } }))
}

async function checksOf(
  process: Process,
  hosts: readonly Labelled<Host>[],
): Promise<readonly Labelled<CheckView>[]> {
  const found: Labelled<CheckView>[] = []
  const pause = pauses()
  for (const { thing, labels } of hosts) {
    found.push(...labelled(process.checksOf(thing), labels))
    const turn = pause()
    if (turn !== undefined) await turn
  }
  return found
}

// What clients notice is in the figures of the host itself.
function labelled(views: readonly CheckView[], labels: Labels): readonly Labelled<CheckView>[] {
  const looks = views.filter(({ check }) => check !== 'clients')
  return looks.map((thing, index) => {
    return { thing, labels: { ...labels, check: nameIn(looks, index) } }
  })
}

/** Two checks may look at one path in two ways: the second one is called `http /healthz (2)`. */
function nameIn(views: readonly CheckView[], index: number): string {
  const check = views[index]?.check ?? ''
  const same = views.slice(0, index + 1).filter((view) => view.check === check).length
  return same === 1 ? check : `${check} (${same})`
}
