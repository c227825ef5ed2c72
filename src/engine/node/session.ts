// One client's passage, from accept to its one reason to end. Reads top to bottom as "life of a session" in
// docs/architecture.md: admit, PROXY header, choose, connect, relay, close. Every way out ends in `close`.
import type { Socket } from 'node:net'
import type { CloseReason } from '../../base/close-reasons.ts'
import { type ConnectFault, connectFaultOf } from '../../base/connect-fault.ts'
import { LIMITS } from '../../base/limits.ts'
import { type ProxyEnd, formatProxyHeader } from '../../base/proxy-header.ts'
import type { AskRule } from '../../scheduler/rule.ts'
import type { SessionStep } from '../../model/session-view.ts'
import { askForSlot } from './ask.ts'
import { connectTo, metItself } from './connector.ts'
import { farEndOf, nearEndOf } from './ends.ts'
import type { NodeListener } from './listener.ts'
import type { PickClient } from './picker.ts'
import { type CompleteHeader, readProxyHeader } from './proxy-reader.ts'
import { discard, part, relay } from './relay.ts'
import type { Route, Terms } from './route.ts'
import type { SessionHome } from './session-home.ts'
import type { Slot } from './slot.ts'
import type { Waiter } from './wait-queue.ts'

export class Session implements PickClient, Waiter {
  readonly id: number
  readonly client: Socket
  readonly listener: NodeListener
  /** On the clock of `performance.now`, as every time here. */
  readonly acceptedAt = performance.now()
  readonly #home: SessionHome<Session>
  readonly #route: Route
  step: SessionStep | 'closed' = 'choosing'
  /** When the present step has to be over. */
  deadline = 0
  /** The connection to the host, its slot, and the terms by which it was given; new tables do not change them. */
  host: Socket | undefined
  slot: Slot | undefined
  terms: Terms | undefined
  /** 0 until a host was reached. */
  connectedAt = 0
  attempts = 0
  /** Our own address towards the host, where the engine keeps an index of these. */
  localAddress = ''
  /** For the sweep of idle sessions: bytes read when it last looked, and when that changed. */
  bytesSeen = 0
  movedAt = this.acceptedAt
  tried: Set<number> | undefined
  #waitsUntil = 0
  #wasHeld = false
  /** While it lingers: bytes that the client had not taken when it was last looked at. */
  #unsent = 0
  #header: CompleteHeader | undefined
  #clientEnd: ProxyEnd | undefined

  constructor(id: number, client: Socket, listener: NodeListener, home: SessionHome<Session>) {
    this.id = id
    this.client = client
    this.listener = listener
    this.#home = home
    this.#route = listener.route
  }

  /** IP address of the client, the announced one where there was a PROXY header; '' on a Unix socket. */
  get clientIp(): string {
    // Asking the socket is a system call; most sessions are never asked.
    return this.clientEnd?.ip ?? ''
  }

  /** Address and port of the client. What is asked for after the end has to be asked for once before. */
  get clientEnd(): ProxyEnd | undefined {
    this.#clientEnd ??= this.#header?.source ?? farEndOf(this.client)
    return this.#clientEnd
  }

