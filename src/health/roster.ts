// Every host of the balancer with what health remembers of it, found by its id without a walk. Follows the
// balancer: a host that was removed is forgotten with everything that was counted.
import type { Balancer } from '../model/balancer.ts'
import type { Change } from '../model/change.ts'
import type { LookTotals } from '../model/check-view.ts'
import type { CheckValues } from '../model/fields.ts'
import type { Group } from '../model/group.ts'
import type { Host } from '../model/host.ts'
import { type Job, type LookTally, newTally } from './job.ts'
import { Streak } from './streak.ts'

/** What a host is looked at for: one `<check>` of its group, the heartbeat, or being down. */
export type JobKey = CheckValues | 'heartbeat' | 'probe'

/** One host and what is remembered of it. */
export class Watched {
  readonly host: Host
  readonly group: Group
  readonly jobs = new Map<JobKey, Job>()
  /** Outlive the jobs: the probe goes on counting when the host is down another time. */
  readonly #tallies = new Map<JobKey, LookTally>()
  /** Connects of clients. */
  readonly connects = new Streak()
  /** Sessions that the host had taken when its last connect failed. */
  totalAtFailure = 0

  constructor(host: Host, group: Group) {
    this.host = host
    this.group = group
  }

  /** Counts the looks of a new job. */
  beginTally(key: JobKey): LookTally {
    const tally = this.#tallies.get(key) ?? newTally()
    this.#tallies.set(key, tally)
    return tally
  }

  totalsOf(key: JobKey): LookTotals {
    return { ...(this.#tallies.get(key) ?? newTally()) }
  }

  /** Nobody asks for this job any more. The figures of a `<check>` go with it, as it never comes again. */
  forget(key: JobKey): void {
    this.jobs.delete(key)
    if (typeof key !== 'string') this.#tallies.delete(key)
  }

  /** Its health is another: what was counted before says nothing about what comes. */
  startAfresh(): void {
    this.connects.clear()
    for (const job of this.jobs.values()) job.streak.clear()
  }
}

export class Roster {
  readonly #balancer: Balancer
  readonly #unfollow: () => void
  #watched: ReadonlyMap<number, Watched> = new Map()
  #stale = true

  constructor(balancer: Balancer) {
    this.#balancer = balancer
    this.#unfollow = balancer.follow((change) => this.#follow(change))
  }

  /** Every host of every group. */
  get all(): Iterable<Watched> {
    return this.#fresh().values()
  }

  /** The host of that id; undefined once it was removed. */
  get(hostId: number): Watched | undefined {
    return this.#fresh().get(hostId)
  }

  /** Follow the balancer no more. */
  close(): void {
    this.#unfollow()
  }

  #follow({ action, path, field }: Change): void {
    if (action !== 'set') this.#stale = true
    if (field === 'health') this.#hostAt(path)?.startAfresh()
  }

  #hostAt(path: string): Watched | undefined {
    const [service = '', group = '', name = ''] = path.split('/')
    const host = this.#balancer.services[service]?.groups[group]?.hosts[name]
    return host === undefined ? undefined : this.#watched.get(host.id)
  }

  // Walks all hosts once after things were added or removed, however many they were.
  #fresh(): ReadonlyMap<number, Watched> {
    if (!this.#stale) return this.#watched
    this.#stale = false
    this.#watched = new Map(
      this.#balancer.groupList.flatMap((group) =>
        group.hostList.map((host) => [
          host.id,
          this.#watched.get(host.id) ?? new Watched(host, group),
        ]),
      ),
    )
    return this.#watched
  }
}
