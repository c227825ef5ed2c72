// One ssh connection: strangers become a login or leave, a login opens sessions. Owns the tries, the
// keepalive, fresh keys and the end; what happens inside a session is not its business.
import type { Socket } from 'node:net'
import type { AuthContext, AuthenticationType, Connection, Session } from 'ssh2'
import type { LoginNotes, RefusedLogin } from '../access/login-notes.ts'
import { nextLoginNumber } from '../access/login-number.ts'
import { plainIp } from '../base/address.ts'
import { factsOf } from '../base/errors.ts'
import { every } from '../base/every.ts'
import type { Log } from '../base/log.ts'
import type { OperatorView, Process } from '../commands/context.ts'
import { attemptOf, costOf, isQuestion, refusedLogin } from './access/attempt.ts'
import {
  type Attempt,
  type Directory,
  judge,
  takesPasswords,
  type Verdict,
} from './access/login.ts'
import { noteRefused } from './audited.ts'
import type { Login, OperatorChannel } from './channel.ts'
import type { Place } from './gate.ts'
import { guarded } from './guarded.ts'
import { OpenChannels } from './open-channels.ts'
import { type Request, serveSession } from './session.ts'
import type { SshLimits } from './ssh-limits.ts'
import { takesPackets } from './ssh2-private.ts'
import { type TunnelAccept, type TunnelRequest, Tunnels } from './tunnel.ts'

export interface ConnectionOptions {
  readonly process: Process
  readonly limits: SshLimits
  readonly log: Log
  readonly notes: LoginNotes
  readonly place: Place
  readonly directory: Directory
  /** May one more log in? */
  readonly roomForLogin: () => boolean
  /** A password was right whose hash is of the old kind; now it is known in full. */
  readonly renewPassword: (operator: string, password: string, oldHash: string) => void
  readonly serve: (channel: OperatorChannel, request: Request) => void
}

export class SshConnection {
  readonly #client: Connection
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #address: string
  /** What the first of two steps of a login proved. */
  #earlier: (Verdict & { readonly kind: 'half' }) | undefined
  #idle: NodeJS.Timeout | undefined
  readonly #closed = new AbortController()
  readonly #channels = new OpenChannels()
  readonly #tunnels: Tunnels
  #login: Login | undefined
  readonly #since = Date.now()
  /** A key that was asked for in vain; told only of who never gets in. */
  #askedInVain: RefusedLogin | undefined
  #whyItEnds = 'left'
  #tries = 0
  /** The attempt that the client waits for an answer to. */
  #current: AuthContext | undefined
  #sessions = 0

