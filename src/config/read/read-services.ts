// Services of a tree as plain data, and what must hold between them: names once, addresses once, one
// group enabled. The tree was held against the grammar before; refused values read as their standard.
import { LIMITS } from '../../base/limits.ts'
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

export function readServices(root: Element, faults: FaultList): readonly ServiceSnapshot[] {
  const elements = childrenOf(root, 'service')
  const names = new Uniqueness(faults, 'services', LIMITS.namesMax)
  const addresses = new Uniqueness(faults, 'listeners at', Number.POSITIVE_INFINITY)
  return elements.map((element) => {
    names.add(element, 'name', valueOf(element, NAME))
    const ofService = new Uniqueness(faults, 'listeners at', Number.POSITIVE_INFINITY)
    for (const listen of childrenOf(element, 'listen')) {
      const address = valueOf(listen, LISTEN_ADDRESS)
      // Any number of services may ask the system to choose a port; within one, the address is the listener's name.
      const others = address.endsWith(':0') ? ofService : addresses
      others.add(listen, 'ip', address)
    }
    return readService(element, faults)
  })
}

function readService(element: Element, faults: FaultList): ServiceSnapshot {
  const name = valueOf(element, NAME)
  const listeners = childrenOf(element, 'listen').map(readListener)
  const groups = childrenOf(element, 'group')
  const names = new Uniqueness(faults, 'groups', LIMITS.namesMax)
  for (const group of groups) names.add(group, 'name', valueOf(group, NAME))
  if (listeners.length > LIMITS.namesMax) {
    faults.fault(element.start, `more than ${LIMITS.namesMax} listeners, the most there may be`)
  }
  if (listeners.length === 0)
    faults.warn(element.start, `service ${name} has no <listen>: no client comes in`)
  return {
    name,
    ...valuesOf(element, SERVICE_FIELDS),
    listeners,
    groups: groups.map((group) => readGroup(group, faults)),
    enabledGroup: readEnabledGroup(element, faults),
  }
}

function readListener(element: Element): ListenerSnapshot {
  return { address: valueOf(element, LISTEN_ADDRESS), ...valuesOf(element, LISTENER_FIELDS) }
}

function readGroup(element: Element, faults: FaultList): GroupSnapshot {
  const name = valueOf(element, NAME)
  const elements = childrenOf(element, 'host')
  const names = new Uniqueness(faults, 'hosts', LIMITS.groupHostsMax)
  const hosts = elements.map((host, index) => {
    const snapshot = readHost(host, index)
    names.add(host, 'name', snapshot.name)
    return snapshot
  })
  if (hosts.length === 0)
    faults.warn(element.start, `group ${name} has no <host>: it can serve nobody`)
  const checks = childrenOf(element, 'check').map((check) => readCheck(check, faults))
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
