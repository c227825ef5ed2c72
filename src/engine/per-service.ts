// Two engines as one: a service is served wholly by one of them, and whoever asks for sessions sees those of both. Which
// one is chosen where the first table or listener of the service appears, and stays for the life of the process: the
// counters of a host have one writer.
import { LIMITS } from '../base/limits.ts'
import type { EngineException, EngineThreadView } from '../model/engine-view.ts'
import type { ServiceEngine } from '../model/fields.ts'
import type { PickView } from '../model/pick-view.ts'
import type { ServiceFigures } from '../model/service-figures.ts'
import type { SessionDetail, SessionView } from '../model/session-view.ts'
import type { Behind, EndedBy, Engine } from './contract.ts'
import type { ListenerTable, RoutingTable } from './table.ts'

export interface PerServiceOptions {
  /** Serves every service that does not need the other one. */
  readonly usual: Engine
  /** Has everything that a service may need. Both number their sessions together. */
  readonly portable: Engine
}

interface Choice {
  readonly engine: Engine
  /** Why it is not the usual one; undefined where it is. */
  readonly reason: string | undefined
  /** What the service said when it was chosen, and what it says now. */
  readonly from: ServiceEngine
  wanted: ServiceEngine
  hasTable: boolean
}

export class PerServiceEngine implements Engine {
  readonly #usual: Engine
  readonly #portable: Engine
  readonly #choices = new Map<string, Choice>()
  /** Listeners by id, open ones and those that are being opened. */
  readonly #listeners = new Map<number, { readonly choice: Choice }>()

  constructor({ usual, portable }: PerServiceOptions) {
    this.#usual = usual
    this.#portable = portable
  }

  get name(): Engine['name'] {
    return this.#usual.name
  }

  get sessionCount(): number {
    return this.#usual.sessionCount + this.#portable.sessionCount
  }

  get threads(): readonly EngineThreadView[] {
    return [...this.#usual.threads, ...this.#portable.threads]
  }

  /** Services for which there is something to say. */
  get exceptions(): readonly EngineException[] {
    return [...this.#choices].flatMap(([service, choice]) => {
      const reason = exceptionOf(choice)
      const isThere = choice.hasTable || this.#listensBy(choice)
      return reason === undefined || !isThere
        ? []
        : [{ service, engine: choice.engine.name, reason }]
    })
  }

  async openListener(table: ListenerTable): Promise<string> {
    const choice = this.#choose(table)
    this.#listeners.set(table.id, { choice })
    try {
      return await choice.engine.openListener(table)
    } catch (error) {
      this.#listeners.delete(table.id)
      throw error
    }
  }

  updateListener(table: ListenerTable): void {
    this.#listeners.get(table.id)?.choice.engine.updateListener(table)
  }

  async closeListener(id: number): Promise<void> {
    await this.#listeners.get(id)?.choice.engine.closeListener(id)
    this.#listeners.delete(id)
  }

  setTable(table: RoutingTable): void {
    const choice = this.#choose(table)
    choice.hasTable = true
    choice.engine.setTable(table)
  }

  removeTable(service: string): void {
    const choice = this.#choices.get(service)
    if (choice === undefined) return
    choice.hasTable = false
    choice.engine.removeTable(service)
  }

  renameService(from: string, to: string): void {
    const choice = this.#choices.get(from)
    if (choice === undefined) return
    // Somebody who had the name once may have left a route there.
    this.removeTable(to)
    this.#choices.delete(from)
    this.#choices.set(to, choice)
    choice.engine.renameService(from, to)
  }

  renameGroup(service: string, from: string, to: string): void {
    this.#choices.get(service)?.engine.renameGroup(service, from, to)
  }

  sessions({ after = 0, limit = 1_000 } = {}): readonly SessionView[] {
    const usual = this.#usual.sessions({ after, limit })
    if (this.#portable.sessionCount === 0) return usual
    const portable = this.#portable.sessions({ after, limit })
    return byAge(usual, portable).slice(0, limit)
  }

  session(id: number): SessionDetail | undefined {
    return this.#usual.session(id) ?? this.#portable.session(id)
  }

  explainPick(service: string, clientIp?: string): PickView | undefined {
    return this.#choices.get(service)?.engine.explainPick(service, clientIp)
  }

  figuresOf(service: string): ServiceFigures | undefined {
    return this.#choices.get(service)?.engine.figuresOf(service)
  }

  killSession(id: number, reason?: EndedBy): boolean {
    return this.#usual.killSession(id, reason) || this.#portable.killSession(id, reason)
  }

  killSessions(ids: readonly number[], reason?: EndedBy): number {
    return this.#usual.killSessions(ids, reason) + this.#portable.killSessions(ids, reason)
  }

  behind(localAddress: string, hostAddress?: string): Behind | 'ambiguous' | undefined {
    const [usual, portable] = [this.#usual, this.#portable].map((engine) =>
      engine.behind(localAddress, hostAddress),
    )
    return usual === undefined || portable === undefined ? (usual ?? portable) : 'ambiguous'
  }

  async stop(deadlineMs: number): Promise<number> {
    const cut = await Promise.all([this.#usual, this.#portable].map((one) => one.stop(deadlineMs)))
    return cut.reduce((sum, sessions) => sum + sessions, 0)
  }

  #choose({ service, engine: wanted }: Pick<RoutingTable, 'service' | 'engine'>): Choice {
    const known = this.#choices.get(service)
    if (known !== undefined) {
      known.wanted = wanted
      return known
    }
    const reason = reasonForPortable(wanted)
    const engine = reason === undefined ? this.#usual : this.#portable
    const choice: Choice = { engine, reason, from: wanted, wanted, hasTable: false }
    this.#choices.set(service, choice)
    this.#forgetOne()
    return choice
  }

  // As many services that are gone are remembered as there may be at once; of more, the first one is forgotten.
  #forgetOne(): void {
    if (this.#choices.size <= 2 * LIMITS.namesMax) return
    for (const [service, choice] of this.#choices) {
      if (choice.hasTable || this.#listensBy(choice)) continue
      this.#choices.delete(service)
      return
    }
  }

  #listensBy(choice: Choice): boolean {
    return [...this.#listeners.values()].some((listener) => listener.choice === choice)
  }
}

/** Why a service cannot be left to the usual engine; undefined where it can. */
function reasonForPortable(wanted: ServiceEngine): string | undefined {
  // A service that says auto and needs what the usual engine lacks has its reason here. There is no such thing so far.
  return wanted === 'node' ? 'asked for by engine="node"' : undefined
}

function exceptionOf({ reason, from, wanted }: Choice): string | undefined {
  if (wanted === from) return reason
  return `engine="${wanted}" takes effect after a restart`
}

/** Two pages in the order of their ids as one. */
function byAge(one: readonly SessionView[], other: readonly SessionView[]): SessionView[] {
  const merged: SessionView[] = []
  let next = 0
  for (const session of one) {
    for (
      let early = other[next];
      early !== undefined && early.id < session.id;
      early = other[next]
    ) {
      merged.push(early)
      next += 1
    }
    merged.push(session)
  }
  return [...merged, ...other.slice(next)]
}
