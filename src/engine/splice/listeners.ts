// The listeners of the splice engine: from an address as it is written to a port that all threads watch, and back.
import { setMaxListeners } from 'node:events'
import { unlinkSync } from 'node:fs'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { getSystemErrorMap } from 'node:util'
import { type Address, formatAddress, parseAddress } from '../../base/address.ts'
import { BalancerError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { pause } from '../../base/every.ts'
import { listenFault } from '../listen-fault.ts'
import type { ServiceTally } from '../service-tally.ts'
import { removeStaleSocket } from '../stale-socket.ts'
import type { ListenerTable } from '../table.ts'
import type { NativeEngine, NativeOpened } from './addon.ts'
import { systemCode } from './reports.ts'
import type { SharedCounters } from './shared-counters.ts'
import { type ListenPlace, nativeListener } from './tables.ts'

interface Entry {
  table: ListenerTable
  /** Where it is open, and where its sessions are counted as long as it is; undefined while it is not. */
  place: OpenPlace | undefined
  /** Set once: resolves when it is closed. */
  closing: Promise<void> | undefined
}

interface OpenPlace extends ListenPlace {
  readonly tally: ServiceTally
}

/** All interfaces: IPv6, which takes IPv4 clients as well, and IPv4 where there is no IPv6. */
const EVERYWHERE = ['::', '0.0.0.0'] as const
const UNIX = 'unix:'

export class Listeners {
  readonly #native: NativeEngine
  readonly #counters: SharedCounters
  readonly #tallyOf: (service: string) => ServiceTally
  readonly #entries = new Map<number, Entry>()
  /** Those that are on their way out; their addresses are not free yet. */
  readonly #closing = new Set<Promise<void>>()
  #stopping = false
  readonly #stopped = new AbortController()

  /** @param tallyOf where the sessions of a service are counted, for a listener that is opened now */
  constructor(
    native: NativeEngine,
    counters: SharedCounters,
    tallyOf: (service: string) => ServiceTally,
  ) {
    this.#native = native
    this.#counters = counters
    this.#tallyOf = tallyOf
    // Each listener on its way out waits for it.
    setMaxListeners(0, this.#stopped.signal)
  }

  /** @returns the address that was bound. @throws BalancerError PORT_TAKEN, PORT_DENIED, REFUSED when stopping */
  async open(table: ListenerTable): Promise<string> {
    this.#refuseWhenStopping()
    await this.#entries.get(table.id)?.closing
    if (this.#entries.has(table.id))
      throw new BalancerError('REFUSED', `listener ${table.id} is open already`)
    const entry: Entry = { table, place: undefined, closing: undefined }
    this.#entries.set(table.id, entry)
    try {
      const bound = await this.#open(entry)
      this.#refuseWhenStopping()
      return bound
    } catch (error) {
      await this.#close(entry, 0)
      throw error
    }
  }

  update(table: ListenerTable): void {
    const entry = this.#entries.get(table.id)
    if (entry === undefined || entry.closing !== undefined) return
    entry.table = table
    const { place } = entry
    if (place !== undefined) this.#native.updateListener(this.#nativeOf(table, place))
  }

  renameService(from: string, to: string): void {
    for (const entry of this.#entries.values())
      if (entry.table.service === from) entry.table = { ...entry.table, service: to }
  }

  /** Does one of them take clients for this service? */
  serve(service: string): boolean {
    return [...this.#entries.values()].some(
      ({ table, place }) => place !== undefined && table.service === service,
    )
  }

  /** Resolves when no new client can come in. Those that begin to connect from now on may get in up to `graceMs`. */
  async close(id: number, graceMs: number): Promise<void> {
    const entry = this.#entries.get(id)
    if (entry !== undefined) await this.#close(entry, graceMs)
  }

  /** Close all of them, and open none any more. A second call may shorten the grace of the first one. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    if (graceMs === 0) this.#stopped.abort()
    await Promise.all([...this.#entries.values()].map((entry) => this.#close(entry, graceMs)))
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) throw new BalancerError('REFUSED', 'the balancer is stopping')
  }

  async #open(entry: Entry): Promise<string> {
    const address = parseAddress(entry.table.address)
    if (address === undefined)
      throw new BalancerError('VALUE_BAD', `listen on ${entry.table.address}`)
    const places = await placesOf(address)
    const opened = await this.#openOneOf(entry, places)
    if (opened.error !== 0) {
      const code = systemCode(opened.error)
      const message = `listen ${code}: ${getSystemErrorMap().get(-opened.error)?.[1] ?? code}`
      throw listenFault(code, { address: formatAddress(address), message })
    }
    if (address.kind === 'unix') return formatAddress(address)
    const host = address.host === '' ? '' : opened.ip
    return formatAddress({ kind: 'tcp', host, port: opened.port })
  }

  // An address that a closing listener still has is free in a moment.
  async #openOneOf(entry: Entry, places: readonly ListenPlace[]): Promise<NativeOpened> {
    const opened = this.#tryEach(entry, places)
    if (systemCodeOf(faultOf(opened)) !== 'EADDRINUSE' || this.#closing.size === 0) return opened
    await Promise.all(this.#closing)
    return this.#tryEach(entry, places)
  }

  #tryEach(entry: Entry, places: readonly ListenPlace[]): NativeOpened {
    let opened: NativeOpened = { error: 0, ip: '', port: 0 }
    for (const place of places) {
      // Closed, or stopped, before it was open.
      if (entry.closing !== undefined || this.#stopping)
        throw new BalancerError('REFUSED', 'the balancer is stopping')
      const tally = this.#tallyOf(entry.table.service)
      opened = this.#native.openListener(this.#nativeOf(entry.table, { ...place, tally }))
      if (opened.error === 0) entry.place = { ...place, port: opened.port, tally }
      if (opened.error === 0 || !lacksFamily(opened)) return opened
    }
    return opened
  }

  #close(entry: Entry, graceMs: number): Promise<void> {
    const known = entry.closing
    if (known !== undefined) return known
    const closing = this.#closeAfter(entry, graceMs).finally(() => this.#closing.delete(closing))
    entry.closing = closing
    if (entry.place !== undefined) this.#closing.add(closing)
    return closing
  }

  async #closeAfter({ table: { id }, place }: Entry, graceMs: number): Promise<void> {
    if (place !== undefined) {
      // The name of a Unix socket is free at once, as if nobody had ever listened there.
      if (place.place.startsWith(UNIX)) unlinkIfThere(place.place.slice(UNIX.length))
      this.#native.quietListener(id)
      if (graceMs > 0) await pause(graceMs, this.#stopped.signal)
      this.#native.closeListener(id)
    }
    this.#entries.delete(id)
    this.#counters.forgetListener(id)
  }

  #nativeOf(table: ListenerTable, place: OpenPlace) {
    const rows = this.#counters.ofListener(table.id, table.counters, place.tally)
    return nativeListener(table, place, rows)
  }
}

async function placesOf(address: Address): Promise<readonly ListenPlace[]> {
  if (address.kind === 'unix') {
    await removeStaleSocket(address.path)
    return [{ place: UNIX + address.path, port: 0 }]
  }
  const { host, port } = address
  if (host === '') return EVERYWHERE.map((place) => ({ place, port }))
  return [{ place: isIP(host) === 0 ? await ipOf(address) : host, port }]
}

async function ipOf(address: Address & { readonly kind: 'tcp' }): Promise<string> {
  try {
    return (await lookup(address.host)).address
  } catch (error) {
    const message = messageOf(error)
    throw listenFault(systemCodeOf(error), {
      address: formatAddress(address),
      message,
      cause: error,
    })
  }
}

function faultOf({ error }: NativeOpened) {
  return { code: error === 0 ? '' : systemCode(error) }
}

/** This machine has no IPv6, or has it switched off. */
function lacksFamily(opened: NativeOpened): boolean {
  return ['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'].includes(faultOf(opened).code)
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Somebody took it away before, or may write to that folder and we may not any more; nobody listens there.
  }
}
