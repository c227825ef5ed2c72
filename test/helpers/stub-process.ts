// A running process without sockets, files and engines, for tests of whatever stands above the model.
// Everything a command may touch is there, and what it touched can be seen afterwards.
import { BalancerError } from '../../src/base/errors.ts'
import type { LogLine } from '../../src/base/log.ts'
import { asOneAct } from '../../src/base/origin.ts'
import type { CommandContext, Process } from '../../src/commands/context.ts'
import type { DocumentState } from '../../src/commands/documents.ts'
import type { PickView } from '../../src/model/pick-view.ts'
import type { ServiceFigures } from '../../src/model/service-figures.ts'
import type {
  ClosedSessionView,
  RefusedSessionView,
  SessionView,
} from '../../src/model/session-view.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { Journal } from '../../src/model/journal.ts'
import { CHECK_FIELDS, type CheckValues, type OperatorRole } from '../../src/model/fields.ts'
import type { Ports } from '../../src/model/listener.ts'
import { trialOn } from '../../src/app/documents/trial.ts'
import { type StubCandidates, stubCandidates } from './stub-candidates.ts'
import { stubParts, stubWays } from './stub-parts.ts'

/** An address that the stub refuses to open. */
export const TAKEN = '127.0.0.1:9'

export const ALICES_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBfsIz+3uWV/RozkG5t/xYc+HLIYdmb0/dhpDh/Bpaed alice@desk'
export const BOBS_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEjlflxtdPXFLw/naz/XRT/muyp09vwhCpxMKgu1aQQ1 bob@desk'

/** Every field of a check as it stands where nothing is said. */
const CHECK = Object.fromEntries(
  Object.entries(CHECK_FIELDS).map(([name, field]) => [name, field.standard]),
) as CheckValues

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
  readonly candidates: StubCandidates
  sessionRows: SessionView[]
  logged: LogLine[]
  /** By service. */
  picks: Record<string, PickView>
  /** By service. */
  figures: Record<string, ServiceFigures>
  refused: RefusedSessionView[]
  state: DocumentState
  /** What was asked of it: `save`, `save --force`, `stop`. */
  readonly asked: string[]
}

/** A balancer with `web` (groups `main`: a b c, `spare`: s) and `mail` (no groups, no listeners); users alice (full) and bob (operate); a token `deploy`. */
export async function createStubProcess(): Promise<StubProcess> {
  const balancer = new Balancer({ ports: stubPorts, now: () => 0 })
  const journal = new Journal(balancer)
  journal.start()
  asOneAct(() => {
    balancer.setUsers([
      { name: 'alice', access: 'full', keys: [ALICES_KEY] },
      { name: 'bob', access: 'operate', keys: [BOBS_KEY] },
    ])
    balancer.setTokens([{ name: 'deploy', access: 'operate', hash: `sha256:${'0'.repeat(64)}` }])
  })
  await balancer.addService('web', { listeners: [listenAt('127.0.0.1:8080')] })
  const web = balancer.service('web')
  const main = web.addGroup('main')
  for (const [index, name] of ['a', 'b', 'c'].entries())
    main.addHost(name, `10.0.0.${index + 1}:80`)
  const spare = web.addGroup('spare', { scheduler: 'roundrobin' })
  spare.addHost('s', 'spare.example:80')
  spare.checks = [CHECK]
  await balancer.addService('mail')
  return processOf(balancer, journal)
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
  return { process, operator: 'alice', role, signal, columns, ...stubWays() }
}

/** Session number `id`, as it ended on host `web/main/a`. */
export function endedSession(
  id: number,
  given: Partial<ClosedSessionView> = {},
): ClosedSessionView {
  const { step: _step, since: _since, idleMs: _idleMs, ...same } = sessionRow(id)
  return { ...same, connectMs: 1.5, durationMs: 2_000, attempts: 1, reason: 'done', ...given }
}

/** Session number `id` of a client that found no host ready. */
export function refusedSession(
  id: number,
  given: Partial<RefusedSessionView> = {},
): RefusedSessionView {
  return {
    ...endedSession(id, { host: '', connectMs: -1, attempts: 0, reason: 'no-host' }),
    time: Date.UTC(2026, 10, 20, 12),
    hosts: 3,
    ready: 0,
    retries: 3,
    waiting: 0,
    queue: 16,
    queueTimeoutMs: 5_000,
    listenerOpen: 1,
    listenerMax: 0,
    ...given,
  }
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

function processOf(balancer: Balancer, journal: Journal): StubProcess {
  const asked: string[] = []
  return {
    ...stubParts(),
    version: '1.2.3',
    engine: { name: 'node', reason: 'asked for', threads: [], exceptions: [], eventsLost: 0 },
    startedAt: Date.UTC(2026, 10, 20),
    balancer,
    journal,
    candidates: stubCandidates(balancer),
    asked,
    sessionRows: [],
    logged: [],
    picks: {},
    figures: {},
    refused: [],
    state: {
      file: 'run/config.xml',
      running: '<config/>\n',
      stored: '<config/>\n',
      unsaved: undefined,
      readOnly: false,
      revision: 2,
    },
    session(id) {
      const row = this.sessionRows.find((each) => each.id === id)
      if (row === undefined) return undefined
      const rest = { attempts: 1, tried: [], retries: 3, connectMs: 2, leftMs: null }
      return { ...row, ...rest, idleTimeoutMs: 60_000 }
    },
    explainPick(service) {
      return this.picks[service]
    },
    figuresOf(service) {
      return this.figures[service]
    },
    refusals() {
      return this.refused
    },
    sessions({ after, limit }) {
      return this.sessionRows.filter(({ id }) => id > after).slice(0, limit)
    },
    killSessions(ids) {
      const before = this.sessionRows.length
      this.sessionRows = this.sessionRows.filter((row) => !ids.includes(row.id))
      return before - this.sessionRows.length
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
      return { written: this.state.unsaved !== undefined, file: this.state.file, revision: 2 }
    },
    stop() {
      asked.push('stop')
    },
    trial() {
      return trialOn(balancer)
    },
    actingOn({ balancer: of, journal: its }) {
      return { ...this, balancer: of, journal: its }
    },
  }
}
