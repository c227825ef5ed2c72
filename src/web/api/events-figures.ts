// How much traffic there is: services, and the hosts of those that somebody looks at, once a second. A look reads
// counters and formats nothing for whom nobody asks.
import { Buffer } from 'node:buffer'
import { LIMITS } from '../../base/limits.ts'
import { type OpenBytes, openBytes } from '../../commands/answer/open-bytes.ts'
import type { Process } from '../../commands/context.ts'
import type { CountersView } from '../../model/counters.ts'
import type { Service } from '../../model/service.ts'
import { ServiceTotals } from '../metrics/service-totals.ts'
import { Growth, type PerSecond } from './events-growth.ts'
import type { StreamWishes } from './events-stream.ts'
import { eventText } from './events-text.ts'

export interface Traffic {
  readonly time: string
  /** Open now, of all services. */
  readonly sessions: number
  /** Clients that wait for a host. */
  readonly waiting: number
  /** By name. */
  readonly services: Readonly<Record<string, ServiceTraffic>>
}

interface ServiceTraffic extends PerSecond {
  readonly open: number
  readonly waiting: number
}

/** Open, total, failed, and then of each second: sessions, bytes from clients, bytes from the host. */
export type HostFigures = readonly [number, number, number, number, number, number]

export interface HostsTraffic {
  readonly service: string
  /** By `group/host`. */
  readonly hosts: Readonly<Record<string, HostFigures>>
}

export class TrafficLooks {
  readonly #process: Process
  readonly #totals = new ServiceTotals()
  readonly #services = new Growth<string>()
  readonly #hosts = new Growth<number>()
  #complete = true

  constructor(process: Process) {
    this.#process = process
  }

  /**
   * Take the rates anew.
   *
   * @param nowMs of a clock that never goes back
   * @param services whose hosts are looked at, by name
   */
  look(nowMs: number, services: ReadonlySet<string>): void {
    const { balancer } = this.#process
    const open = openBytes(this.#process, LIMITS.webOpenSessionsMax)
    // Bytes of open sessions begin or cease to count: what they differ by is no traffic.
    const bytesCompare = open.complete === this.#complete
    this.#complete = open.complete
    for (const growth of [this.#services, this.#hosts]) growth.begin(nowMs, bytesCompare)
    for (const service of balancer.serviceList) {
      const { name } = service
      this.#services.note(name, withOpen(this.#totals.of(service), open.of(name)))
      if (services.has(name)) this.#noteHosts(service, open)
    }
    for (const growth of [this.#services, this.#hosts]) growth.end()
  }

  /** As it was at the last look. */
  traffic(): Traffic {
    const services = this.#process.balancer.serviceList.map((service) => {
      return [service.name, this.#trafficOf(service)] as const
    })
    return {
      time: new Date().toISOString(),
      sessions: this.#process.sessionCount,
      waiting: services.reduce((sum, [, { waiting }]) => sum + waiting, 0),
      services: Object.fromEntries(services),
    }
  }

  /** Undefined where there is no such service. */
  hostsOf(name: string): HostsTraffic | undefined {
    const service = this.#process.balancer.services[name]
    if (service === undefined) return undefined
    const hosts: Record<string, HostFigures> = {}
    for (const group of service.groupList) {
      for (const { name: host, id, counters } of group.hostList) {
        const { open, total, failed } = counters
        const { sessionsPerSecond, bytesFromClientPerSecond, bytesFromHostPerSecond } =
          this.#hosts.of(id)
        const rates = [sessionsPerSecond, bytesFromClientPerSecond, bytesFromHostPerSecond] as const
        hosts[`${group.name}/${host}`] = [open, total, failed, ...rates]
      }
    }
    return { service: name, hosts }
  }

  #trafficOf(service: Service): ServiceTraffic {
    const { open } = this.#totals.of(service)
    const waiting = service.servingGroup?.waiting ?? 0
    return { open, waiting, ...this.#services.of(service.name) }
  }

  #noteHosts({ groupList }: Service, open: OpenBytes): void {
    for (const { hostList } of groupList) {
      for (const { id, counters } of hostList) this.#hosts.note(id, withOpen(counters, open.of(id)))
    }
  }
}

/** One look, written out as it is asked for: the same bytes for all who want the same. */
export class Figures {
  readonly #looks: TrafficLooks
  readonly #texts = new Map<string, string>()
  readonly #bytes = new Map<string, Buffer>()

  constructor(looks: TrafficLooks) {
    this.#looks = looks
  }

  /** None where nothing is wanted, or the service is gone. */
  bytesFor({ traffic, hostsOf }: Pick<StreamWishes, 'traffic' | 'hostsOf'>): Buffer {
    const key = `${traffic} ${hostsOf ?? ''}`
    return known(this.#bytes, key, () => Buffer.from(this.#textFor(traffic, hostsOf)))
  }

  #textFor(traffic: boolean, hostsOf: string | undefined): string {
    const services = traffic ? known(this.#texts, '', () => this.#trafficText()) : ''
    return hostsOf === undefined ? services : services + this.#hostsText(hostsOf)
  }

  #trafficText(): string {
    return eventText('traffic', this.#looks.traffic())
  }

  #hostsText(service: string): string {
    return known(this.#texts, service, () => {
      const hosts = this.#looks.hostsOf(service)
      return hosts === undefined ? '' : eventText('hosts', hosts)
    })
  }
}

function known<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const found = values.get(key)
  if (found !== undefined) return found
  const made = make()
  values.set(key, made)
  return made
}

function withOpen(
  { total, failed, bytesFromClient, bytesFromHost }: Readonly<CountersView>,
  moving: ReturnType<OpenBytes['of']>,
) {
  return {
    total,
    failed,
    bytesFromClient: bytesFromClient + moving.bytesFromClient,
    bytesFromHost: bytesFromHost + moving.bytesFromHost,
  }
}