  get bytesFromClient(): number {
    return this.client.bytesRead - (this.#header?.length ?? 0)
  }

  get bytesFromHost(): number {
    return this.host?.bytesRead ?? 0
  }

  /** Begin. The session is known to its home and counted by its listener. */
  start(): void {
    this.client.on('error', () => this.#clientFailed())
    this.client.on('close', () => this.#sideClosed())
    if (!this.listener.admits(this)) return this.close('denied')
    if (this.listener.full) return this.close('listener-full')
    if (this.listener.table.proxy === 'none') return this.#choose()
    this.#enter('header', this.acceptedAt + LIMITS.proxyHeaderMs)
    readProxyHeader(this.client, (header) => this.#headerRead(header))
  }

  /**
   * Room may have been made. A client that waited takes the room there is by the scheduler, also where a function
   * is asked: its answer would come when the room is gone. @returns false when it still has to wait
   */
  retry(): boolean {
    if (this.step === 'held') this.#serve()
    else if (this.step === 'queued') return this.#retryQueued()
    return true
  }

  #retryQueued(): boolean {
    if (this.#route.hold.paused) {
      this.#keep()
      return true
    }
    if (this.#route.outlook(this) === 'wait') return false
    this.#take(this.#route.pick(this))
    return true
  }

  /** The present step took too long. */
  expire(): void {
    switch (this.step) {
      case 'header':
        return this.close('proxy-header')
      case 'queued':
        return this.close('queue-timeout')
      case 'connecting':
        return this.#connectFailed({ code: 'HOST_TIMEOUT', reason: 'connection timed out' })
      case 'relaying':
        return this.#lingered()
      default:
    }
  }

  #headerRead(header: CompleteHeader | undefined): void {
    if (this.step !== 'header') return
    if (header === undefined) return this.close('proxy-header')
    this.#header = header
    this.#clientEnd = header.source ?? this.#clientEnd
    this.#choose()
  }

  #choose(inLine = this.#route.hold.inForce): void {
    if (inLine) this.#keep()
    else this.#serve()
  }

  #serve(): void {
    this.step = 'choosing'
    const rule = this.#route.table?.rule
    if (rule === undefined) return this.close('no-host')
    if (rule.kind === 'ask') {
      void this.#ask(rule)
      return
    }
    this.#take(this.#route.pick(this))
  }

  // Never rejects: askForSlot does not, and nothing after it awaits.
  async #ask(rule: AskRule): Promise<void> {
    const asked = await askForSlot(rule, this.#route, this)
    if (this.step !== 'choosing') return
    if (this.#route.hold.paused) return this.#keep()
    this.#take(asked ?? this.#route.pick(this))
  }

  #take(slot: Slot | undefined): void {
    if (slot !== undefined) return this.#connect(slot)
    if (this.#route.outlook(this) === 'wait') return this.#wait()
    this.close(this.attempts > 0 ? 'connect-failed' : 'no-host')
  }

  // In a pause a client waits without a deadline: the pause itself has one. Afterwards it may be carried to any host.
  #keep(): void {
    if (!this.#route.hold.join(this)) return this.close('queue-full')
    this.step = 'held'
    this.#wasHeld = true
    this.tried = undefined
    this.#waitsUntil = 0
    this.#home.unwatch(this)
  }

  #wait(): void {
    // Who was let in by a pause is not sent away by a queue that is shorter.
    const most = this.#wasHeld ? LIMITS.heldMax : (this.#route.table?.queue ?? 0)
    if (!this.#route.queue.join(this, most)) return this.close('queue-full')
    this.#waitsUntil ||= performance.now() + (this.#route.table?.queueTimeoutMs ?? 0)
    this.#enter('queued', this.#waitsUntil)
  }

  #connect(slot: Slot): void {
    const { terms } = this.#route
    const { target } = slot.host
    if (terms === undefined || target === undefined) return this.close('no-host')
    this.#acquire(slot, terms)
    this.attempts += 1
    this.#enter('connecting', performance.now() + terms.connectTimeoutMs)
    const host = connectTo(target)
    this.host = host
    host.on('connect', () => this.#connected(host))
    host.on('error', (error) => this.#hostFailed(host, error))
    host.on('close', () => this.#sideClosed())
  }

  #connectFailed({ code, reason }: ConnectFault): void {
    const { slot, host, terms } = this
    if (slot === undefined || terms === undefined) return
    this.host = undefined
    host?.destroy()
    const hostId = slot.host.id
    this.tried = (this.tried ?? new Set()).add(hostId)
    if (code !== 'LOCAL_LIMIT') {
      slot.host.counters.failed += 1
      this.#home.hostFailed({ hostId, code, reason })
    }
    this.#release()
    if (this.attempts > terms.retries) return this.close('connect-failed')
    // Not to the end of the line that a pause left: with hosts that all refuse nobody would ever leave it.
    this.#choose(this.#route.hold.paused)
  }

  #connected(host: Socket): void {
    const { slot, terms } = this
    if (this.host !== host || this.step !== 'connecting' || !slot || !terms) return
    if (slot.host.target !== undefined && metItself(host, slot.host.target)) {
      return this.#connectFailed({ code: 'HOST_REFUSED', reason: 'connection refused' })
    }
    this.step = 'relaying'
    this.#home.unwatch(this)
    this.connectedAt = performance.now()
    this.movedAt = this.connectedAt
    this.#home.connected(this)
    if (terms.proxy !== 'none') {
      const destination = this.#header?.destination ?? nearEndOf(this.client)
      host.write(formatProxyHeader(terms.proxy, this.clientEnd, destination))
    }
    relay(this.client, host)
  }

  #clientFailed(): void {
    this.close(this.step === 'relaying' ? 'client-reset' : 'client-gone')
  }

  #hostFailed(host: Socket, error: Error): void {
    if (this.host !== host) return
    if (this.step === 'connecting') return this.#connectFailed(connectFaultOf(error))
    if (!host.readableEnded) return this.close('host-reset')
    // A host that sent its end and then refuses more has said everything. The client gets all of it before it
    // gets the reset; a reset at once could overtake what it has not read yet.
    discard(this.client)
    this.#linger()
  }

  #linger(): void {
    this.#unsent = this.client.writableLength
    this.deadline = performance.now() + LIMITS.lingerMs
    this.#home.watch(this)
  }

  // A client that reads slowly has more time as long as it does read.
  #lingered(): void {
    if (this.client.writableLength < this.#unsent) this.#linger()
    else this.close('host-reset')
  }

  #sideClosed(): void {
    const hostIsOver = this.host === undefined || this.host.destroyed
    if (this.client.destroyed && hostIsOver)
      this.close(this.host === undefined ? 'client-gone' : 'done')
  }

  /** End the session, once, for the first reason that comes. */
  close(reason: CloseReason): void {
    if (this.step === 'closed') return
    const wasRelaying = this.step === 'relaying'
    this.step = 'closed'
    this.#home.unwatch(this)
    this.#route.queue.leave(this)
    if (this.#wasHeld) this.#route.hold.leave(this)
    this.#home.closed(this, reason)
    this.#release()
    part(this.client, this.host, wasRelaying)
  }

  #enter(step: SessionStep, deadline: number): void {
    this.step = step
    this.deadline = deadline
    this.#home.watch(this)
  }

  #acquire(slot: Slot, terms: Terms): void {
    this.slot = slot
    this.terms = terms
    terms.load.open += 1
    slot.acquire()
  }

  #release(): void {
    const { slot, terms } = this
    if (slot === undefined || terms === undefined) return
    slot.release()
    terms.load.open -= 1
    this.slot = undefined
    this.#route.wake()
  }
}
