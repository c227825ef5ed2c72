// What a service counted at all listeners that it ever had. The sum over those that it has now would fall when one is
// closed, and whoever reads counters takes a fall for a restart and adds everything once more.
import type { Counters, CountersView } from '../../model/counters.ts'
import { Listener } from '../../model/listener.ts'
import type { Service } from '../../model/service.ts'

interface Known {
  /** Of listeners that the service has, and of those that are gone while sessions of theirs are open. */
  readonly counting: Set<Readonly<Counters>>
  /** Of all others. */
  readonly over: Writable<CountersView>
}

export class ServiceTotals {
  readonly #known = new WeakMap<Service, Known>()

  /** As they are now. A listener counts once it was there at such a look. */
  of(service: Service): CountersView {
    const { counting, over } = this.#knownOf(service)
    const present = new Set(service.listenerList.map((each) => Listener.countersOf(each)))
    for (const counters of present) counting.add(counters)
    const sum = { ...over }
    for (const counters of counting) {
      add(sum, counters)
      if (present.has(counters as Counters) || counters.open > 0) continue
      add(over, counters)
      counting.delete(counters)
    }
    return sum
  }

  #knownOf(service: Service): Known {
    const known = this.#known.get(service) ?? { counting: new Set(), over: nothing() }
    this.#known.set(service, known)
    return known
  }
}

type Writable<Of> = { -readonly [Key in keyof Of]: Of[Key] }

function nothing(): Writable<CountersView> {
  return { open: 0, total: 0, failed: 0, bytesFromClient: 0, bytesFromHost: 0 }
}

function add(sum: Writable<CountersView>, counters: CountersView): void {
  for (const field of Object.keys(sum) as (keyof CountersView)[]) sum[field] += counters[field]
}
