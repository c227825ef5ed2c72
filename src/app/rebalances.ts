// Rebalances under way: each ends idle sessions of the hosts of one group that have more than their share, a few at a
// time, so that their clients come back elsewhere. They belong to the process: who asked may log out meanwhile.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { factsOf } from '../base/errors.ts'
import { pause } from '../base/every.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { currentOrigin } from '../base/origin.ts'
import type { RebalancePlan, Rebalances, RebalanceView } from '../commands/context.ts'
import { sessionPages } from '../commands/answer/session-pages.ts'
import type { Engine } from '../engine/contract.ts'
import type { Group } from '../model/group.ts'
import type { SessionView } from '../model/session-view.ts'
import { excessOf, totalOf } from './excess.ts'

interface Job {
  readonly group: Group
  readonly most: number
  readonly until: number
  readonly cancelled: AbortController
  ended: number
}

/** A session that may be ended. */
type Idle = Pick<SessionView, 'id' | 'host' | 'idleMs'>

export class GroupRebalances implements Rebalances {
  readonly #engine: Engine
  readonly #log: Log
  readonly #jobs = new Map<Group, Job>()
  readonly #underWay = new Set<Promise<void>>()

  constructor(engine: Engine, log: Log) {
    this.#engine = engine
    this.#log = log
  }

  of(group: Group): RebalanceView | undefined {
    const job = this.#jobs.get(group)
    return job === undefined ? undefined : { most: job.most, ended: job.ended, until: job.until }
  }

  begin(group: Group, { share, overMs }: RebalancePlan): RebalanceView {
    this.end(group)
    const open = group.hostList.reduce((total, { counters }) => total + counters.open, 0)
    const most = Math.min(Math.floor(open * share), totalOf(excessOf(group.hostList)))
    const until = Date.now() + overMs
    if (most > 0)
      this.#begin({ group, most, until, cancelled: new AbortController(), ended: 0 }, overMs)
    return { most, ended: 0, until }
  }

  end(group: Group): RebalanceView | undefined {
    const last = this.of(group)
    this.#jobs.get(group)?.cancelled.abort()
    this.#jobs.delete(group)
    return last
  }

  /** End all; resolves when nothing is under way. */
  async stop(): Promise<void> {
    for (const group of this.#jobs.keys()) this.end(group)
    await Promise.all(this.#underWay)
  }

  #begin(job: Job, overMs: number): void {
    const { group, most } = job
    this.#jobs.set(group, job)
    this.#log.info('rebalance', { origin: currentOrigin(), group: group.path, most, overMs })
    const done = this.#run(job, overMs).finally(() => this.#underWay.delete(done))
    this.#underWay.add(done)
  }

  // Never rejects.
  async #run(job: Job, overMs: number): Promise<void> {
    const { group, most, cancelled } = job
    try {
      await this.#endInSteps(job, overMs)
    } catch (error) {
      // Whoever ended it interrupted a look at the sessions.
      if (!cancelled.signal.aborted)
        this.#log.error('rebalance failed', { group: group.path, ...factsOf(error) })
    }
    this.#log.info('rebalance ended', { group: group.path, most, ended: job.ended })
    if (this.#jobs.get(job.group) === job) this.#jobs.delete(job.group)
  }

  // Every step looks anew: clients come back, hosts come and go, and nobody is ended whose host is within its share.
  async #endInSteps(job: Job, overMs: number): Promise<void> {
    const { group, most, cancelled } = job
    const steps =
      Math.min(LIMITS.rebalanceStepsMax, Math.ceil(overMs / LIMITS.rebalanceStepMs)) || 1
    for (let step = 1; step <= steps; step++) {
      if (overMs > 0) await pause(overMs / steps, cancelled.signal)
      // Of a group that does not serve any more the clients would come back to another one.
      if (cancelled.signal.aborted || !group.enabled || group.publisher === undefined) return
      const due = Math.ceil((most * step) / steps) - job.ended
      if (due > 0) await this.#endIdlest(job, due)
    }
  }

  async #endIdlest(job: Job, due: number): Promise<void> {
    const { signal } = job.cancelled
    const excess = excessOf(job.group.hostList)
    const idlest = await this.#sessionsOf(job, excess)
    let left = due
    while (left > 0 && !signal.aborted) {
      const batch = nextOf(idlest, excess, Math.min(left, LIMITS.endedAtOnce))
      if (batch.length === 0) return
      // Fewer where some have ended by themselves; their hosts have less to give now, too.
      const ended = this.#engine.killSessions(batch, 'rebalanced')
      job.ended += ended
      left -= ended
      if (batch.length === LIMITS.endedAtOnce) await nextTurn()
    }
  }

  /** The sessions of hosts in `excess`, the idlest first. */
  async #sessionsOf(
    { group, cancelled }: Job,
    excess: ReadonlyMap<string, number>,
  ): Promise<Iterator<Idle>> {
    const found: Idle[] = []
    if (excess.size === 0) return found.values()
    for await (const page of sessionPages(this.#engine, cancelled.signal)) {
      for (const { id, service, group: name, host, step, idleMs } of page) {
        const isOurs = service === group.serviceName && name === group.name && step === 'relaying'
        if (isOurs && excess.has(host)) found.push({ id, host, idleMs })
      }
    }
    return found.sort((a, b) => b.idleMs - a.idleMs).values()
  }
}

/** Ids of the next `most` sessions of `idlest` whose hosts still have too many; each is taken off what its host has. */
function nextOf(idlest: Iterator<Idle>, excess: Map<string, number>, most: number): number[] {
  const ids: number[] = []
  while (ids.length < most) {
    const { value: session } = idlest.next()
    if (session === undefined) break
    const { id, host }: Idle = session
    const over = excess.get(host) ?? 0
    if (over === 0) continue
    excess.set(host, over - 1)
    ids.push(id)
  }
  return ids
}
