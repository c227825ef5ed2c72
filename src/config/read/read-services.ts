// Services of a tree as plain data, and what must hold between them: names once, addresses once, one
// group enabled. The tree was held against the grammar before; refused values read as their standard.
import { LIMITS } from '../../base/limits.ts'
import type { Steps } from '../../base/steps.ts'
import {
  CHECK_FIELDS,
  type CheckValues,
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
} from '../../model/fields.ts'
import type {
  GroupSnapshot,
  HostSnapshot,
  ListenerSnapshot,
  ServiceSnapshot,
} from '../../model/snapshot.ts'
import { readEnabledGroup } from './enabled-group.ts'
import type { FaultList } from './fault.ts'
import { LISTEN_ADDRESS, NAME } from './grammar.ts'
import { type Element, attributeOf, childrenOf } from './parse.ts'
import { Uniqueness } from './unique.ts'
import { valueOf, valuesOf } from './values.ts'

export function* readServices(root: Element, faults: FaultList): Steps<readonly ServiceSnapshot[]> {
  const services: ServiceSnapshot[] = []
  const names = new Uniqueness(faults, 'services', LIMITS.namesMax)
  const addresses = new Uniqueness(faults, 'listeners at', Number.POSITIVE_INFINITY)
  requireHostsCounted(root, faults)
  for (const element of childrenOf(root, 'service')) {
    names.add(element, 'name', valueOf(element, NAME))
    const ofService = new Uniqueness(faults, 'listeners at', Number.POSITIVE_INFINITY)
    for (const listen of childrenOf(element, 'listen')) {
      const address = valueOf(listen, LISTEN_ADDRESS)
      // Any number of services may ask the system to choose a port; within one, the address is the listener's name.
      const others = address.endsWith(':0') ? ofService : addresses
      others.add(listen, 'ip', address)
    }
    services.push(yield* readService(element, faults))
  }
  return services
}

function requireHostsCounted(root: Element, faults: FaultList): void {
  let room: number = LIMITS.configHostsMax
  const groups = childrenOf(root, 'service').flatMap((service) => childrenOf(service, 'group'))
  for (const group of groups) {
    const hosts = childrenOf(group, 'host')
    const first = hosts[room]
    if (first !== undefined) {
      const most = `${LIMITS.configHostsMax} hosts in all groups together`
      faults.fault(first.start, `more than ${most}, the most there may be`)
      return
    }
    room -= hosts.length
  }
}

function* readService(element: Element, faults: FaultList): Steps<ServiceSnapshot> {
  const name = valueOf(element, NAME)
  const listeners = childrenOf(element, 'listen').map(readListener)
  const elements = childrenOf(element, 'group')
  const names = new Uniqueness(faults, 'groups', LIMITS.namesMax)
  for (const group of elements) names.add(group, 'name', valueOf(group, NAME))
  if (listeners.length > LIMITS.namesMax) {
    faults.fault(element.start, `more than ${LIMITS.namesMax} listeners, the most there may be`)
  }
  if (listeners.length === 0)
    faults.warn(element.start, `service ${name} has no <listen>: no client comes in`)
  const groups: GroupSnapshot[] = []
  for (const group of elements) groups.push(yield* readGroup(group, faults))
  return {
    name,
    ...valuesOf(element, SERVICE_FIELDS),
    listeners,
    groups,
    enabledGroup: readEnabledGroup(element, faults),
  }
}

function readListener(element: Element): ListenerSnapshot {
  return { address: valueOf(element, LISTEN_ADDRESS), ...valuesOf(element, LISTENER_FIELDS) }
}

function* readGroup(element: Element, faults: FaultList): Steps<GroupSnapshot> {
  const name = valueOf(element, NAME)
  const names = new Uniqueness(faults, 'hosts', LIMITS.groupHostsMax)
  const hosts: HostSnapshot[] = []
  for (const host of childrenOf(element, 'host')) {
    const snapshot = readHost(host, hosts.length)
    names.add(host, 'name', snapshot.name)
    hosts.push(snapshot)
    yield
  }
  if (hosts.length === 0)
    faults.warn(element.start, `group ${name} has no <host>: it can serve nobody`)
  const checks = childrenOf(element, 'check').map((check) => readCheck(check, faults))
  if (checks.length > LIMITS.groupChecksMax)
    faults.fault(
      element.start,
      `group ${name} has ${checks.length} checks, at most ${LIMITS.groupChecksMax} are accepted`,
    )
  return { name, ...valuesOf(element, GROUP_FIELDS), hosts, checks }
}

function readHost(element: Element, index: number): HostSnapshot {
  return { name: nameOfHost(element, index), ...valuesOf(element, HOST_FIELDS) }
}

/** A host without a name is called by its place, as txLoadBalancer and PythonDirector did. */
function nameOfHost(element: Element, index: number): string {
  return attributeOf(element, NAME.attribute) === undefined
    ? `host.${index}`
    : valueOf(element, NAME)
}

function readCheck(element: Element, faults: FaultList): CheckValues {
  const check = valuesOf(element, CHECK_FIELDS)
  if (check.type === 'exec' && check.command === '') {
    faults.fault(element.start, '<check type="exec"> needs command="…": program and arguments')
  }
  return check
}
