// A balancer without an engine, made of groups of one service `web`; the first group serves.
import { isIPv6 } from 'node:net'
import { parseAddress } from '../../src/base/address.ts'
import { Balancer } from '../../src/model/balancer.ts'
import type { Ports } from '../../src/model/listener.ts'
import type { GroupSnapshot } from '../../src/model/snapshot.ts'
import type { Target } from '../../src/model/target.ts'

const NO_PORTS: Ports = {
  open: ({ address }) => Promise.resolve(address),
  close: () => Promise.resolve(),
}

export type GroupOf = Omit<Partial<GroupSnapshot>, 'name' | 'hosts'> & {
  /** Addresses by name. */
  readonly hosts: Readonly<Record<string, string>>
}

export async function balancerOf(groups: Readonly<Record<string, GroupOf>>): Promise<Balancer> {
  const balancer = new Balancer({ ports: NO_PORTS })
  const service = await balancer.addService('web')
  for (const [name, { hosts, ...values }] of Object.entries(groups)) {
    const group = service.addGroup(name, values)
    for (const [host, address] of Object.entries(hosts)) group.addHost(host, address)
  }
  return balancer
}

/** Where a host with an IP address or a Unix socket is reached. */
export function targetOf({ address }: { readonly address: string }): Target {
  const parsed = parseAddress(address)
  if (parsed === undefined) throw new Error(`not an address: ${address}`)
  if (parsed.kind === 'unix') return { path: parsed.path }
  const { host, port } = parsed
  return { host, port, family: isIPv6(host) ? 6 : 4 }
}
