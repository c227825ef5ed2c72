// Tunnels (`ssh -L`): to the balancer's own web page and to nothing else. Owns the connections between one login and
// the page: connected before the client is told yes, paused when either side is slow, ended from either side.
import { connect, type Socket } from 'node:net'
import type { ServerChannel } from 'ssh2'
import { formatAddress, isEveryInterface, parseAddress, type TcpAddress } from '../base/address.ts'
import { BalancerError, factsOf, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import type { Process } from '../commands/context.ts'
import { noteBefore, noteRefused } from './audited.ts'
import type { Login } from './channel.ts'
import { guarded } from './guarded.ts'
import { channelTakesPackets } from './ssh2-private.ts'

/** What a client asks for, as ssh2 tells it. */
export interface TunnelRequest {
  /** Undefined in a packet that is not well formed. */
  readonly destIP: string | undefined
  readonly destPort: number | undefined
}

export interface TunnelOptions {
  readonly process: Process
  readonly log: Log
  /** The socket below the connection. */
  readonly socket: Socket
  /** Bytes that may wait in it before the page is not read any more. */
  readonly outputBytesMax: number
  /** Aborted with the connection. */
  readonly closed: AbortSignal
  /** One was opened, or one ended. */
  readonly onCount: () => void
}

export type TunnelAccept = () => ServerChannel | undefined

/** Names that mean this machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i

export class Tunnels {
  readonly #options: TunnelOptions
  #count = 0

  constructor(options: TunnelOptions) {
    this.#options = options
  }

  /** Those that are open, and those about to be. */
  get count(): number {
    return this.#count
  }

  /** Open one, or say no. */
  open(login: Login, request: TunnelRequest, accept: TunnelAccept, reject: () => void): void {
    const refuse = (reason: string) => {
      this.#noteRefusal(login, request, reason)
      if (!this.#options.closed.aborted) reject()
    }
    try {
      const target = this.#targetOf(login, request)
      if (typeof target === 'string') return refuse(target)
      this.#note(login, request)
      const page = this.#connect(target)
      const fail = (error: Error) => refuse(`the web page does not answer: ${messageOf(error)}`)
      page.once('error', fail)
      page.once('connect', () => {
        page.off('error', fail)
        page.setTimeout(0)
        this.#begin(page, accept)
      })
    } catch (error) {
      this.#options.log.error('ssh tunnel failed', factsOf(error))
      refuse(messageOf(error))
    }
  }

  #connect({ host, port }: TcpAddress): Socket {
    const { closed } = this.#options
    const page = connect({ host, port, allowHalfOpen: true })
    const late = () => page.destroy(new BalancerError('TIMED_OUT', 'no answer in time'))
    page.setTimeout(LIMITS.sshTunnelConnectMs, late)
    const leave = () => page.destroy()
    closed.addEventListener('abort', leave)
    this.#setCount(+1)
    page.once('close', () => {
      closed.removeEventListener('abort', leave)
      this.#setCount(-1)
    })
    return page
  }

  /** Where to connect to, or why not. */
  #targetOf(login: Login, { destIP, destPort }: TunnelRequest): TcpAddress | string {
    const { role, restrictions } = login
    const { web } = this.#options.process.balancer.settings
    const address = parseAddress(web.listen)
    if (role === 'readonly') return 'it needs role operate or full'
    if (!restrictions.forwarding) return 'the key may not tunnel'
    if (!isPermitted(restrictions.permitOpen, { destIP, destPort }))
      return 'the key may tunnel elsewhere only'
    if (!web.enable || address?.kind !== 'tcp') return 'there is no web page to tunnel to'
    const host = isEveryInterface(address.host) ? 'localhost' : address.host
    const isPage = destPort === address.port && (LOOPBACK.test(destIP ?? '') || destIP === host)
    if (!isPage) return `tunnels lead to ${formatAddress({ ...address, host })} only`
    if (this.#count >= LIMITS.sshTunnelsMax)
      return `at most ${LIMITS.sshTunnelsMax} tunnels at once`
    return { ...address, host }
  }

  #begin(page: Socket, accept: TunnelAccept): void {
    const { closed, socket, outputBytesMax, log } = this.#options
    const begin = () => {
      const channel = closed.aborted ? undefined : accept()
      // To one of no size ssh2 would write for ever.
      if (channel !== undefined && !channelTakesPackets(channel)) socket.destroy()
      else if (channel !== undefined) return relay(page, channel, { socket, outputBytesMax })
      page.destroy()
    }
    guarded(log, 'ssh tunnel', begin, () => page.destroy())()
  }

  // Written before the tunnel is there: without the line there is none.
  #note(login: Login, request: TunnelRequest): void {
    const { process, log } = this.#options
    log.info('ssh tunnel', { operator: login.operator, login: login.id, to: nameOf(request) })
    noteBefore(process.audit, login, { event: 'tunnel', path: nameOf(request) })
  }

  #noteRefusal(login: Login, request: TunnelRequest, reason: string): void {
    const { process, log } = this.#options
    const path = nameOf(request)
    log.info('ssh tunnel refused', { operator: login.operator, login: login.id, to: path, reason })
    noteRefused(process.audit, login, 'tunnel', { path, reason })
  }

  #setCount(change: number): void {
    this.#count += change
    this.#options.onCount()
  }
}

interface Below {
  readonly socket: Socket
  readonly outputBytesMax: number
}

/** Carry bytes both ways until both sides have ended, or one is gone. */
function relay(page: Socket, channel: ServerChannel, { socket, outputBytesMax }: Below): void {
  const open = { page: true, client: true }
  const ended = (side: keyof typeof open) => {
    open[side] = false
    if (!open.page && !open.client) leave()
  }
  const leave = () => {
    page.destroy()
    channel.close()
  }
  channel.on('data', (bytes: Buffer) => {
    if (!page.write(bytes)) channel.pause()
  })
  page.on('drain', () => channel.resume())
  channel.once('end', () => {
    page.end()
    ended('client')
  })
  page.on('data', (bytes: Buffer) => {
    page.pause()
    channel.write(bytes, () => {
      // ssh2 does not look at the socket; a client with a huge window that reads nothing would fill us.
      if (socket.writableLength <= outputBytesMax) page.resume()
      else socket.once('drain', () => page.resume())
    })
  })
  let isSaid = false
  page.once('end', () => {
    isSaid = true
    channel.write(Buffer.alloc(0), () => {
      channel.eof()
      ended('page')
    })
  })
  page.once('error', leave)
  page.once('close', () => {
    // What it said up to its end may still be on the way to a client that reads slowly.
    if (!isSaid) leave()
  })
  channel.once('close', leave).once('error', leave)
}

function isPermitted(
  permitted: readonly string[] | undefined,
  { destIP, destPort }: TunnelRequest,
): boolean {
  if (permitted === undefined) return true
  const hosts = [destIP, `[${destIP}]`]
  const allowed = hosts.flatMap((host) => [`${host}:${destPort}`, `${host}:*`])
  return permitted.some((each) => allowed.includes(each))
}

function nameOf({ destIP, destPort }: TunnelRequest): string {
  return `${(destIP ?? '').slice(0, NAME_MAX)}:${destPort}`
}

/** Characters of a host name that is asked for, in the log. */
const NAME_MAX = 256
