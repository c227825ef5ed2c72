// Ends pauses of services at their deadline, so that no forgotten one keeps clients waiting for ever; and all of them
// at the stop, so that who is held is served while open sessions finish. The model has no timers; these are they.
import { pause } from '../base/every.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Change } from '../model/change.ts'
import type { Service } from '../model/service.ts'

export class Pauses {
  readonly #balancer: Balancer
  readonly #log: Log
  /** What waits for the deadline of a pause, by its service. */
  readonly #waits = new Map<Service, AbortController>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #unfollow: () => void

  constructor(balancer: Balancer, log: Log) {
    this.#balancer = balancer
    this.#log = log
    this.#unfollow = balancer.follow((change) => this.#changed(change))
  }

  /** End every pause, and resolve when nothing waits any more. */
  async stop(): Promise<void> {
    this.#unfollow()
    for (const service of this.#balancer.serviceList) {
      if (service.paused) withOrigin('stop', () => service.resume())
    }
    for (const service of this.#waits.keys()) this.#forget(service)
    await Promise.all(this.#underWay)
  }

  #changed({ action, field, path }: Change): void {
    if (action === 'remove') this.#forgetRemoved()
    const service = field === 'pausedUntil' ? this.#balancer.services[path] : undefined
    if (service === undefined) return
    this.#forget(service)
    if (service.paused) this.#waitFor(service)
  }

  #waitFor(service: Service): void {
    const wait = new AbortController()
    this.#waits.set(service, wait)
    const ended = this.#endLater(service, wait.signal).finally(() => this.#underWay.delete(ended))
    this.#underWay.add(ended)
  }

  // Never rejects: nothing after the pause does.
  async #endLater(service: Service, signal: AbortSignal): Promise<void> {
    await pause(service.pausedUntil - Date.now(), signal)
    if (signal.aborted) return
    const held = service.servingGroup?.waiting ?? 0
    this.#log.warn('pause ended by itself', { service: service.name, held })
    withOrigin('pause', () => service.resume())
  }

  #forgetRemoved(): void {
    for (const service of this.#waits.keys()) {
      if (service.publisher === undefined) this.#forget(service)
    }
  }

  #forget(service: Service): void {
    this.#waits.get(service)?.abort()
    this.#waits.delete(service)
  }
}
