// The rows of the table: what is done to a peer, and which figures come out of it. A scenario knows
// nothing of rounds and medians.
import { runWrk } from './loads.ts'
import { looped } from './looped.ts'
import { measureIdle } from './memory.ts'
import { RELAYS } from './peers.ts'
import type { PeerName } from './peers.ts'
import type { Rig } from './rig.ts'
import type { Scenario } from './scenario.ts'
import { FEW_HOSTS, MANY_HOSTS, type PickSetupName, type Scheduler } from './setups.ts'
import { type Spent, spend } from './spend.ts'
import { THREADS } from './threads.ts'
import {
  BULK,
  CPU_PER_CONNECTION,
  type Figures,
  figuresOf,
  P50,
  P99,
  TRAFFIC,
  type Traffic,
} from './traffic.ts'

export const IDLE = 'kB/session'
export const IDLE_COLLECTED = 'kB/session, collected'
export const IDLE_TITLE = 'idle session'
export const MANY_OVER_FEW = `CPU, ${MANY_HOSTS} / ${FEW_HOSTS} hosts`
export const BULK_TUNED_TITLE = `${BULK.title}, tuned`

/** A process is started and stopped for each, and its memory looked at until it keeps still. */
const IDLE_SECONDS = 5
/** Whose picking is worth its time here. */
const PICKERS: readonly PeerName[] = ['sluice-node', 'sluice', 'haproxy']
/** Starting a client. */
const START_SECONDS = 0.2

export const SCENARIOS: readonly Scenario[] = [
  ...TRAFFIC.map((traffic) => plain(traffic)),
  bulkTuned(),
  idle(),
  pick('roundrobin'),
  pick('leastconns'),
  ...TRAFFIC.map((traffic) => looped(traffic)),
  ...THREADS,
]

export function pickTitle(scheduler: Scheduler): string {
  return `pick, ${scheduler}`
}

function plain(traffic: Traffic): Scenario {
  const { family, title, rate, cpu } = traffic
  return {
    family,
    title,
    needsWrk: family !== 'bulk',
    setups: ['web'],
    figures: [rate, P50, P99, cpu],
    suits: () => true,
    costSeconds: (seconds) => seconds + START_SECONDS,
    async measure(rig, peer, seconds) {
      const spent = await spend(rig, peer, (port) => traffic.run(rig, port, seconds))
      return { errors: spent.errors, figures: figuresOf(traffic, spent, spent.cpuNs) }
    },
  }
}

/** Big bodies against peers that are set up for nothing else. */
function bulkTuned(): Scenario {
  const { rate, cpu } = BULK
  return {
    family: 'bulk',
    title: BULK_TUNED_TITLE,
    needsWrk: false,
    setups: ['bulk'],
    figures: [rate, P50, P99, cpu],
    suits: (peer) => peer !== 'direct' && !RELAYS[peer].without.includes('bulk'),
    costSeconds: (seconds) => seconds + START_SECONDS,
    async measure(rig, peer, seconds) {
      const spent = await spend(rig, peer, (port) => BULK.run(rig, port, seconds), 'bulk')
      return { errors: spent.errors, figures: figuresOf(BULK, spent, spent.cpuNs) }
    },
  }
}

function idle(): Scenario {
  return {
    family: 'idle',
    title: IDLE_TITLE,
    needsWrk: false,
    setups: [],
    figures: [IDLE, IDLE_COLLECTED],
    suits: (peer) => peer !== 'direct',
    costSeconds: () => IDLE_SECONDS,
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
    setups: [`few-${scheduler}`, `many-${scheduler}`],
    figures: [
      `connections/s, ${label.few}`,
      `connections/s, ${label.many}`,
      `${CPU_PER_CONNECTION}, ${label.few}`,
      `${CPU_PER_CONNECTION}, ${label.many}`,
      MANY_OVER_FEW,
    ],
    suits: (peer) => PICKERS.includes(peer),
    costSeconds: (seconds) => 2 * (seconds + START_SECONDS),
    async measure(rig, peer, seconds, round) {
      const load = (size: 'few' | 'many') => pickLoad(rig, peer, `${size}-${scheduler}`, seconds)
      const first = round % 2 === 0 ? await load('few') : undefined
      const many = await load('many')
      const few = first ?? (await load('few'))
      return {
        errors: few.errors + many.errors,
        figures: {
          [`connections/s, ${label.few}`]: few.count / few.seconds,
          [`connections/s, ${label.many}`]: many.count / many.seconds,
          ...cpuFigure(label.few, few),
          ...cpuFigure(label.many, many),
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

/** Nanoseconds of CPU time for one connection. */
function costOf({ cpuNs = Number.NaN, count }: Spent): number {
  return cpuNs / count
}

function cpuFigure(label: string, spent: Spent): Figures {
  if (spent.cpuNs === undefined) return {}
  return { [`${CPU_PER_CONNECTION}, ${label}`]: costOf(spent) / 1e3 }
}
