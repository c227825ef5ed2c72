// What traffic was like lately, service by service: looks at the counters and hosts of the model, kept for as long as a
// commit is compared with. Judges nothing.
import { LIMITS } from '../../base/limits.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Listener } from '../../model/listener.ts'
import type { Service } from '../../model/service.ts'
import type { ServiceBefore } from './traffic-rule.ts'

/** Sessions of a service since it was first looked at, whatever became of its listeners. */
export interface Sessions {
  readonly came: number
  readonly failed: number
}

interface Look extends Sessions {
  readonly down: number
}

const LOOKS_KEPT = LIMITS.trafficBeforeMs / LIMITS.trafficLookMs

export class TrafficHistory {
  readonly #balancer: Balancer
  #tallies = new Map<Service, Tally>()

  constructor(balancer: Balancer) {
    this.#balancer = balancer
  }

  /** Take a look at every service. */
  look(): void {
    const before = this.#tallies
    this.#tallies = new Map()
    for (const service of this.#balancer.serviceList) {
      const tally = before.get(service) ?? madeAnew(before, service) ?? new Tally(service.name)
      tally.look(service)
      this.#tallies.set(service, tally)
    }
  }

  /** As of the last look; nothing yet of a service that came since. */
  sessionsOf(service: Service): Sessions {
    const { came = 0, failed = 0 } = this.#tallies.get(service) ?? {}
    return { came, failed }
  }

  /** The time that is looked back on, up to the last look. */
  before(service: Service): ServiceBefore {
    const { looks = [], came = 0, failed = 0 } = this.#tallies.get(service) ?? {}
    const [first] = looks
    return {
      service: service.name,
      came: came - (first?.came ?? 0),
      failed: failed - (first?.failed ?? 0),
      downMost: Math.max(0, ...looks.map(({ down }) => down)),
      left: wantedIn(service) - downIn(service),
    }
  }
}

/** A service that cannot be changed in place is removed and added under its name: its figures go on. */
function madeAnew(before: ReadonlyMap<Service, Tally>, { name }: Service): Tally | undefined {
  const gone = [...before].find(([{ publisher }, tally]) => {
    return publisher === undefined && tally.name === name
  })
  return gone?.[1]
}

class Tally {
  name: string
  came = 0
  failed = 0
  readonly looks: Look[] = []
  #counted = new Map<Listener, Sessions>()

  constructor(name: string) {
    this.name = name
  }

  look(service: Service): void {
    this.name = service.name
    this.#count(service)
    const { came, failed } = this
    this.looks.push({ came, failed, down: downIn(service) })
    if (this.looks.length > LOOKS_KEPT + 1) this.looks.shift()
  }

  // A listener that is seen for the first time may bring the figures of one that was at its place.
  #count({ listenerList }: Service): void {
    const counted = new Map<Listener, Sessions>()
    for (const listener of listenerList) {
      const { total, failed } = listener.counters
      const now = { came: total + failed, failed }
      const { came: cameBefore, failed: failedBefore } = this.#counted.get(listener) ?? now
      this.came += now.came - cameBefore
      this.failed += now.failed - failedBefore
      counted.set(listener, now)
    }
    this.#counted = counted
  }
}

/** Hosts that are to get the clients of a service. */
export function wantedIn({ servingGroup }: Service): number {
  return servingGroup?.hostList.filter(({ wanted }) => wanted).length ?? 0
}

/** Those of them that are down. */
export function downIn({ servingGroup }: Service): number {
  const hosts = servingGroup?.hostList ?? []
  return hosts.filter(({ wanted, health }) => wanted && health === 'down').length
}
