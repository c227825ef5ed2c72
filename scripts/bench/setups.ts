// What a peer can be set up to balance over. Plain data: every peer runs every set-up in its own words.

export type Scheduler = 'roundrobin' | 'leastconns'

export interface Address {
  readonly ip: string
  readonly port: number
}

/**
 * - `web`: three hosts, each peer as for any traffic
 * - `bulk`: the same, each peer as somebody sets it who carries nothing but big bodies
 * - `looped`: the same, with ssh for an operator
 * - `wide`: hosts that keep two engine threads busy
 */
export type SetupName = 'web' | 'bulk' | 'looped' | 'wide' | 'idle' | PickSetupName
export type PickSetupName = `${'few' | 'many'}-${Scheduler}`

export interface Setup {
  readonly name: SetupName
  readonly scheduler: Scheduler
  readonly targets: readonly Address[]
}

export interface HostPorts {
  /** Three ports of the web host on 127.0.0.1. */
  readonly web: readonly number[]
  /** Three ports of the web host with several workers on 127.0.0.1. */
  readonly wide: readonly number[]
  /** One port of the web host on every address, so that 127.x.y.z makes as many hosts as wanted. */
  readonly everywhere: number
  readonly hold: number
}

export const FEW_HOSTS = 3
export const MANY_HOSTS = 1_000

export function setupsOver(ports: HostPorts): Record<SetupName, Setup> {
  const few = distinctHosts(FEW_HOSTS, ports.everywhere)
  const many = distinctHosts(MANY_HOSTS, ports.everywhere)
  const web = onLoopback(ports.web)
  return {
    web: { name: 'web', scheduler: 'roundrobin', targets: web },
    bulk: { name: 'bulk', scheduler: 'roundrobin', targets: web },
    looped: { name: 'looped', scheduler: 'roundrobin', targets: web },
    wide: { name: 'wide', scheduler: 'roundrobin', targets: onLoopback(ports.wide) },
    idle: { name: 'idle', scheduler: 'roundrobin', targets: onLoopback([ports.hold]) },
    'few-roundrobin': { name: 'few-roundrobin', scheduler: 'roundrobin', targets: few },
    'many-roundrobin': { name: 'many-roundrobin', scheduler: 'roundrobin', targets: many },
    'few-leastconns': { name: 'few-leastconns', scheduler: 'leastconns', targets: few },
    'many-leastconns': { name: 'many-leastconns', scheduler: 'leastconns', targets: many },
  }
}

function onLoopback(ports: readonly number[]): Address[] {
  return ports.map((port) => ({ ip: '127.0.0.1', port }))
}

/** 127.0.1.1 to 127.0.1.250, then 127.0.2.1 and on: all of them are this machine. */
function distinctHosts(count: number, port: number): Address[] {
  return Array.from({ length: count }, (_, index) => ({
    ip: `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`,
    port,
  }))
}
