// Watches the services that a commit changed, and says when they are clearly worse off than before it.
import type { Balancer } from '../../model/balancer.ts'
import type { Service } from '../../model/service.ts'
import { downIn, type Sessions, type TrafficHistory, wantedIn } from './traffic-history.ts'
import { noHostLeft, type ServiceBefore, WORSE, worseHosts, worseSessions } from './traffic-rule.ts'

/** How every service was at one moment. */
export type Mark = ReadonlyMap<Service, Start>

interface Start {
  readonly before: ServiceBefore
  /** What had come when it began. */
  readonly from: Sessions
}

/** Paths of services; undefined: all of them. */
export type ChangedServices = ReadonlySet<string> | undefined

export interface TrafficWatchOptions {
  readonly balancer: Balancer
  readonly history: TrafficHistory
  readonly changed: ChangedServices
  /** Right before the commit. */
  readonly mark: Mark
}

export class TrafficWatch {
  readonly #balancer: Balancer
  readonly #history: TrafficHistory
  readonly #watched: ReadonlyMap<Service, Start>
  /** Looks in a row that found the hosts of a service worse. */
  readonly #worse = new Map<Service, number>()

  /** Begin right after the commit. */
  constructor({ balancer, history, changed, mark }: TrafficWatchOptions) {
    this.#balancer = balancer
    this.#history = history
    const services = balancer.serviceList.filter(({ name }) => changed?.has(name) ?? true)
    this.#watched = new Map(services.map((service) => [service, startOf(service, mark)]))
  }

  /** How traffic was before, for a process that goes on with this. */
  get before(): readonly ServiceBefore[] {
    return [...this.#watched.values()].map(({ before }) => before)
  }

  /** To be asked after each look at the traffic. @returns what is worse; undefined where nothing is */
  judge(): string | undefined {
    for (const service of this.#balancer.serviceList) {
      const start = this.#watched.get(service)
      const worse = start === undefined ? undefined : this.#judge(service, start)
      if (worse !== undefined) return worse
    }
    return undefined
  }

  #judge(service: Service, { before, from }: Start): string | undefined {
    const { came, failed } = this.#history.sessionsOf(service)
    const since = {
      came: came - from.came,
      failed: failed - from.failed,
      wanted: wantedIn(service),
      down: downIn(service),
    }
    const hosts = worseHosts(before, since)
    const looks = hosts === undefined ? 0 : (this.#worse.get(service) ?? 0) + 1
    this.#worse.set(service, looks)
    const lasting = looks < WORSE.looksMin ? undefined : hosts
    return noHostLeft(before, since) ?? worseSessions(before, since) ?? lasting
  }
}

/** How every service is now, after a look at it. */
export function markOf({ serviceList }: Balancer, history: TrafficHistory): Mark {
  return new Map(
    serviceList.map((service) => {
      return [service, { before: history.before(service), from: history.sessionsOf(service) }]
    }),
  )
}

/** What an earlier process knew: its sessions are not counted in this one. */
export function markFrom({ serviceList }: Balancer, known: readonly ServiceBefore[]): Mark {
  const entries = serviceList.flatMap((service) => {
    const before = known.find((each) => each.service === service.name)
    return before === undefined ? [] : [[service, { before, from: NOTHING }] as const]
  })
  return new Map(entries)
}

const NOTHING: Sessions = { came: 0, failed: 0 }

// One that was made anew is known by its name; one that is new has nothing to be compared with.
function startOf(service: Service, mark: Mark): Start {
  const { name } = service
  const known =
    mark.get(service) ?? [...mark.values()].find(({ before }) => before.service === name)
  if (known !== undefined) return { ...known, before: { ...known.before, service: name } }
  const before = { service: name, came: 0, failed: 0, downMost: 0, left: 0 }
  return { before, from: NOTHING }
}
