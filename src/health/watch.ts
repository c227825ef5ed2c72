// Looks after the health of all hosts: takes out those that fail their clients or their checks, and brings back
// those that answer again. Follows the live balancer, so that hosts, checks and timers may change at any
// moment. It sets health and nothing else; what is wanted of a host is the operator's.
import { setMaxListeners } from 'node:events'
import { BalancerError, factsOf, messageOf } from '../base/errors.ts'
import { every } from '../base/every.ts'
import { Gate } from '../base/gate.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import type { CheckView, HostLook } from '../model/check-view.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Group } from '../model/group.ts'
import type { Host } from '../model/host.ts'
import { NO_ADDRESS, type Target } from '../model/target.ts'
import { type Check, failed } from './check.ts'
import { checkViewsOf } from './check-views.ts'
import { followHealth } from './health-log.ts'
import { Job, type JobClock } from './job.ts'
import { everyCheckOf, type Look, looksAt } from './looks.ts'
import { type ConnectFailure, noteAnswer, noteFailure } from './passive.ts'
import { Roster, type Watched } from './roster.ts'

export interface HealthWatchOptions {
  readonly balancer: Balancer
  readonly log: Log
  /** Where a host is reached; undefined while its name has no address. */
  readonly targetOf: (host: Host) => Target | undefined
  /** Default: the clock of the process and Math.random. */
  readonly clock?: JobClock
}

/** Looks that are due are found at least this often, so that a change is felt without being announced. */
const ROUND_MS_MAX = 1_000
const ROUND_MS_MIN = 50

export class HealthWatch {
  readonly #options: Required<HealthWatchOptions>
  readonly #roster: Roster
  readonly #unfollow: () => void
  readonly #gate = new Gate(LIMITS.checksAtOnceMax)
  readonly #underWay = new Set<Promise<void>>()
  readonly #stopped = new AbortController()
  /** Jobs whose last look was not possible, for a fault of ours. */
  readonly #blind = new WeakSet<Job>()
  #loop: Promise<void> | undefined
  #roundInMs = 0
  /** Told in this turn of the event loop. */
  readonly #panics = new Map<Group, boolean>()

