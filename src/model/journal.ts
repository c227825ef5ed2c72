// What was done lately, act by act, so that it can be taken back: each typed line, evaluation or reading of the file
// is one act, whatever it changed. Bounded; the oldest act is forgotten first.
import { BalancerError, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { OneAtATime } from '../base/one-at-a-time.ts'
import { type Act as UnderWay, type Origin, asOneAct, currentAct } from '../base/origin.ts'
import type { Balancer } from './balancer.ts'
import type { Change } from './change.ts'
import { hasNetEffect } from './net-effect.ts'
import { type Recorded, Recorder } from './recorded.ts'
import { rehearsalOf } from './rehearsal.ts'
import { takeBack } from './take-back.ts'

/** One act, as operators see it. */
export interface ActView {
  /** The `act` of its changes. */
  readonly number: number
  readonly origin: Origin
  /** Of its first change, in milliseconds since 1970. */
  readonly time: number
  /** In the order in which they were made; empty where there were too many to keep. */
  readonly changes: readonly Change[]
  /** Was it taken back, and not brought back since? */
  readonly undone: boolean
  /** Number of the act that this one took back; 0 where it is not an undo. */
  readonly undoes: number
}

interface Act {
  readonly number: number
  readonly origin: Origin
  readonly time: number
  records: Recorded[]
  /** See `sizeOf`. */
  size: number
  /** It changed more than is kept, and cannot be taken back. */
  tooLarge: boolean
  undone: boolean
  undoes: number
  /** What its changes were made in; code that was left behind may go on in there. */
  readonly madeIn: UnderWay | undefined
}

/** Conflicts that one refusal names. */
const CONFLICTS_NAMED = 5

export class Journal {
  readonly #balancer: Balancer
  /** By number, oldest first. */
  readonly #acts = new Map<number, Act>()
  #size = 0
  readonly #undos = new OneAtATime()
  #unfollow: () => void = () => {}

  constructor(balancer: Balancer) {
    this.#balancer = balancer
  }

  /** Keep what is changed from now on. */
  start(): void {
    const recorder = new Recorder(this.#balancer)
    this.#unfollow = this.#balancer.follow((change) => {
      // What was seen of a host is nothing that anybody did.
      if (change.field !== 'health') this.#keep(recorder.record(change))
    })
  }

  stop(): void {
    this.#unfollow()
  }

  /**
   * The acts that are kept, newest first; only those of one author where one is given, and at most so many. One that
   * came to nothing, as an `apply` that failed half-way, is none of them.
   */
  acts(origin?: Origin, most: number = LIMITS.actsKept): readonly ActView[] {
    const found: ActView[] = []
    for (const act of this.#newest(origin)) {
      if (found.length >= most) break
      if (cameToSomething(act)) found.push(viewOf(act))
    }
    return found
  }

  /** The act that `undo` takes back where no number is said: the last one in effect that is no undo itself. */
  lastOf(origin: Origin): ActView | undefined {
    const act = this.#newest(origin).find((each) => {
      return !each.undone && each.undoes === 0 && cameToSomething(each)
    })
    return act === undefined ? undefined : viewOf(act)
  }

  /** @throws BalancerError NOT_FOUND where it changed nothing or is forgotten */
  act(number: number): ActView {
    return viewOf(this.#require(number))
  }

  /**
   * Take an act back, all of it or nothing. That is an act of its own, which can be taken back again. One is done
   * after the other.
   *
   * @returns what was changed
   * @throws BalancerError NOT_FOUND; REFUSED with what was changed since, or where a port does not open again
   */
  undo(number: number): Promise<readonly Change[]> {
    return this.#undos.run(() => this.#undo(number))
  }

  /**
   * Take back what the act under way has changed so far, all of it or nothing; see `undo`.
   *
   * @returns what was changed
   */
  async undoActUnderWay(): Promise<readonly Change[]> {
    const number = this.#balancer.act
    return this.#acts.has(number) ? this.undo(number) : []
  }

  async #undo(number: number): Promise<readonly Change[]> {
    const act = this.#require(number)
    refuseUnlessWhole(act)
    this.#end(act)
    await this.#rehearse(act)
    return asOneAct(() => this.#takeBack(act))
  }

  // What it changes after it was taken back, or forgotten, can be taken back by another number.
  #end({ madeIn }: Act): void {
    if (madeIn !== undefined) this.#balancer.endAct(madeIn)
  }

  #newest(origin?: Origin): readonly Act[] {
    const acts = [...this.#acts.values()].toReversed()
    return origin === undefined ? acts : acts.filter((act) => act.origin === origin)
  }

  #require(number: number): Act {
    const act = this.#acts.get(number)
    if (act !== undefined) return act
    const next = 'see undo --list for those that can be'
    throw new BalancerError('NOT_FOUND', `act ${number} changed nothing, or is forgotten; ${next}`)
  }

  // Everything is tried on a copy first, so that a refusal changes nothing and names all that stands in the way.
  async #rehearse(act: Act): Promise<void> {
    const services = new Set(act.records.flatMap(servicesOf))
    const copy = await rehearsalOf(this.#balancer, services)
    const conflicts = new Map<string, unknown>()
    for (const recorded of act.records.toReversed()) {
      const { path } = recorded.change
      try {
        await takeBack(copy, recorded)
      } catch (error) {
        // What follows for the same object follows from the first.
        if (!conflicts.has(path)) conflicts.set(path, error)
      }
    }
    if (conflicts.size === 0) return
    const first = [...conflicts].slice(0, CONFLICTS_NAMED)
    const named = first.map(([path, error]) => this.#conflictOf(error, path, act))
    const more = conflicts.size - named.length
    const all = more > 0 ? [...named, `and ${more} more`] : named
    throw new BalancerError('REFUSED', `nothing was undone: ${all.join('; ')}`)
  }

  #conflictOf(error: unknown, path: string, act: Act): string {
    const text = error instanceof BalancerError ? error.detail : messageOf(error)
    const later = this.#newest().find(({ number, records }) => {
      return number > act.number && records.some(({ change }) => change.path === path)
    })
    return later === undefined ? text : `${text} (${later.origin}, act ${later.number})`
  }

  async #takeBack(act: Act): Promise<readonly Change[]> {
    try {
      for (const recorded of act.records.toReversed()) await takeBack(this.#balancer, recorded)
    } catch (error) {
      await this.#goBack(error)
      throw error
    }
    return this.#settle(act)
  }

  #settle(act: Act): readonly Change[] {
    act.undone = true
    const before = this.#acts.get(act.undoes)
    if (before !== undefined) before.undone = false
    const undoing = this.#acts.get(this.#balancer.act)
    if (undoing === undefined) return []
    undoing.undoes = act.number
    return undoing.records.map(({ change }) => change)
  }

  // A port did not open again, or somebody was faster: the half that was done is taken back, too.
  async #goBack(cause: unknown): Promise<void> {
    const undoing = this.#acts.get(this.#balancer.act)
    if (undoing === undefined) return
    undoing.undone = true
    try {
      for (const recorded of [...undoing.records].toReversed())
        await takeBack(this.#balancer, recorded)
    } catch (error) {
      const what = `${messageOf(cause)}; it was undone in part, and going back failed`
      throw new BalancerError('REFUSED', `${what}: ${messageOf(error)}`, { cause })
    }
  }

  #keep(recorded: Recorded): void {
    const { act: number, origin, time } = recorded.change
    const act = this.#acts.get(number) ?? newAct(number, origin, time)
    this.#acts.set(number, act)
    if (act.tooLarge) return
    act.records.push(recorded)
    const size = sizeOf(recorded.change)
    act.size += size
    this.#size += size
    if (act.size > LIMITS.actChangesMax) this.#empty(act)
    this.#forgetOldest()
  }

  #empty(act: Act): void {
    this.#size -= act.size
    Object.assign(act, { records: [], size: 0, tooLarge: true })
  }

  #forgetOldest(): void {
    for (const [number, act] of this.#acts) {
      if (this.#acts.size <= LIMITS.actsKept && this.#size <= LIMITS.journalChangesMax) return
      this.#size -= act.size
      this.#acts.delete(number)
      this.#end(act)
    }
  }
}

