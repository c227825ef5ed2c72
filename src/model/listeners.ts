// The listeners of one service: opened, closed and moved. A port is opened before anybody is told of it, so that
// one that cannot be opened refuses the change and leaves nothing behind.
import { ADDRESS_FORM, addressesClash, formatAddress, parseAddress } from '../base/address.ts'
import { BalancerError, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { type Owner, publisherOf, requirePresent } from './change.ts'
import { Children } from './children.ts'
import { formatGiven } from './field.ts'
import { Listener, type ListenerOwner, type Ports } from './listener.ts'
import { printListeners } from './print.ts'
import type { ListenerSnapshot } from './snapshot.ts'

/** What a listener may be made of, and the address of the one that it is to stand in front of. */
export type NewListener = Partial<ListenerSnapshot> & { readonly before?: string }

export class Listeners {
  readonly #service: Owner & ListenerOwner
  readonly #ports: Ports
  readonly #open = new Children<Listener>('listener', LIMITS.namesMax, printListeners)
  readonly #opening = new Set<string>()

  constructor(service: Owner & ListenerOwner, ports: Ports) {
    this.#service = service
    this.#ports = ports
  }

  get record(): Readonly<Record<string, Listener>> {
    return this.#open.record
  }

  get list(): readonly Listener[] {
    return this.#open.list
  }

  /** @throws BalancerError VALUE_BAD, NAME_TAKEN, PORT_TAKEN, PORT_DENIED */
  async open(address: string, values: NewListener = {}): Promise<Listener> {
    const { address: _, before, ...rest } = values
    const listener = new Listener(this.#service, this.#requireFreeAddress(address), rest)
    this.#opening.add(listener.address)
    try {
      await listener.open(this.#ports)
    } finally {
      this.#opening.delete(listener.address)
    }
    // The service may be gone by now; its port must not stay behind.
    if (this.#service.publisher === undefined) await listener.close(this.#ports)
    const publisher = publisherOf(this.#service)
    this.#open.add(listener.address, listener, before)
    publisher.publish({ action: 'add', path: listener.path, to: listener.snapshot() })
    return listener
  }

  /** Open sessions finish. @throws BalancerError NOT_FOUND */
  async close(address: string): Promise<void> {
    const listener = this.at(address)
    const place = this.#open.remove(listener.address)
    const from = listener.snapshot()
    listener.detach()
    await listener.close(this.#ports)
    const removed = { action: 'remove', path: listener.path, from, ...place } as const
    this.#service.publisher?.publish(removed)
  }

  /** Without a moment without a port, except where one address needs the other closed. */
  async move(from: string, to: string): Promise<Listener> {
    const old = this.at(from)
    const address = this.#requireFreeAddress(to)
    const clash = [old.address, old.bound].some((held) => addressesClash(held, address))
    if (clash) return this.#moveInPlace(old, address)
    const moved = await this.open(address, old.snapshot())
    await this.close(old.address)
    return moved
  }

  /** The listener at that address, however it is written. @throws BalancerError NOT_FOUND */
  at(address: string): Listener {
    const parsed = parseAddress(address)
    const listener = parsed === undefined ? undefined : this.#open.get(formatAddress(parsed))
    if (listener !== undefined) return listener
    const known = this.#open.names
    const where = known.length === 0 ? 'it listens nowhere' : `it listens on ${known.join(', ')}`
    const what = `${this.#service.path} does not listen on ${address}`
    throw new BalancerError('NOT_FOUND', `${what}: ${where}`)
  }

  // The system gives the new port only once the old one is closed: a moment without a port cannot be avoided.
  async #moveInPlace(old: Listener, to: string): Promise<Listener> {
    const values = old.snapshot()
    await this.close(old.address)
    try {
      return await this.open(to, values)
    } catch (error) {
      await this.open(old.address, values).catch((again: unknown) => {
        const closed = `${old.path} could not be opened again: ${messageOf(again)}`
        throw new BalancerError('REFUSED', `${messageOf(error)}; and ${closed}`, { cause: error })
      })
      throw error
    }
  }

  #requireFreeAddress(given: string): string {
    const { path } = this.#service
    const parsed = typeof given === 'string' ? parseAddress(given) : undefined
    if (parsed === undefined) {
      const got = formatGiven(given)
      throw new BalancerError('VALUE_BAD', `${path}: listen on ${ADDRESS_FORM}, got ${got}`)
    }
    requirePresent(this.#service)
    const address = formatAddress(parsed)
    if (this.#open.has(address) || this.#opening.has(address)) {
      throw new BalancerError('NAME_TAKEN', `${path} already listens on ${address}`)
    }
    this.#open.requireRoomFor(address, path)
    return address
  }
}
