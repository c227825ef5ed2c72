// What can be measured here out of what was asked for, and a sentence for each thing that cannot, or that a reader of
// the figures has to know.
import { installed } from './environment.ts'
import { nginxInstalled } from './nginx.ts'
import type { Options } from './options.ts'
import { type PeerName, RELAYS } from './peers.ts'
import { IDLE_SESSIONS, type Rig } from './rig.ts'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import type { SetupName } from './setups.ts'
import type { Target } from './targets.ts'
import { THREADS_CPUS } from './threads.ts'

/** What a reader of the figures has to know of how they were made. */
const SETTINGS = [
  'wrk: 1 thread, 64 clients. Nothing is pinned to a CPU: clients and hosts take more CPU time than a relay, so that a relay alone on a CPU would wait for them; sharing all CPUs, what a relay does not take is theirs',
  'haproxy: mode tcp, nbthread 1, option splice-auto; nginx: stream, 1 worker, proxy_buffer_size 64k, tcp_nodelay',
  'tuned: haproxy with option splice-request, splice-response and tune.pipesize 512 kB, nginx with proxy_buffer_size 256k; sluice as always',
  'memory: resident memory of no file (RssAnon and RssShmem), of the whole process tree',
] as const

export interface Selection {
  readonly peers: readonly PeerName[]
  readonly scenarios: readonly Scenario[]
  readonly notes: readonly string[]
}

/** @param cpus of this machine */
export function select({ peers, families, forceThreads }: Options, cpus: number): Selection {
  const lost = peers.flatMap((peer) => {
    const why = peer === 'direct' ? undefined : RELAYS[peer].missing()
    return why === undefined ? [] : [{ peer, note: `${peer} is left out: ${why}` }]
  })
  const withThreads = forceThreads || cpus >= THREADS_CPUS
  const asked = SCENARIOS.filter(({ family }) => families.includes(family))
  const possible = asked.filter(({ family }) => family !== 'threads' || withThreads)
  const scenarios = installed('wrk') ? possible : possible.filter(({ needsWrk }) => !needsWrk)
  const wrkNote = 'wrk is not installed: requests, connections and pick cost are left out'
  const hostNote = 'nginx is not installed: a Node server is the host, and limits what is seen'
  const threadsNote = `two engine threads against one: not measured, ${cpus} CPUs; needs ${THREADS_CPUS}, or --force-threads`
  return {
    peers: peers.filter((peer) => !lost.some((each) => each.peer === peer)),
    scenarios,
    notes: [
      ...SETTINGS,
      ...lost.map(({ note }) => note),
      ...(possible.length < asked.length ? [threadsNote] : []),
      ...(scenarios.length < possible.length ? [wrkNote] : []),
      ...(nginxInstalled() ? [] : [hostNote]),
    ],
  }
}

/** Targets of the columns and rows that were asked for, measured or not. */
export function askedFor({ peers, families }: Options, targets: readonly Target[]): Target[] {
  const rows = SCENARIOS.filter(({ family }) => families.includes(family)).map(({ title }) => title)
  return targets.filter(({ of, scenario }) => peers.includes(of) && rows.includes(scenario))
}

/** Each once, in the order of the rows. */
export function setupsFor(scenarios: readonly Scenario[]): SetupName[] {
  return [...new Set(scenarios.flatMap(({ setups }) => setups))]
}

/** What only the rig knows. */
export function rigNotes(rig: Rig, scenarios: readonly Scenario[]): string[] {
  const measured = (family: Scenario['family']) => scenarios.some((each) => each.family === family)
  const sessions = `ulimit -n is too low and cannot be raised: ${rig.idleSessions} idle sessions instead of ${IDLE_SESSIONS}`
  const client = 'no C compiler: a Node program fetches the big bodies, and limits GB/s'
  return [
    ...(measured('idle') && rig.idleSessions < IDLE_SESSIONS ? [sessions] : []),
    ...(measured('bulk') && rig.compiled === undefined ? [client] : []),
  ]
}
