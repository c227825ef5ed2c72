// An engine with one service, driven by tables as the control plane would, and everything it reported.
import { parseAddress } from '../../src/base/address.ts'
import type {
  AskFault,
  ClosedSession,
  Engine,
  EngineEvents,
  HostFailure,
  RefusedSession,
} from '../../src/engine/contract.ts'
import type { ListenerTable, RoutingTable, TableHost } from '../../src/engine/table.ts'
import type { Target } from '../../src/model/target.ts'
import { Counters } from '../../src/model/counters.ts'
import type { PickRule } from '../../src/scheduler/rule.ts'
import { eventually } from './eventually.ts'

export type CreateEngine = (options: { events: EngineEvents; trackPeers: boolean }) => Engine

export interface Rig {
  readonly engine: Engine
  readonly failures: HostFailure[]
  readonly answered: number[]
  readonly closed: ClosedSession[]
  readonly refused: RefusedSession[]
  readonly askFaults: AskFault[]
  /** Clients that wait, as last reported. */
  readonly waiting: number
  /** Open one more listener. @returns where it listens */
  listen(settings?: Partial<ListenerTable>): Promise<{ address: string; table: ListenerTable }>
  serve(hosts: readonly TableHost[], settings?: Partial<RoutingTable>): void
  /** Wait until `count` sessions have ended. */
  ended(count: number): Promise<readonly ClosedSession[]>
  stop(): Promise<void>
}

let lastId = 0

export function hostAt(address: string, settings: Partial<TableHost> = {}): TableHost {
  const id = ++lastId
  const basics = { id, name: `h${id}`, address, weight: 1, target: targetOf(address), ready: true }
  return { ...basics, suspect: false, maxSessions: 0, counters: new Counters(), ...settings }
}

export function inOrder(count: number): PickRule {
  return { kind: 'cycle', order: Uint32Array.from(Array(count).keys()) }
}

export function createRig(createEngine: CreateEngine): Rig {
  const failures: HostFailure[] = []
  const answered: number[] = []
  const closed: ClosedSession[] = []
  const refused: RefusedSession[] = []
  const askFaults: AskFault[] = []
  let waiting = 0
  let generation = 0
  const engine = createEngine({
    trackPeers: true,
    events: {
      hostFailed: (failure) => failures.push(failure),
      hostAnswered: (id) => answered.push(id),
      sessionClosed: (session) => closed.push(session),
      sessionRefused: (session) => refused.push(session),
      askFailed: (fault) => askFaults.push(fault),
      eventsLost: (count) => {
        throw new Error(`${count} events were lost`)
      },
      unexpected: (error) => {
        throw error
      },
      listenerFailed: (id, reason) => {
        throw new Error(`listener ${id} failed: ${reason}`)
      },
    },
  })
  return {
    engine,
    failures,
    answered,
    closed,
    refused,
    askFaults,
    get waiting() {
      return waiting
    },
    async listen(settings = {}) {
      const table = listenerTable(settings)
      return { address: await engine.openListener(table), table }
    },
    serve(hosts, settings = {}) {
      const onWaiting = (count: number) => {
        waiting = count
      }
      engine.setTable({ ...standardTable(hosts), generation: ++generation, onWaiting, ...settings })
    },
    ended: async (count) => {
      await eventually(() => closed.length >= count, `${count} sessions ended`)
      return closed
    },
    stop: async () => {
      await engine.stop(0)
    },
  }
}

function standardTable(
  hosts: readonly TableHost[],
): Omit<RoutingTable, 'generation' | 'onWaiting'> {
  return {
    service: 'web',
    engine: 'auto',
    group: 'main',
    rule: inOrder(hosts.length),
    hosts,
    maxSessions: 0,
    retries: 255,
    connectTimeoutMs: 5_000,
    idleTimeoutMs: 60_000,
    queue: 1_024,
    queueTimeoutMs: 5_000,
    hold: 0,
    proxy: 'none',
    accessLog: true,
  }
}

function listenerTable(settings: Partial<ListenerTable>): ListenerTable {
  const basics = { id: ++lastId, service: 'web', address: '127.0.0.1:0', maxSessions: 0 }
  return {
    ...basics,
    engine: 'auto',
    proxy: 'none',
    allow: [],
    deny: [],
    counters: new Counters(),
    ...settings,
  }
}

function targetOf(address: string): Target {
  const parsed = parseAddress(address)
  if (parsed === undefined) throw new Error(`not an address: ${address}`)
  if (parsed.kind === 'unix') return { path: parsed.path }
  return { host: parsed.host, port: parsed.port, family: parsed.host.includes(':') ? 6 : 4 }
}
