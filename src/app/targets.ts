// Where hosts are reached now: their addresses with names looked up. Follows the balancer, so that the name of a
// new host is known from the moment it is added.
import { needsLookup, parseAddress } from '../base/address.ts'
import { pause } from '../base/every.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import { NameCache } from '../base/resolver.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Host, HostHealth } from '../model/host.ts'
import { NO_ADDRESS, type Target } from '../model/target.ts'

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
    this.#names = new NameCache({
      log,
      onChange: (name) => {
        this.#markHosts(name, 'down', 'unknown')
        onChange()
      },
      onUnknown: (name) => this.#markHosts(name, 'unknown', 'down'),
    })
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

  // A host whose name has no address is down for that reason and no other; with an address nobody knows yet.
  #markHosts(name: string, from: HostHealth, to: HostHealth): void {
    for (const host of this.#balancer.hostList) {
      const isMarked = host.health === from && (from !== 'down' || host.reason === NO_ADDRESS)
      if (isMarked && nameOf(host) === name) {
        withOrigin('health', () => host.setHealth(to, to === 'down' ? NO_ADDRESS : ''))
      }
    }
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
  return new Set(balancer.hostList.flatMap((host) => nameOf(host) ?? []))
}

/** The name that has to be looked up for a host; undefined where its address is one already. */
function nameOf(host: Host): string | undefined {
  const address = parseAddress(host.address)
  return address?.kind === 'tcp' && needsLookup(address) ? address.host : undefined
}
