// What is seen of an engine and of both ends of its connections. What two engines may do otherwise is left out: times, ports,
// and what was read of a client that reached no host.
import { createHash, type Hash } from 'node:crypto'
import type { Socket } from 'node:net'
import type { ClosedSession, RefusedSession } from '../../src/engine/contract.ts'
import type { ListenerTable, TableHost } from '../../src/engine/table.ts'
import type { HistogramFigures, ServiceFigures } from '../../src/model/service-figures.ts'
import type { SessionView } from '../../src/model/session-view.ts'
import type { Rig } from './engine-rig.ts'

/** One end of a connection, and what it saw. */
export interface Party {
  readonly socket: Socket
  /** Its first bytes, among them the header of the PROXY protocol; and all others. */
  head: Buffer
  readonly digest: Hash
  bytes: number
  said: number
  ended: boolean
  over: boolean
  /** It was told of a reset. */
  broken: boolean
}

/** Longer than a header that names a real client. */
const HEAD_BYTES = 60

export interface Served {
  readonly hosts: readonly TableHost[]
  readonly doors: readonly ListenerTable[]
  /** What the service is called now; '' where nobody is to be asked for its next client. */
  readonly service: string
}

export function engineSeen(rig: Rig, { hosts, doors, service }: Served) {
  const { engine, failures, answered, askFaults, waiting, closed, refused } = rig
  const nameOf = (id: number) => hosts.find((host) => host.id === id)?.name
  return {
    sessions: engine.sessions().map((view) => sessionSeen(rig, view)),
    pick: engine.explainPick(service, '127.0.0.1'),
    count: engine.sessionCount,
    figures: figuresSeen(engine.figuresOf(service)),
    waiting,
    failures: failures.map(({ hostId, code, reason }) => `${nameOf(hostId)} ${code} ${reason}`),
    answered: answered.map(nameOf),
    // How often a function that throws is told of is a matter of time.
    askFailed: askFaults.length > 0,
    closed: inOrderOfIds(closed).map(endSeen),
    refused: inOrderOfIds(refused).map(refusalSeen),
    hostCounters: hosts.map(({ name, counters }) => ({ name, ...counters.toJSON() })),
    doorCounters: doors.map(({ counters }) => ({ ...counters.toJSON(), bytesFromClient: 0 })),
  }
}

function figuresSeen(figures: ServiceFigures | undefined) {
  const timesOf = ({ counts }: HistogramFigures) => counts.reduce((sum, count) => sum + count, 0)
  if (figures === undefined) return undefined
  const { ends, connect, session } = figures
  return { ends, connects: timesOf(connect), sessions: timesOf(session) }
}

function sessionSeen({ engine }: Rig, view: SessionView) {
  const { attempts, tried, retries } = engine.session(view.id) ?? {}
  const bytesFromClient = view.step === 'relaying' ? view.bytesFromClient : 0
  const client = withoutPort(view.client)
  return { ...view, attempts, tried, retries, bytesFromClient, client, since: 0, idleMs: 0 }
}

function endSeen<Session extends ClosedSession>(session: Session) {
  const reached = session.connectMs >= 0
  const bytesFromClient = reached ? session.bytesFromClient : 0
  const client = withoutPort(session.client)
  return { ...session, reached, bytesFromClient, client, connectMs: 0, durationMs: 0 }
}

function refusalSeen(session: RefusedSession) {
  const seen = { ...endSeen(session), time: 0 }
  // Of several that end together nobody can say which one was still there for which. Of several who are refused together
  // it is known who waited; but each thread ends its own, so only who was one too many is told of with all others.
  const together = ['stopped', 'killed', 'rebalanced'].includes(session.reason)
  const waiting = together ? 0 : session.waiting
  const listenerOpen = session.reason === 'listener-full' ? session.listenerOpen : 0
  return { ...seen, waiting, listenerOpen }
}

function inOrderOfIds<Item extends { readonly id: number }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => a.id - b.id)
}

function withoutPort(client: string): string {
  return client.startsWith('127.0.0.1:') ? '127.0.0.1' : client
}

export function partyOf(socket: Socket): Party {
  const digest = createHash('sha1')
  const figures = { bytes: 0, said: 0, ended: false, over: false, broken: false }
  const party: Party = { socket, head: Buffer.alloc(0), digest, ...figures }
  socket.on('data', (chunk: Buffer) => {
    const room = HEAD_BYTES - party.head.length
    party.bytes += chunk.length
    party.head = Buffer.concat([party.head, chunk.subarray(0, room)])
    digest.update(chunk.subarray(room))
  })
  socket.on('end', () => {
    party.ended = true
  })
  socket.on('error', () => {
    party.broken = true
  })
  socket.on('close', () => {
    party.over = true
  })
  return party
}

export function partySeen({ bytes, head, digest, ended, over, broken }: Party) {
  const rest = digest.copy().digest('hex')
  return { bytes, head: withoutPorts(head), rest, ended, over, broken }
}

/** The ports of a real client and of ours are those of one run. */
function withoutPorts(head: Buffer): string {
  const masked = Buffer.from(head)
  if (head.toString('hex', 12, 20) === '2111000c7f000001') masked.fill(0, 24, 28)
  return masked.toString('latin1').replace(/(127\.0\.0\.1) \d+ \d+\r\n/, '$1\r\n')
}