function newAct(number: number, origin: Origin, time: number): Act {
  const state = { tooLarge: false, undone: false, undoes: 0 }
  return { number, origin, time, records: [], size: 0, ...state, madeIn: currentAct() }
}

function viewOf({ number, origin, time, records, undone, undoes }: Act): ActView {
  return { number, origin, time, changes: records.map(({ change }) => change), undone, undoes }
}

function cameToSomething({ tooLarge, records }: Act): boolean {
  return tooLarge || hasNetEffect(records)
}

function refuseUnlessWhole({ number, tooLarge, undone }: Act): void {
  if (tooLarge) {
    const most = `more than ${LIMITS.actChangesMax} objects, the most that is kept`
    throw new BalancerError('REFUSED', `act ${number} changed ${most}; it cannot be undone`)
  }
  if (undone) throw new BalancerError('REFUSED', `act ${number} is undone already`)
}

/** The service of a change; both names of one that was renamed. */
function servicesOf({ change: { path, field, to } }: Recorded): readonly string[] {
  const [service = ''] = path.split('/')
  return field === 'name' ? [service, String(to)] : [service]
}

/** What a change keeps alive, in objects: a service that was removed is kept with all its hosts. */
function sizeOf({ from, to }: Change): number {
  return 1 + objectsIn(from) + objectsIn(to)
}

function objectsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return value.length
  const { groups, hosts } = value as { groups?: readonly unknown[]; hosts?: readonly unknown[] }
  const inGroups = (groups ?? []).reduce((sum: number, group) => sum + 1 + objectsIn(group), 0)
  return inGroups + (hosts?.length ?? 0)
}
