// A running process without sockets, files and engines, for tests of whatever stands above the model.
// Everything a command may touch is there, and what it touched can be seen afterwards.
import { BalancerError } from '../../src/base/errors.ts'
import type { LogLine } from '../../src/base/log.ts'
import type { CommandContext, DocumentState, Process } from '../../src/commands/context.ts'
import type { SessionView } from '../../src/model/session-view.ts'
import { Balancer } from '../../src/model/balancer.ts'
import type { OperatorRole } from '../../src/model/fields.ts'
import type { Ports } from '../../src/model/listener.ts'

/** An address that the stub refuses to open. */
export const TAKEN = '127.0.0.1:9'

/** Ports that open at once; port 0 becomes 40000. */
const stubPorts: Ports = {
  async open({ address }) {
    if (address === TAKEN)
      throw new BalancerError('PORT_TAKEN', `${address} is held by another program`)
    return address.replace(/:0$/, ':40000')
  },
  async close() {},
}

export interface StubProcess extends Process {
  sessionRows: SessionView[]
  logged: LogLine[]
  state: DocumentState
  /** What was asked of it: `save`, `save --force`, `stop`. */
  readonly asked: string[]
}

/** A balancer with `web` (groups `main`: a b c, `spare`: s) and `mail` (no groups, no listeners). */
export async function createStubProcess(): Promise<StubProcess> {
  const balancer = new Balancer({ ports: stubPorts, now: () => 0 })
  await balancer.addService('web', { listeners: [listenAt('127.0.0.1:8080')] })
  const web = balancer.service('web')
  const main = web.addGroup('main')
  for (const [index, name] of ['a', 'b', 'c'].entries())
    main.addHost(name, `10.0.0.${index + 1}:80`)
  web.addGroup('spare', { scheduler: 'roundrobin' }).addHost('s', 'spare.example:80')
  await balancer.addService('mail')
  return processOf(balancer)
}

/** Who types; role full at no terminal unless said otherwise. */
export function contextOf(
  process: Process,
  given: {
    readonly role?: OperatorRole
    readonly columns?: number
    readonly signal?: AbortSignal
  } = {},
): CommandContext {
  const { role = 'full', columns = 0, signal = new AbortController().signal } = given
  return { process, operator: 'alice', role, signal, columns }
}

/** Session number `id`, on host `web/main/a`. */
export function sessionRow(id: number, given: Partial<SessionView> = {}): SessionView {
  return {
    id,
    service: 'web',
    listener: '127.0.0.1:8080',
    group: 'main',
    host: 'a',
    client: `192.0.2.1:${id}`,
    step: 'relaying',
    since: Date.UTC(2026, 10, 20),
    idleMs: 1_500,
    bytesFromClient: 10,
    bytesFromHost: 20,
    ...given,
  }
}

function listenAt(address: string) {
  return { address, maxSessions: 0, proxy: 'none', allow: [], deny: [] } as const
}

function processOf(balancer: Balancer): StubProcess {
  const asked: string[] = []
  return {
    version: '1.2.3',
    engine: { name: 'node', reason: 'asked for' },
    startedAt: Date.UTC(2026, 10, 20),
    balancer,
    asked,
    sessionRows: [],
    logged: [],
    state: {
      file: 'run/config.xml',
      running: '<config/>\n',
      stored: '<config/>\n',
      unsaved: undefined,
    },
    sessions({ after, limit }) {
      return this.sessionRows.filter(({ id }) => id > after).slice(0, limit)
    },
    get sessionCount() {
      return this.sessionRows.length
    },
    logLines() {
      return this.logged
    },
    document() {
      return this.state
    },
    async save({ force }) {
      asked.push(force ? 'save --force' : 'save')
      return { written: this.state.unsaved !== undefined, file: this.state.file }
    },
    stop() {
      asked.push('stop')
    },
  }
}
