// Looks after the health of all hosts: takes out those that fail their clients or their checks, and brings back
// those that answer again. Follows the live balancer, so that hosts, checks and timers may change at any
// moment. It sets health and nothing else; what is wanted of a host is the operator's.
import { setMaxListeners } from 'node:events'
import { BalancerError, factsOf } from '../base/errors.ts'
import { every } from '../base/every.ts'
import { Gate } from '../base/gate.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Group } from '../model/group.ts'
import type { Host } from '../model/host.ts'
import { NO_ADDRESS, type Target } from '../model/target.ts'
import { failed } from './check.ts'
import { followHealth } from './health-log.ts'
import { Job, type JobClock } from './job.ts'
import { type Look, looksAt } from './looks.ts'
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

  // Start every look that is due, and find out when the next one is.
  #round(): void {
    const panicking = new Map<Group, boolean>()
    let nextInMs = ROUND_MS_MAX
    for (const watched of this.#roster.all) {
      const { group } = watched
      const panic = panicking.get(group) ?? group.panic
      panicking.set(group, panic)
      nextInMs = Math.min(nextInMs, this.#lookAt(watched, panic))
    }
    this.#roundInMs = Math.max(ROUND_MS_MIN, nextInMs)
  }

  /** @returns how long until this host needs a look, in milliseconds */
  #lookAt(watched: Watched, panic: boolean): number {
    const looks = looksAt(watched, this.#options.balancer.settings, panic)
    forgetOthers(watched, looks)
    return Math.min(ROUND_MS_MAX, ...looks.map((look) => this.#takeIfDue(watched, look)))
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
  #newJob({ jobs }: Watched, { key }: Look): Job {
    const { clock } = this.#options
    const job = new Job(clock, key === 'probe' ? 1 : clock.random())
    jobs.set(key, job)
    return job
  }

  // Never rejects.
  async #take(watched: Watched, job: Job, look: Look): Promise<void> {
    const { host } = watched
    const { address } = host
    const reason = await this.#reasonAgainst(host, job, look)
    // The host, its address or its checks may have changed in the meantime: then nobody asked for this.
    const current = watched.jobs.get(look.key) === job && host.address === address
    if (reason === undefined || !current) return
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
      await this.#check(host, look)
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

  async #check(host: Host, look: Look): Promise<void> {
    this.#stopped.signal.throwIfAborted()
    const target = this.#options.targetOf(host)
    if (target === undefined) throw failed(NO_ADDRESS)
    const { name, address } = host
    await look.check()({ name, address, target }, this.#stopped.signal)
  }

  // The fault is ours, so the host keeps its health. Once, until a look is possible again.
  #logBlind(host: Host, job: Job, error: unknown): void {
    if (this.#blind.has(job)) return
    this.#blind.add(job)
    this.#options.log.error('check impossible', { host: host.path, ...factsOf(error) })
  }

  #logBroken(error: unknown): void {
    this.#options.log.error('health round failed', factsOf(error))
  }
}

/** Jobs nobody asks for any more: the check was changed, the timer switched off, the host is up again. */
function forgetOthers({ jobs }: Watched, looks: readonly Look[]): void {
  if (jobs.size === 0) return
  for (const key of jobs.keys()) {
    if (!looks.some((look) => look.key === key)) jobs.delete(key)
  }
}
