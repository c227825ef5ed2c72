// The rows of the table: what is done to a peer, and which figures come out of it. A scenario knows
// nothing of rounds and medians.
import { type Load, runFetch, runWrk, type WrkOptions } from './loads.ts'
import { measureIdle } from './memory.ts'
import type { Family } from './options.ts'
import { type PeerName, RELAYS } from './peers.ts'
import { cpuNsOf, treeOf } from './processes.ts'
import type { Rig } from './rig.ts'
import { FEW_HOSTS, MANY_HOSTS, type PickSetupName, type Scheduler } from './setups.ts'

/** Figure to value; a figure that makes no sense for a peer is left out. */
export type Figures = Readonly<Record<string, number>>

export interface Measurement {
  readonly figures: Figures
  /** What wrk or the fetcher saw go wrong; anything but 0 makes the figures worthless. */
  readonly errors: number
}

export interface Scenario {
  readonly family: Family
  readonly title: string
  readonly needsWrk: boolean
  /** In the order of the table. */
  readonly figures: readonly string[]
  suits(peer: PeerName): boolean
  measure(rig: Rig, peer: PeerName, seconds: number, round: number): Promise<Measurement>
}

interface Spent extends Load {
  /** Undefined for `direct`, which has no process between client and host. */
  readonly cpuNs: number | undefined
}

export const CPU_PER_REQUEST = 'CPU us/request'
export const CPU_PER_CONNECTION = 'CPU us/connection'
export const IDLE = 'kB/session'
export const IDLE_COLLECTED = 'kB/session, collected'
export const MANY_OVER_FEW = `CPU, ${MANY_HOSTS} / ${FEW_HOSTS} hosts`

export const SCENARIOS: readonly Scenario[] = [
  requests('kept', '5'),
  requests('kept', '18k'),
  requests('new', '5'),
  requests('new', '18k'),
  bulk(),
  idle(),
  pick('roundrobin'),
  pick('leastconns'),
]

export function titleOf(connections: WrkOptions['connections'], path: WrkOptions['path']): string {
  return `${connections === 'kept' ? 'keep-alive' : 'new connection'} ${path === '5' ? '5 B' : '18 kB'}`
}

export function pickTitle(scheduler: Scheduler): string {
  return `pick, ${scheduler}`
}

function requests(connections: WrkOptions['connections'], path: WrkOptions['path']): Scenario {
  const [rate, cpu] =
    connections === 'kept' ? ['requests/s', CPU_PER_REQUEST] : ['connections/s', CPU_PER_CONNECTION]
  return {
    family: connections === 'kept' ? 'keep' : 'new',
    title: titleOf(connections, path),
    needsWrk: true,
    figures: [rate, 'p50 ms', 'p99 ms', cpu],
    suits: () => true,
    async measure(rig, peer, seconds) {
      const spent = await spend(rig, peer, (port) =>
        runWrk(rig, { port, path, seconds, connections }),
      )
      return {
        errors: spent.errors,
        figures: { [rate]: perSecond(spent), ...latencyOf(spent), ...cpuFigure(cpu, spent, 1e3) },
      }
    },
  }
}

function bulk(): Scenario {
  return {
    family: 'bulk',
    title: 'transfer 64 MB',
    needsWrk: false,
    figures: ['GB/s', 'p50 ms', 'p99 ms', 'CPU ms/GB'],
    suits: () => true,
    async measure(rig, peer, seconds) {
      const spent = await spend(rig, peer, (port) => runFetch(rig, port, seconds))
      // Nanoseconds per byte times 1000 is milliseconds per GB.
      const cpu = cpuFigure('CPU ms/GB', spent, 1e-3)
      return {
        errors: spent.errors,
        figures: { 'GB/s': perSecond(spent) / 1e9, ...latencyOf(spent), ...cpu },
      }
    },
  }
}

function idle(): Scenario {
  return {
    family: 'idle',
    title: 'idle session',
    needsWrk: false,
    figures: [IDLE, IDLE_COLLECTED],
    suits: (peer) => peer !== 'direct',
    async measure(rig, peer) {
      if (peer === 'direct') return { figures: {}, errors: 0 }
      const { kilobytes, collected } = await measureIdle(rig, peer)
      const after = collected === undefined ? {} : { [IDLE_COLLECTED]: collected }
      return { figures: { [IDLE]: kilobytes, ...after }, errors: 0 }
    },
  }
}

/** Few and many hosts one right after the other, so that the machine's mood hits both. */
function pick(scheduler: Scheduler): Scenario {
  const label = { few: `${FEW_HOSTS} hosts`, many: `${MANY_HOSTS} hosts` }
  return {
    family: 'pick',
    title: pickTitle(scheduler),
    needsWrk: true,
    figures: [
      `connections/s, ${label.few}`,
      `connections/s, ${label.many}`,
      `${CPU_PER_CONNECTION}, ${label.few}`,
      `${CPU_PER_CONNECTION}, ${label.many}`,
      MANY_OVER_FEW,
    ],
    suits: (peer) => peer !== 'direct' && RELAYS[peer].schedulers.includes(scheduler),
    async measure(rig, peer, seconds, round) {
      const load = (size: 'few' | 'many') => pickLoad(rig, peer, `${size}-${scheduler}`, seconds)
      const first = round % 2 === 0 ? await load('few') : undefined
      const many = await load('many')
      const few = first ?? (await load('few'))
      return {
        errors: few.errors + many.errors,
        figures: {
          [`connections/s, ${label.few}`]: perSecond(few),
          [`connections/s, ${label.many}`]: perSecond(many),
          ...cpuFigure(`${CPU_PER_CONNECTION}, ${label.few}`, few, 1e3),
          ...cpuFigure(`${CPU_PER_CONNECTION}, ${label.many}`, many, 1e3),
          [MANY_OVER_FEW]: costOf(many) / costOf(few),
        },
      }
    },
  }
}

function pickLoad(rig: Rig, peer: PeerName, setup: PickSetupName, seconds: number): Promise<Spent> {
  const work = (port: number) => runWrk(rig, { port, path: '5', seconds, connections: 'new' })
  return spend(rig, peer, work, setup)
}

/** Run a load through a peer and see what CPU time the peer's processes took for it. */
async function spend(
  rig: Rig,
  peer: PeerName,
  work: (port: number) => Promise<Load>,
  setup: 'web' | PickSetupName = 'web',
): Promise<Spent> {
  if (peer === 'direct') {
    const [host] = rig.setup(setup).targets
    return { ...(await work(host?.port ?? 0)), cpuNs: undefined }
  }
  const { child, port } = rig.relay(peer, setup)
  const before = cpuNsOf(treeOf(child.pid))
  const load = await work(port)
  if (!child.running) throw new Error(`${child.name} ended: ${child.lastWords}`)
  return { ...load, cpuNs: cpuNsOf(treeOf(child.pid)) - before }
}

function perSecond({ count, seconds }: Load): number {
  return count / seconds
}

function latencyOf({ p50Ms, p99Ms }: Load): Figures {
  return { 'p50 ms': p50Ms, 'p99 ms': p99Ms }
}

function costOf({ cpuNs = Number.NaN, count }: Spent): number {
  return cpuNs / count
}

/** `unitNs`: how many nanoseconds per piece are one unit of the figure. */
function cpuFigure(figure: string, spent: Spent, unitNs: number): Figures {
  return spent.cpuNs === undefined ? {} : { [figure]: costOf(spent) / unitNs }
}
