// One engine with hosts and clients that do what a script says, and what was seen of it after each step.
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { Socket } from 'node:net'
import type { ListenerTable, TableHost } from '../../src/engine/table.ts'
import { connectTo, resetNow } from './clients.ts'
import { type CreateEngine, type Rig, createRig, hostAt } from './engine-rig.ts'
import { type TestHost, startHost } from './hosts.ts'
import {
  type ActStep,
  type ConnectStep,
  DOORS,
  type DoorStep,
  HOSTS,
  type KillStep,
  type SendStep,
  type Step,
  type TableStep,
} from './script-steps.ts'
import { ruleOf } from './script-rules.ts'
import { engineSeen, type Party, partyOf, partySeen } from './script-seen.ts'

/** Hosts that need no stage of their own. */
export interface SharedHosts {
  readonly refusing: string
  readonly hanging: string
}

interface HostParty extends Party {
  readonly host: string
  /** The engine's own, and the host's. */
  readonly ends: readonly [string, string]
  /** The session behind it; 0 while it is not known. */
  session: number
}

const CONNECT_MS = 120
const ASK_MS = 60
/** What is the same in so many looks is how it stays. */
const LOOKS = 5
const LOOK_MS = 4
/** A reader that pauses is sent no more at once: what two systems hold of it is their own affair. */
const UNREAD_MAX = 20_000

export class Stage {
  readonly #rig: Rig
  readonly #shared: SharedHosts
  readonly #patience: number
  readonly #hosts = new Map<string, TestHost>()
  readonly #tableHosts = new Map<string, TableHost>()
  readonly #doors = new Map<string, { address: string; table: ListenerTable }>()
  readonly #clients: Party[] = []
  readonly #hostParties: HostParty[] = []
  readonly #killed: number[] = []
  #service = 'web'
  #group = 'main'
  /** The table has a host that does not answer. */
  #mayRefuse = false

  /** @param patience every deadline and every look takes so many times as long */
  constructor(createEngine: CreateEngine, shared: SharedHosts, patience = 1) {
    this.#rig = createRig(createEngine)
    this.#shared = shared
    this.#patience = patience
  }