  constructor(options: HealthWatchOptions) {
    const clock = { now: () => performance.now(), random: Math.random }
    this.#options = { clock, ...options }
    this.#roster = new Roster(options.balancer)
    this.#unfollow = followHealth(options.balancer, options.log)
    // Every look under way listens to it; that is no leak.
    setMaxListeners(0, this.#stopped.signal)
  }

  /** Look at hosts until `stop`. Failures of clients count also before. */
  start(): void {
    this.#loop ??= withOrigin('health', () =>
      every(async () => this.#round(), {
        intervalMs: () => this.#roundInMs,
        signal: this.#stopped.signal,
        onError: (error) => this.#logBroken(error),
      }),
    )
  }

  /** Look no more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#loop
    await Promise.all(this.#underWay)
    this.#roster.close()
    this.#unfollow()
  }

  /** A client could not be connected to a host. */
  hostFailed(failure: ConnectFailure): void {
    const watched = this.#roster.get(failure.hostId)
    if (watched !== undefined) withOrigin('health', () => noteFailure(watched, failure))
  }

  /** A host that is down accepted a client. */
  hostAnswered(hostId: number): void {
    const watched = this.#roster.get(hostId)
    if (watched !== undefined) withOrigin('health', () => noteAnswer(watched))
  }

  /**
   * Look at a host at once, whatever the timers say: this one look decides its health.
   *
   * @throws BalancerError REFUSED where the host went or changed meanwhile; VALUE_BAD where a check cannot work
   */
  lookNow(host: Host): Promise<HostLook> {
    const looked = this.#lookNow(host)
    const settled = looked.then(
      () => {},
      () => {},
    )
    this.#underWay.add(settled)
    void settled.finally(() => this.#underWay.delete(settled))
    return looked
  }

  /** The looks taken at a host, with their last results. */
  checksOf(host: Host): readonly CheckView[] {
    const watched = this.#roster.get(host.id)
    if (watched === undefined) return []
    const looks = looksAt(watched, this.#options.balancer.settings, this.#panicOf(watched.group))
    return checkViewsOf(watched, looks)
  }

  async #lookNow(host: Host): Promise<HostLook> {
    const watched = this.#roster.get(host.id)
    const { address, path } = host
    if (watched === undefined) throw new BalancerError('REFUSED', `${path} was removed`)
    const { timeoutMs } = this.#options.balancer.settings.hostCheck
    const makeCheck = () => everyCheckOf(watched.group, timeoutMs)
    const startedAt = performance.now()
    const reason = await this.#gate.run(() => this.#verdictOf(host, makeCheck))
    const tookMs = Math.round(performance.now() - startedAt)
    if (this.#roster.get(host.id) !== watched || host.address !== address)
      throw new BalancerError('REFUSED', `${path} was changed or removed while it was looked at`)
    host.setHealth(reason === '' ? 'up' : 'down', reason)
    return { reason, tookMs }
  }

  /** '' after a good look, else why the host is not good. */
  async #verdictOf(host: Host, makeCheck: () => Check): Promise<string> {
    try {
      await this.#check(host, makeCheck)
      return ''
    } catch (error) {
      if (this.#stopped.signal.aborted)
        throw new BalancerError('REFUSED', 'the balancer is stopping', { cause: error })
      if (error instanceof BalancerError && error.side === 'host') return error.detail
      throw error
    }
  }

  // Start every look that is due, and find out when the next one is.
  #round(): void {
    let nextInMs = ROUND_MS_MAX
    for (const watched of this.#roster.all) nextInMs = Math.min(nextInMs, this.#lookAt(watched))
    this.#roundInMs = Math.max(ROUND_MS_MIN, nextInMs)
  }

  /** @returns how long until this host needs a look, in milliseconds */
  #lookAt(watched: Watched): number {
    const looks = looksAt(watched, this.#options.balancer.settings, this.#panicOf(watched.group))
    forgetOthers(watched, looks)
    return Math.min(ROUND_MS_MAX, ...looks.map((look) => this.#takeIfDue(watched, look)))
  }

  // Whoever asks, asks for one host after the other; each answer costs a look at all hosts of the group.
  #panicOf(group: Group): boolean {
    if (this.#panics.size === 0) queueMicrotask(() => this.#panics.clear())
    const panic = this.#panics.get(group) ?? group.panic
    this.#panics.set(group, panic)
    return panic
  }

  #takeIfDue(watched: Watched, look: Look): number {
    const job = watched.jobs.get(look.key) ?? this.#newJob(watched, look)
    const dueInMs = job.dueInMs(look.intervalMs)
    if (dueInMs > 0) return dueInMs
    const taken = job.run(() => this.#gate.run(() => this.#take(watched, job, look)))
    this.#underWay.add(taken)
    void taken.finally(() => this.#underWay.delete(taken))
    return look.intervalMs
  }

  // A probe is due a whole pause after the host went down; other looks begin anywhere in their first pause, so
  // that a thousand hosts are not looked at together.
  #newJob(watched: Watched, { key }: Look): Job {
    const { clock } = this.#options
    const job = new Job(clock, key === 'probe' ? 1 : clock.random(), watched.beginTally(key))
    watched.jobs.set(key, job)
    return job
  }

  // Never rejects.
  async #take(watched: Watched, job: Job, look: Look): Promise<void> {
    const { host } = watched
    const { address } = host
    const startedAt = performance.now()
    const reason = await this.#reasonAgainst(host, job, look)
    const tookMs = Math.round(performance.now() - startedAt)
    // The host, its address or its checks may have changed in the meantime: then nobody asked for this.
    const current = watched.jobs.get(look.key) === job && host.address === address
    if (reason === undefined || !current) return
    job.keep({ time: Date.now(), outcome: reason === '' ? 'good' : 'bad', reason, tookMs })
    try {
      job.streak.note(reason === '')
      look.judge(job.streak, reason)
    } catch (error) {
      this.#logBroken(error)
    }
  }

  /** '' after a good look, why the host is not good, or undefined where we could not look. */
  async #reasonAgainst(host: Host, job: Job, look: Look): Promise<string | undefined> {
    try {
      await this.#check(host, look.check)
      this.#blind.delete(job)
      return ''
    } catch (error) {
      if (this.#stopped.signal.aborted) return undefined
      if (error instanceof BalancerError && error.side === 'host') {
        this.#blind.delete(job)
        return error.detail
      }
      this.#logBlind(host, job, error)
      return undefined
    }
  }

  async #check(host: Host, makeCheck: () => Check): Promise<void> {
    this.#stopped.signal.throwIfAborted()
    const target = this.#options.targetOf(host)
    if (target === undefined) throw failed(NO_ADDRESS)
    const { name, address } = host
    await makeCheck()({ name, address, target }, this.#stopped.signal)
  }

  // The fault is ours, so the host keeps its health. Once, until a look is possible again.
  #logBlind(host: Host, job: Job, error: unknown): void {
    job.keep({ time: Date.now(), outcome: 'blind', reason: messageOf(error), tookMs: 0 })
    if (this.#blind.has(job)) return
    this.#blind.add(job)
    this.#options.log.error('check impossible', { host: host.path, ...factsOf(error) })
  }

  #logBroken(error: unknown): void {
    this.#options.log.error('health round failed', factsOf(error))
  }
}

/** Jobs nobody asks for any more: the check was changed, the timer switched off, the host is up again. */
function forgetOthers(watched: Watched, looks: readonly Look[]): void {
  for (const key of watched.jobs.keys()) {
    if (!looks.some((look) => look.key === key)) watched.forget(key)
  }
}
