// The door in front of the key exchange: accepts sockets, counts and throttles strangers, and ends those
// that do not log in. It knows nothing of ssh; what comes through is handed to `admit`.
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { networkOf } from '../access/network.ts'
import { Penalties } from '../access/penalties.ts'
import { refusedPort } from '../access/refused-port.ts'
import type { TcpAddress } from '../base/address.ts'
import { messageOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { SshLimits } from './ssh-limits.ts'

/** The seat of a socket that has not logged in. */
export interface Place {
  /** Call at login: the socket is no stranger any more, and what it took from the pace is given back. */
  release(): void
  /** Call at a wrong password or signature: the address has to wait for it. */
  blame(): void
}

export interface GateOptions {
  readonly limits: SshLimits
  readonly log: Log
  /** Takes over a socket that may try to log in. */
  readonly admit: (socket: Socket, place: Place) => void
  /** May this address fail to log in as often as it likes? */
  readonly isExempt: (address: string) => boolean
  /** From 0 to 1; decides who is dropped when many wait. */
  readonly chance?: () => number
}

/** At most one log line about refused strangers in this time, however many there are. */
const REFUSALS_LOG_MS = 10_000

export class Gate {
  readonly #options: GateOptions
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #strangersByNetwork = new Map<string, number>()
  readonly #penalties: Penalties
  #strangers = 0
  #tokens: number
  #filledAt = performance.now()
  #refusals = 0
  #refusalsLoggedAt = Number.NEGATIVE_INFINITY

  constructor(options: GateOptions) {
    this.#options = options
    this.#tokens = options.limits.acceptsBurst
    const { limits, isExempt } = options
    this.#penalties = new Penalties({ limits, isExempt, now: () => performance.now() })
    // Nagle off from the first byte: with it a complete `ssh host command` takes five times as long.
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  }

  /** @returns the address that was bound. @throws BalancerError PORT_TAKEN, PORT_DENIED */
  async listen({ host, port }: TcpAddress): Promise<string> {
    this.#server.listen({ port, ...(host === '' ? {} : { host }) })
    await once(this.#server, 'listening').catch((error) => {
      throw refusedPort(error, 'ssh', `${host}:${port}`)
    })
    this.#server.on('error', (error) => {
      this.#options.log.error('ssh listener failed', { reason: messageOf(error) })
    })
    const bound = this.#server.address()
    if (bound === null || typeof bound === 'string')
      throw new TypeError('a TCP port has an address')
    const ip = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
    return `${ip}:${bound.port}`
  }

  /** Accept nobody from now on; the sockets stay. */
  close(): void {
    this.#server.close()
  }

  /** Destroy every socket that came through. Resolves when all are closed. */
  async destroyAll(): Promise<void> {
    const closed = [...this.#sockets].map(
      (socket) => new Promise((done) => socket.once('close', done)),
    )
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(closed)
  }

  #accept(socket: Socket): void {
    // First of all: a socket without an error listener is a remote kill switch.
    socket.on('error', () => {})
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const address = socket.remoteAddress ?? ''
    const network = networkOf(address)
    const refusal = this.#refusalFor(network, address)
    if (refusal === undefined) {
      this.#options.admit(socket, this.#seat(socket, network))
    } else {
      socket.destroy()
      this.#noteRefusal(refusal, socket.remoteAddress)
    }
  }

  #refusalFor(network: string, address: string): string | undefined {
    const { limits, chance = Math.random } = this.#options
    if (this.#penalties.refuses(network, address)) return 'failed too often, has to wait'
    // A certain limit would let whoever fills it keep everybody else out.
    if (chance() < this.#crowding()) return 'too many that have not logged in'
    const fromThere = this.#strangersByNetwork.get(network) ?? 0
    if (fromThere >= limits.unauthenticatedPerAddressMax) return 'too many of one address'
    return this.#takeToken() ? undefined : 'too many at once'
  }

  /** The probability with which one more stranger is dropped: 0 below the start, rising to 1 at the limit. */
  #crowding(): number {
    const { unauthenticatedMax, unauthenticatedDropFrom, unauthenticatedDropPercent } =
      this.#options.limits
    if (this.#strangers >= unauthenticatedMax) return 1
    if (this.#strangers < unauthenticatedDropFrom) return 0
    const least = unauthenticatedDropPercent / 100
    const way = unauthenticatedMax - unauthenticatedDropFrom
    return least + (1 - least) * ((this.#strangers - unauthenticatedDropFrom) / way)
  }

  #takeToken(): boolean {
    const { acceptsPerSecond, acceptsBurst } = this.#options.limits
    const now = performance.now()
    const filled = this.#tokens + ((now - this.#filledAt) / 1_000) * acceptsPerSecond
    this.#tokens = Math.min(acceptsBurst, filled)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  #seat(socket: Socket, network: string): Place {
    const { graceMs, acceptsBurst, penaltyFailureMs, penaltyGraceMs } = this.#options.limits
    const address = socket.remoteAddress ?? ''
    let blamedMs = 0
    const blame = (ms: number) => {
      blamedMs += ms
      this.#blame(network, address, ms)
    }
    this.#strangers += 1
    this.#strangersByNetwork.set(network, (this.#strangersByNetwork.get(network) ?? 0) + 1)
    const grace = setTimeout(() => {
      blame(penaltyGraceMs)
      socket.destroy()
    }, graceMs)
    let seated = true
    const leave = () => {
      if (!seated) return
      seated = false
      clearTimeout(grace)
      this.#strangers -= 1
      const left = (this.#strangersByNetwork.get(network) ?? 1) - 1
      if (left === 0) this.#strangersByNetwork.delete(network)
      else this.#strangersByNetwork.set(network, left)
    }
    socket.once('close', leave)
    const release = () => {
      // An operator's script may log in as fast as it likes; only strangers are paced.
      if (seated) this.#tokens = Math.min(acceptsBurst, this.#tokens + 1)
      this.#penalties.forgive(network, blamedMs)
      leave()
    }
    return { release, blame: () => blame(penaltyFailureMs) }
  }

  #blame(network: string, address: string, ms: number): void {
    if (!this.#penalties.add(network, address, ms)) return
    this.#options.log.warn('ssh address shut out', {
      address,
      reason: 'too many failed logins',
      cure: 'it may try again when its penalty has run out; <ssh penaltyExempt="…"> names who is never shut out',
    })
  }

  #noteRefusal(reason: string, address: string | undefined): void {
    this.#refusals += 1
    const now = performance.now()
    if (now - this.#refusalsLoggedAt < REFUSALS_LOG_MS) return
    this.#options.log.warn('ssh connections refused', { reason, address, count: this.#refusals })
    this.#refusals = 0
    this.#refusalsLoggedAt = now
  }
}
