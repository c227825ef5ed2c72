// The tallies of an engine, by what each service is called now. A service is counted as long as the engine serves it (it has
// a table or a listener) and as long as a session of it is open: what comes back to its name before that goes on with its
// figures, as a host does with its counters, and later on it begins at 0.
import type { ServiceFigures } from '../model/service-figures.ts'
import { ServiceTally } from './service-tally.ts'

/** Those that are over are looked for when there are so many tallies, and again at twice as many as are left. */
const LOOK_FROM = 64

export class ServiceTallies {
  readonly #isServed: (service: string) => boolean
  readonly #byService = new Map<string, ServiceTally>()
  #lookAt = LOOK_FROM

  /** @param isServed has the service of this name a table or a listener now? */
  constructor(isServed: (service: string) => boolean) {
    this.#isServed = isServed
  }

  /** How many are remembered. */
  get size(): number {
    return this.#byService.size
  }

  /** The one for a table or a listener that the engine takes now. */
  of(service: string): ServiceTally {
    const known = this.#find(service)
    if (known !== undefined) return known
    this.#forgetThoseOver()
    const tally = new ServiceTally()
    this.#byService.set(service, tally)
    return tally
  }

  /** Undefined where nothing is counted. */
  figuresOf(service: string): ServiceFigures | undefined {
    return this.#find(service)?.figures()
  }

  /** The service is called otherwise and counts on. Ask before it has its new name; who had that is forgotten. */
  rename(from: string, to: string): void {
    const tally = this.#find(from)
    this.#byService.delete(from)
    this.#byService.delete(to)
    if (tally !== undefined) this.#byService.set(to, tally)
  }

  #find(service: string): ServiceTally | undefined {
    const tally = this.#byService.get(service)
    return tally !== undefined && this.#counts(service, tally) ? tally : undefined
  }

  #counts(service: string, { open }: ServiceTally): boolean {
    return open > 0 || this.#isServed(service)
  }

  #forgetThoseOver(): void {
    if (this.size < this.#lookAt) return
    for (const [service, tally] of this.#byService)
      if (!this.#counts(service, tally)) this.#byService.delete(service)
    this.#lookAt = Math.max(LOOK_FROM, 2 * this.size)
  }
}