  constructor(client: Connection, socket: Socket, options: ConnectionOptions) {
    this.#client = client
    this.#socket = socket
    this.#options = options
    this.#address = plainIp(socket.remoteAddress ?? '')
    const fenced = <Given extends readonly unknown[]>(
      what: string,
      handler: (...given: Given) => void,
    ) => guarded(options.log, `ssh ${what}`, handler, () => socket.destroy())
    client.on('close', () => this.#close())
    client.on(
      'authentication',
      fenced('authentication', (context) => this.#attempt(context)),
    )
    client.on(
      'session',
      fenced('session', (accept, reject) => this.#open(accept, reject)),
    )
    client.on(
      'request',
      fenced('request', (_accept, reject, name) => this.#refuse(name, reject)),
    )
    client.on(
      'tcpip',
      fenced('tcpip', (accept, reject, to) => this.#tunnel(accept, reject, to)),
    )
    client.on(
      'openssh.streamlocal',
      fenced('streamlocal', (_accept, reject) => this.#refuse('direct-streamlocal', reject)),
    )
    this.#tunnels = new Tunnels({
      ...options,
      socket,
      outputBytesMax: options.limits.outputBytesMax,
      closed: this.#closed.signal,
      onCount: () => this.#endWhenIdle(),
    })
  }

  /** Who is logged in; undefined for a stranger and after the end. */
  get login(): Login | undefined {
    return this.#closed.signal.aborted ? undefined : this.#login
  }

  /** The login as other operators see it; undefined while there is none. */
  get view(): OperatorView | undefined {
    if (this.login === undefined) return undefined
    const { id, operator, role, address, how } = this.login
    const { kinds, active } = this.#channels
    const channels = [...kinds, ...Array.from({ length: this.#tunnels.count }, () => 'tunnel')]
    const times = { since: this.#since, active: Math.max(this.#since, active) }
    return { id, operator, role, address, how, channels, ...times }
  }

  /** Show a line at every open prompt. @returns at how many */
  say(text: string): number {
    return this.#channels.say(text)
  }

  /** What went wrong below. ssh2 only half-closes when a client stopped answering. */
  fail(error: Error & { readonly level?: string }): void {
    const { log } = this.#options
    log.debug('ssh connection failed', { address: this.#address, reason: error.message })
    if (error.level === 'client-timeout') this.#socket.destroy()
  }

  /** Say why in every open channel, then leave. Resolves when the socket is closed. */
  async farewell(sentence: string, exit: number): Promise<void> {
    if (this.#closed.signal.aborted) return
    this.#whyItEnds = sentence
    const closed = new Promise<void>((resolve) => {
      this.#closed.signal.addEventListener('abort', () => resolve())
    })
    const leave = () => {
      this.#client.end()
      this.#socket.destroySoon()
    }
    // A client leaves by itself with its last channel; told to disconnect at once, it would forget the exit status.
    const deadline = setTimeout(
      leave,
      this.#channels.size === 0 ? 0 : this.#options.limits.goodbyeMs,
    )
    this.#channels.farewell(sentence, exit)
    await closed
    clearTimeout(deadline)
  }

  #attempt(context: AuthContext): void {
    // It came in one piece with the last try that was allowed; the client may still take its time to leave.
    if (this.#tries >= this.#options.limits.triesMax) return
    // Counted before anything is waited for: a client may send all its attempts at once.
    this.#tries += costOf(context)
    this.#current = context
    // Every failure inside ends in a refusal, so nothing is left to reject with.
    void this.#judge(context).catch((error) => {
      this.#options.log.error('unexpected', { what: 'ssh login', ...factsOf(error) })
      context.reject()
    })
  }

  async #judge(context: AuthContext): Promise<void> {
    const attempt = await attemptOf(context, this.#closed.signal)
    if (attempt === undefined) return this.#refuseAttempt(context)
    const [name, earlier] = [context.username, this.#earlier]
    const visit = { name, address: this.#address, now: Date.now(), earlier }
    const verdict = await judge(visit, attempt, this.#options.directory)
    if (this.#closed.signal.aborted) return
    switch (verdict.kind) {
      case 'listed':
        return context.accept()
      case 'half':
        this.#earlier = verdict
        return context.reject(['password', 'keyboard-interactive'], true)
      case 'in':
        return this.#letIn(context, verdict, attempt)
      case 'refused':
        this.#noteRefusal(context, attempt, verdict.reason)
        if (!isQuestion(attempt)) this.#options.place.blame()
        return this.#refuseAttempt(context)
      default:
        return verdict satisfies never
    }
  }

  #letIn(context: AuthContext, verdict: Verdict & { kind: 'in' }, attempt: Attempt): void {
    const { roomForLogin, renewPassword, place } = this.#options
    const { user, grant, oldHash } = verdict
    // The client began another attempt before this one was answered; then it gets no answer.
    if (this.#current !== context) return
    if (!roomForLogin()) {
      this.#noteRefusal(context, attempt, 'too many logins')
      return this.#refuseAttempt(context)
    }
    const { name: operator, access: role } = user
    this.#login = { id: nextLoginNumber(), operator, role, address: this.#address, ...grant }
    place.release()
    this.#keepFresh()
    this.#endWhenIdle()
    this.#options.notes.in(this.#login)
    context.accept()
    if (oldHash !== undefined && attempt.method === 'password') {
      renewPassword(operator, attempt.password, oldHash)
    }
  }

  #refuseAttempt(context: AuthContext): void {
    if (this.#closed.signal.aborted) return
    const left: AuthenticationType[] = this.#earlier === undefined ? ['publickey'] : []
    if (takesPasswords(this.#options.directory)) left.push('password', 'keyboard-interactive')
    context.reject(left)
    if (this.#tries >= this.#options.limits.triesMax) this.#client.end()
  }

  #noteRefusal(context: AuthContext, attempt: Attempt, reason: string): void {
    const refused = refusedLogin(attempt, {
      name: context.username,
      address: this.#address,
      reason,
    })
    this.#options.notes.refused(refused)
    if (refused.isQuestion === true) this.#askedInVain = refused
  }

  #open(accept: () => Session, reject: () => unknown): void {
    const login = this.#login
    if (login === undefined || this.#sessions >= this.#options.limits.channelsMax) {
      reject()
      return
    }
    const session = accept()
    if (!takesPackets(session)) {
      this.#refuse('a packet size that is of no use', undefined)
      this.#socket.destroy()
      return
    }
    this.#sessions += 1
    this.#endWhenIdle()
    session.once('close', () => {
      this.#sessions -= 1
      this.#endWhenIdle()
    })
    const { limits, log } = this.#options
    const serve = (channel: OperatorChannel, request: Request) => this.#serve(channel, request)
    const refused = (request: string) => this.#refuse(request, undefined)
    serveSession(session, { login, limits, log, socket: this.#socket, serve, refused })
  }

  #serve(channel: OperatorChannel, request: Request): void {
    this.#channels.add(channel, request)
    this.#options.serve(channel, request)
  }

  #tunnel(accept: TunnelAccept, reject: () => void, to: TunnelRequest): void {
    if (this.#login === undefined) reject()
    else this.#tunnels.open(this.#login, to, accept, reject)
  }

  #refuse(request: string, reject: (() => unknown) | undefined): void {
    const { operator, id } = this.#login ?? {}
    this.#options.log.info('ssh request refused', { operator, login: id, request })
    if (this.#login !== undefined) noteRefused(this.#options.process.audit, this.#login, request)
    reject?.()
  }

  #keepFresh(): void {
    const { rekeyMs } = this.#options.limits
    const task = async () => this.#client.rekey()
    // The loop ends with the connection, and a failed key exchange ends the connection.
    void every(task, { intervalMs: () => rekeyMs, signal: this.#closed.signal, onError: () => {} })
  }

  /** Nothing else would ever end a login in which nothing is open: the client answers the keepalive. */
  #endWhenIdle(): void {
    clearTimeout(this.#idle)
    const isUsed = this.#sessions > 0 || this.#tunnels.count > 0
    if (isUsed || this.#closed.signal.aborted) return
    this.#idle = setTimeout(() => {
      const { operator, id } = this.#login ?? {}
      this.#options.log.info('ssh login idle', { operator, login: id })
      this.#whyItEnds = 'nothing was open for too long'
      this.#socket.destroy()
    }, this.#options.limits.idleMs)
  }

  #close(): void {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    clearTimeout(this.#idle)
    this.#channels.lost()
    if (this.#login) this.#options.notes.out(this.#login, this.#whyItEnds)
    else if (this.#askedInVain) this.#options.notes.askedInVain(this.#askedInVain)
  }
}
