// Where hosts are reached now: their addresses with names looked up. Follows the balancer, so that the name of a
// new host is known from the moment it is added.
import { needsLookup, parseAddress } from '../base/address.ts'
import { pause } from '../base/every.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { NameCache } from '../base/resolver.ts'
import type { Target } from '../engine/table.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Host } from '../model/host.ts'

export interface TargetsOptions {
  readonly balancer: Balancer
  readonly log: Log
  /** A name has another address now: tables are to be made anew. */
  readonly onChange: () => void
}

export class Targets {
  readonly #balancer: Balancer
  readonly #names: NameCache
  readonly #unfollow: () => void
  #behind = false

  constructor({ balancer, log, onChange }: TargetsOptions) {
    this.#balancer = balancer
    this.#names = new NameCache({ log, onChange })
    this.#unfollow = balancer.follow(({ field }) => {
      if (field === undefined || field === 'address') this.#catchUpSoon()
    })
  }

  /** Undefined while the name of the host has no address. */
  of(host: Host): Target | undefined {
    const address = parseAddress(host.address)
    if (address === undefined) return undefined
    if (address.kind === 'unix') return { path: address.path }
    const ip = needsLookup(address) ? this.#names.addressOf(address.host) : address.host
    if (ip === undefined) return undefined
    return { host: ip, port: address.port, family: ip.includes(':') ? 6 : 4 }
  }

  /** Resolves when every name was looked up once, or has had its time: then a port may be opened. */
  async settled(): Promise<void> {
    const names = namesOf(this.#balancer)
    this.#names.watch(names)
    if ([...names].every((name) => this.#names.addressOf(name) !== undefined)) return
    const answered = new AbortController()
    await Promise.race([this.#names.refresh(), pause(LIMITS.namesBeforePortMs, answered.signal)])
    answered.abort()
  }

  start(): void {
    this.#names.start()
  }

  async stop(): Promise<void> {
    this.#unfollow()
    await this.#names.stop()
  }

  // Many hosts may come in one turn of the event loop; their names are collected once.
  #catchUpSoon(): void {
    if (this.#behind) return
    this.#behind = true
    queueMicrotask(() => {
      this.#behind = false
      this.#names.watch(namesOf(this.#balancer))
    })
  }
}

function namesOf(balancer: Balancer): Set<string> {
  const groups = balancer.serviceList.flatMap((service) => service.groupList)
  const addresses = groups
    .flatMap((group) => group.hostList)
    .map((host) => parseAddress(host.address))
  const names = addresses.flatMap((address) =>
    address?.kind === 'tcp' && needsLookup(address) ? [address.host] : [],
  )
  return new Set(names)
}
