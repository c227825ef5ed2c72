// Advice on the groups of one service: who would get sessions, and is there a spare? The group that serves is
// looked at closely; of the others only what is wrong whenever they serve.
import { type TcpAddress, isEveryInterface, isLoopback, parseAddress } from '../../base/address.ts'
import { HOST_FIELDS } from '../../model/fields.ts'
import type { GroupSnapshot, HostSnapshot, ServiceSnapshot } from '../../model/snapshot.ts'
import type { FaultList } from './fault.ts'
import { type Placed, placeOf, placed } from './placed.ts'

export function adviseOnGroups(
  { element, item }: Placed<ServiceSnapshot>,
  faults: FaultList,
): void {
  for (const group of placed(element, 'group', item.groups)) {
    const hosts = placed(group.element, 'host', group.item.hosts)
    if (group.item.name === item.enabledGroup) adviseOnServing(group, faults)
    adviseOnSameAddress(group.item.name, hosts, faults)
    adviseOnCircles(item, hosts, faults)
  }
}

function adviseOnServing({ element, item }: Placed<GroupSnapshot>, faults: FaultList): void {
  const { name, hosts } = item
  if (hosts.length === 0) return
  const [first] = hosts
  if (hosts.every(({ weight }) => weight === 0)) {
    faults.warn(element.start, `nobody gets a session: every host of group ${name} has weight 0`)
  } else if (!hosts.some(({ weight, intent }) => weight > 0 && intent === 'enabled')) {
    faults.warn(
      element.start,
      `nobody gets a session: no host of group ${name} is both enabled and of a weight above 0`,
    )
  } else if (hosts.length === 1) {
    faults.warn(
      element.start,
      `group ${name} has one host: when ${first?.name} fails there is no spare`,
    )
  }
}

function adviseOnSameAddress(
  group: string,
  hosts: readonly Placed<HostSnapshot>[],
  faults: FaultList,
): void {
  const first = new Map<string, HostSnapshot>()
  for (const { element, item } of hosts) {
    const other = first.get(item.address)
    if (other === undefined) {
      first.set(item.address, item)
      continue
    }
    faults.warn(
      placeOf(element, HOST_FIELDS.address),
      `hosts ${other.name} and ${item.name} of group ${group} have one address, ${item.address}: it gets the share of two, and fails as one`,
    )
  }
}

// A host that is a listener of its own service: each of its sessions would open the next one.
function adviseOnCircles(
  { name, listeners }: ServiceSnapshot,
  hosts: readonly Placed<HostSnapshot>[],
  faults: FaultList,
): void {
  const own = new Set(listeners.map(({ address }) => address))
  const wide = new Set(
    listeners.flatMap(({ address }) => {
      const tcp = tcpOf(address)
      return tcp !== undefined && isEveryInterface(tcp.host) ? [tcp.port] : []
    }),
  )
  for (const { element, item } of hosts) {
    const tcp = tcpOf(item.address)
    const meets = tcp !== undefined && isLoopback(tcp.host) && wide.has(tcp.port)
    if (!meets && !own.has(item.address)) continue
    faults.warn(
      placeOf(element, HOST_FIELDS.address),
      `host ${item.name} is a listener of service ${name} itself: its sessions would go round in circles`,
    )
  }
}

function tcpOf(text: string): TcpAddress | undefined {
  const address = parseAddress(text)
  return address?.kind === 'tcp' ? address : undefined
}