  /** @returns what was seen after each step, and at last after the engine has stopped */
  async play(steps: readonly Step[]): Promise<readonly unknown[]> {
    const seen: unknown[] = []
    try {
      await this.#open()
      for (const step of steps) {
        await this.#do(step)
        seen.push(await this.#settled())
      }
      seen.push({ cut: await this.#rig.engine.stop(0) })
      // Who would be next is not told by an engine that has stopped.
      this.#service = ''
      seen.push(await this.#settled())
    } finally {
      await this.#close()
    }
    return seen
  }

  async #open(): Promise<void> {
    for (const kind of HOSTS) {
      const address = await this.#addressOf(kind)
      this.#tableHosts.set(kind, hostAt(address, { name: kind }))
    }
    for (const door of DOORS) {
      const settings = { proxy: door === 'proxy' ? 'require' : 'none' } as const
      const maxSessions = door === 'narrow' ? 1 : 0
      this.#doors.set(door, await this.#rig.listen({ ...settings, maxSessions }))
    }
  }

  async #addressOf(kind: (typeof HOSTS)[number]): Promise<string> {
    if (kind === 'refusing' || kind === 'hanging') return this.#shared[kind]
    const host = await startHost((socket) => this.#accepted(kind, socket))
    this.#hosts.set(kind, host)
    return host.address
  }

  #accepted(host: string, socket: Socket): void {
    const ends = [endOf(socket, 'remote'), endOf(socket, 'local')] as const
    this.#hostParties.push(Object.assign(partyOf(socket), { host, ends, session: 0 }))
    if (host === 'hello') socket.write('hello')
    if (host === 'bye') socket.end('bye')
  }

  async #close(): Promise<void> {
    await this.#rig.stop()
    for (const { socket } of this.#clients) socket.destroy()
    for (const host of this.#hosts.values()) await host.close()
  }

  async #do(step: Step): Promise<void> {
    switch (step.kind) {
      case 'connect':
        return this.#connect(step)
      case 'send':
        return this.#send(step)
      case 'act':
        return this.#act(step)
      case 'table':
        return this.#table(step)
      case 'door':
        return this.#door(step)
      case 'kill':
        return this.#kill(step)
      case 'name':
        return this.#name(step.act)
    }
  }

  async #connect({ door, pieces, ends }: ConnectStep): Promise<void> {
    // As with a new table: of two who wait and both meet a host that refuses, the second may have heard of it.
    if (this.#rig.waiting > 0 && this.#mayRefuse) return
    const { socket } = await connectTo(this.#doors.get(door)?.address ?? '')
    socket.setNoDelay()
    this.#clients.push(partyOf(socket))
    for (const piece of pieces) {
      socket.write(piece)
      await pause(1)
    }
    if (ends) socket.end()
  }

  async #send({ side, at, bytes, pieces }: SendStep): Promise<void> {
    const { from, to } = this.#pair(side, at)
    if (from === undefined || to === undefined || from.socket.writableEnded || from.over) return
    const size = to.socket.isPaused() || to.over ? Math.min(bytes, UNREAD_MAX) : bytes
    const block = Buffer.alloc(Math.ceil(size / pieces))
    // Who is gone answers the first one with a reset, and how many more are on their way by then is luck.
    const times = to.over ? 1 : pieces
    for (let i = 0; i < times; i++) {
      for (let at = 0; at < block.length; at += 97) block[at] = (from.said + at) % 251
      from.said += block.length
      from.socket.write(Buffer.from(block))
      await nextTurn()
    }
  }

  #act({ side, at, act }: ActStep): void {
    const { from } = this.#pair(side, at)
    if (from === undefined || from.over) return
    if (act === 'pause') from.socket.pause()
    if (act === 'resume') from.socket.resume()
    if (act === 'end') from.socket.end()
    // After an end the node engine does not hear of a reset before it sends something.
    if (from.socket.writableEnded) return
    if (act === 'destroy') from.socket.destroy()
    if (act === 'reset') resetNow(from.socket)
  }

  /** A client and its host; the host is missing where there is none. */
  #pair(side: 'client' | 'host', at: number): { from: Party | undefined; to: Party | undefined } {
    const index = at % Math.max(1, this.#clients.length)
    const client = this.#clients[index]
    const host = this.#hostParties.find(({ session }) => session === index + 1)
    return side === 'client' ? { from: client, to: host } : { from: host, to: client }
  }

  #table({ hosts, rule, ...step }: TableStep): void {
    const { group, maxSessions, retries, queue, hold, proxy } = step
    // Of several who try again at the same time nobody can say who is first.
    const alone = this.#rig.waiting <= 1
    const chosen = hosts.flatMap(({ host, ...own }) => {
      const known = this.#tableHosts.get(host)
      const answers = this.#hosts.has(host)
      return known === undefined || (!answers && !alone) ? [] : [{ ...known, ...own }]
    })
    const isAsked = ['names', 'throws', 'never'].includes(rule)
    this.#group = group
    this.#mayRefuse = chosen.some(({ name }) => !this.#hosts.has(name))
    this.#rig.serve(chosen, {
      group,
      maxSessions,
      retries,
      queue,
      hold,
      proxy,
      service: this.#service,
      rule: ruleOf(isAsked && !alone ? 'cycle' : rule, chosen, ASK_MS * this.#patience),
      connectTimeoutMs: CONNECT_MS * this.#patience,
      queueTimeoutMs: 60_000,
      idleTimeoutMs: 0,
    })
  }

  #door({ maxSessions, allow, deny }: DoorStep): void {
    const door = this.#doors.get('narrow')
    if (door === undefined) return
    door.table = { ...door.table, service: this.#service, maxSessions, allow, deny }
    this.#rig.engine.updateListener(door.table)
  }

  #kill({ ids, reason }: KillStep): void {
    const [first = 0] = ids
    const { engine, waiting } = this.#rig
    this.#killed.push(engine.killSessions(waiting === 0 ? ids : [first], reason))
  }

  #name(act: 'rename-service' | 'rename-group' | 'remove-table'): void {
    const { engine } = this.#rig
    const other = (name: string, one: string, two: string) => (name === one ? two : one)
    if (act === 'remove-table') return engine.removeTable(this.#service)
    if (act === 'rename-group') {
      const to = other(this.#group, 'main', 'renamed')
      engine.renameGroup(this.#service, this.#group, to)
      this.#group = to
      return
    }
    const to = other(this.#service, 'web', 'www')
    engine.renameService(this.#service, to)
    this.#service = to
  }

  /** Wait until nothing changes any more, and tell what there is. */
  async #settled(): Promise<unknown> {
    const deadline = performance.now() + 5_000
    let last = ''
    for (let same = 0; same < LOOKS && performance.now() < deadline; ) {
      await pause(LOOK_MS * this.#patience)
      this.#learnSessions()
      const now = JSON.stringify(this.#seen())
      same = now === last && !this.#onTheWay() ? same + 1 : 0
      last = now
    }
    return JSON.parse(last)
  }

  #learnSessions(): void {
    for (const party of this.#hostParties) {
      if (party.session !== 0) continue
      const found = this.#rig.engine.behind(...party.ends)
      party.session = typeof found === 'object' ? found.session : this.#endedAt(party.host)
    }
  }

  /** The session of this host that was over before anybody could ask who is behind it. */
  #endedAt(host: string): number {
    const known = new Set(this.#hostParties.map(({ session }) => session))
    const ended = this.#rig.closed.find((one) => one.host === host && !known.has(one.id))
    return ended?.id ?? 0
  }

  #onTheWay(): boolean {
    const { engine } = this.#rig
    return engine.sessions().some(({ step }) => step === 'choosing' || step === 'connecting')
  }

  #seen() {
    const hosts = [...this.#tableHosts.values()]
    const doors = [...this.#doors.values()].map(({ table }) => table)
    return {
      ...engineSeen(this.#rig, { hosts, doors, service: this.#service }),
      killed: this.#killed,
      clients: this.#clients.map((party, at) =>
        this.#isRefused(at + 1) ? party.over || party.ended : partySeen(party),
      ),
      hosts: this.#hostParties
        .map((party) => ({ host: party.host, session: party.session, ...partySeen(party) }))
        .toSorted((a, b) => a.session - b.session),
    }
  }

  #isRefused(id: number): boolean {
    return this.#rig.refused.some((session) => session.id === id)
  }
}

function endOf(socket: Socket, side: 'remote' | 'local'): string {
  return `${socket[`${side}Address`]}:${socket[`${side}Port`]}`
}
