// One listening socket of the node engine: opens, admits, counts, closes.
import { type Server, type Socket, createServer } from 'node:net'
import { type Address, formatAddress, parseAddress } from '../../base/address.ts'
import { BalancerError, systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { Networks } from '../../base/networks.ts'
import { listenFault } from '../listen-fault.ts'
import { removeStaleSocket } from '../stale-socket.ts'
import type { ListenerTable } from '../table.ts'
import type { PickClient } from './picker.ts'
import type { Route } from './route.ts'

export class NodeListener {
  readonly route: Route
  readonly #server: Server
  #table: ListenerTable
  #allow: Networks | undefined
  #deny: Networks | undefined

  #failing = false

  constructor(table: ListenerTable, route: Route, onClient: (client: Socket) => void) {
    this.route = route
    this.#table = table
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#failing = false
      onClient(client)
    })
    this.update(table)
  }

  get table(): ListenerTable {
    return this.#table
  }

  /** Is it at its session limit? */
  get full(): boolean {
    const { maxSessions, counters } = this.#table
    return maxSessions > 0 && counters.open > maxSessions
  }

  update(table: ListenerTable): void {
    this.#table = table
    this.#allow = networksOf(table.allow)
    this.#deny = networksOf(table.deny)
  }

  /** Do allow and deny let this address in? A list that is empty costs nothing. */
  admits(client: Pick<PickClient, 'clientIp'>): boolean {
    if (this.#allow === undefined && this.#deny === undefined) return true
    const ip = client.clientIp
    if (ip === '' || this.#deny?.has(ip)) return false
    return this.#allow?.has(ip) ?? true
  }

  /** @returns the address that was bound. @throws BalancerError PORT_TAKEN, PORT_DENIED */
  async open(onFailure: (reason: string) => void): Promise<string> {
    const address = parseAddress(this.#table.address)
    if (address === undefined)
      throw new BalancerError('VALUE_BAD', `listen on ${this.#table.address}`)
    if (address.kind === 'unix') await removeStaleSocket(address.path)
    await listen(this.#server, address)
    // Without a free descriptor every accept fails; that is one event, not one for each client.
    this.#server.on('error', (error) => {
      if (!this.#failing) onFailure(error.message)
      this.#failing = true
    })
    const bound = this.#server.address()
    if (bound === null || typeof bound === 'string') return formatAddress(address)
    const host = address.kind === 'tcp' && address.host === '' ? '' : bound.address
    return formatAddress({ kind: 'tcp', host, port: bound.port })
  }

  /** Resolves when no new client can come in. Clients that are in go on. */
  close(): Promise<void> {
    // The callback of close() waits for every client to leave; new ones are refused from this call on.
    this.#server.close()
    return Promise.resolve()
  }
}

function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: Error) => {
      const { message } = cause
      reject(listenFault(systemCodeOf(cause), { address: formatAddress(address), message, cause }))
    }
    // Closed by a stop before it was open.
    const onClose = () => reject(new BalancerError('REFUSED', 'the balancer is stopping'))
    server.once('error', onError)
    server.once('close', onClose)
    server.listen({ ...placeOf(address), backlog: LIMITS.listenBacklog }, () => {
      server.off('error', onError)
      server.off('close', onClose)
      resolve()
    })
  })
}

function placeOf(address: Address): { path: string } | { host?: string; port: number } {
  if (address.kind === 'unix') return { path: address.path }
  const { host, port } = address
  return host === '' ? { port } : { host, port }
}

function networksOf(networks: readonly string[]): Networks | undefined {
  return networks.length === 0 ? undefined : new Networks(networks)
}
