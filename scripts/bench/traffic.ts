// The five kinds of traffic that relays are compared by: how each is made, and which figures it has. Knows nothing
// of peers, rounds and targets.
import { type Load, runFetch, runWrk, type WrkOptions } from './loads.ts'
import type { Rig } from './rig.ts'

/** Figure to value; a figure that makes no sense for a peer is left out. */
export type Figures = Readonly<Record<string, number>>

export interface Traffic {
  readonly family: 'keep' | 'new' | 'bulk'
  readonly title: string
  /** The figure of what came through in a second; more is better. */
  readonly rate: string
  /** The figure of CPU time for one piece; less is better. */
  readonly cpu: string
  /** How many pieces of a load are one unit of `rate`. */
  readonly unit: number
  /** How many nanoseconds for each piece of a load are one unit of `cpu`. */
  readonly cpuUnitNs: number
  run(rig: Rig, port: number, seconds: number): Promise<Load>
}

export const P50 = 'p50 ms'
export const P99 = 'p99 ms'
const CPU_PER_REQUEST = 'CPU us/request'
export const CPU_PER_CONNECTION = 'CPU us/connection'

export const KEPT_5 = requests('kept', '5')
export const KEPT_18K = requests('kept', '18k')
export const NEW_5 = requests('new', '5')
export const NEW_18K = requests('new', '18k')
export const BULK: Traffic = {
  family: 'bulk',
  title: 'transfer 64 MB',
  rate: 'GB/s',
  cpu: 'CPU ms/GB',
  unit: 1e9,
  // Nanoseconds for one byte times 1000 is milliseconds for one GB.
  cpuUnitNs: 1e-3,
  run: runFetch,
}

export const TRAFFIC: readonly Traffic[] = [KEPT_5, KEPT_18K, NEW_5, NEW_18K, BULK]

/** @param cpuNs undefined where nothing stands between client and host */
export function figuresOf(traffic: Traffic, load: Load, cpuNs: number | undefined): Figures {
  const { rate, cpu, unit, cpuUnitNs } = traffic
  const { count, seconds, p50Ms, p99Ms } = load
  return {
    [rate]: count / seconds / unit,
    [P50]: p50Ms,
    [P99]: p99Ms,
    ...(cpuNs === undefined ? {} : { [cpu]: cpuNs / count / cpuUnitNs }),
  }
}

function requests(connections: WrkOptions['connections'], path: WrkOptions['path']): Traffic {
  const kept = connections === 'kept'
  return {
    family: kept ? 'keep' : 'new',
    title: `${kept ? 'keep-alive' : 'new connection'} ${path === '5' ? '5 B' : '18 kB'}`,
    rate: kept ? 'requests/s' : 'connections/s',
    cpu: kept ? CPU_PER_REQUEST : CPU_PER_CONNECTION,
    unit: 1,
    cpuUnitNs: 1e3,
    run: (rig, port, seconds) => runWrk(rig, { port, path, seconds, connections }),
  }
}
