// One ssh connection: strangers become a login or leave, a login opens sessions. Owns the tries, the
// keepalive, fresh keys and the end; what happens inside a session is not its business.
import type { Socket } from 'node:net'
import type { AuthContext, AuthenticationType, Connection, Session } from 'ssh2'
import { factsOf } from '../base/errors.ts'
import { every } from '../base/every.ts'
import type { Log } from '../base/log.ts'
import type { UserSnapshot } from '../model/snapshot.ts'
import type { Login, OperatorChannel } from './channel.ts'
import type { Place } from './gate.ts'
import { guarded } from './guarded.ts'
import { type Attempt, type Directory, judge, takesPasswords, type Verdict } from './login.ts'
import { type Request, serveSession } from './session.ts'
import type { SshLimits } from './ssh-limits.ts'
import { takesPackets } from './ssh2-private.ts'

export interface ConnectionOptions {
  readonly limits: SshLimits
  readonly log: Log
  readonly place: Place
  readonly directory: Directory
  /** May one more log in? */
  readonly roomForLogin: () => boolean
  readonly serve: (channel: OperatorChannel, request: Request) => void
}

/** What a stranger may call himself in the log. */
const NAME_LOGGED_MAX = 64
/** An attempt that only asks, or that every client makes first, counts this much of a try. */
const QUESTION = 0.5

export class SshConnection {
  readonly #client: Connection
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #address: string
  readonly #closed = new AbortController()
  readonly #channels = new Set<OperatorChannel>()
  #login: Login | undefined
  #tries = 0
  #sessions = 0

  constructor(client: Connection, socket: Socket, options: ConnectionOptions) {
    this.#client = client
    this.#socket = socket
    this.#options = options
    this.#address = socket.remoteAddress ?? ''
    const refuse = () => socket.destroy()
    client.on('close', () => this.#close())
    client.on(
      'authentication',
      this.#fenced('authentication', (context) => this.#attempt(context), refuse),
    )
    client.on(
      'session',
      this.#fenced('session', (accept, reject) => this.#open(accept, reject), refuse),
    )
    client.on(
      'request',
      this.#fenced('request', (_accept, reject, name) => this.#refuse(name, reject), refuse),
    )
    client.on(
      'tcpip',
      this.#fenced('tcpip', (_accept, reject) => this.#refuse('direct-tcpip', reject), refuse),
    )
  }

  /** Who is logged in; undefined for a stranger and after the end. */
  get login(): Login | undefined {
    return this.#closed.signal.aborted ? undefined : this.#login
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
    for (const channel of this.#channels) channel.farewell(sentence, exit)
    await closed
    clearTimeout(deadline)
  }

  #attempt(context: AuthContext): void {
    // Every failure inside ends in a refusal, so nothing is left to reject with.
    void this.#judge(context).catch((error) => {
      this.#options.log.error('unexpected', { what: 'ssh login', ...factsOf(error) })
      context.reject()
    })
  }

  async #judge(context: AuthContext): Promise<void> {
    const attempt = await attemptOf(context, this.#closed.signal)
    this.#tries += attempt === undefined || isQuestion(attempt) ? QUESTION : 1
    if (attempt === undefined) return this.#refuseAttempt(context)
    const verdict = await judge(context.username, attempt, this.#options.directory)
    if (this.#closed.signal.aborted) return
    switch (verdict.kind) {
      case 'listed':
        return context.accept()
      case 'in':
        return this.#letIn(context, verdict.user, verdict.how)
      case 'refused':
        this.#logRefusal(context, attempt, verdict)
        return this.#refuseAttempt(context)
      default:
        return verdict satisfies never
    }
  }

  #letIn(context: AuthContext, user: UserSnapshot, how: string): void {
    const { log, roomForLogin, place } = this.#options
    if (!roomForLogin()) {
      log.warn('ssh login refused', {
        operator: user.name,
        address: this.#address,
        reason: 'too many logins',
      })
      return this.#refuseAttempt(context)
    }
    this.#login = { id: ++lastId, operator: user.name, role: user.access, address: this.#address }
    place.release()
    this.#keepFresh()
    const facts = { operator: user.name, login: lastId, address: this.#address, how }
    log.info('ssh login', facts)
    if (how.includes('DES'))
      log.warn('ssh password hash is old', { ...facts, cure: 'sluice passwd' })
    context.accept()
  }

  #refuseAttempt(context: AuthContext): void {
    if (this.#closed.signal.aborted) return
    const left: AuthenticationType[] = ['publickey']
    if (takesPasswords(this.#options.directory)) left.push('password', 'keyboard-interactive')
    context.reject(left)
    if (this.#tries >= this.#options.limits.triesMax) this.#client.end()
  }

  #logRefusal(
    context: AuthContext,
    attempt: Attempt,
    { reason }: Verdict & { kind: 'refused' },
  ): void {
    const operator = context.username.slice(0, NAME_LOGGED_MAX)
    const facts = { operator, address: this.#address, method: attempt.method, reason }
    // A client with many keys asks for each of them before the right one.
    if (isQuestion(attempt)) this.#options.log.info('ssh login refused', facts)
    else this.#options.log.warn('ssh login refused', facts)
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
    session.once('close', () => {
      this.#sessions -= 1
    })
    const { limits, log } = this.#options
    const serve = (channel: OperatorChannel, request: Request) => this.#serve(channel, request)
    serveSession(session, { login, limits, log, socket: this.#socket, serve })
  }

  #serve(channel: OperatorChannel, request: Request): void {
    this.#channels.add(channel)
    channel.ended.addEventListener('abort', () => this.#channels.delete(channel))
    this.#options.serve(channel, request)
  }

  #refuse(request: string, reject: (() => unknown) | undefined): void {
    const { operator, id } = this.#login ?? {}
    this.#options.log.info('ssh request refused', { operator, login: id, request })
    reject?.()
  }

  #keepFresh(): void {
    const { rekeyMs } = this.#options.limits
    const task = async () => this.#client.rekey()
    // The loop ends with the connection, and a failed key exchange ends the connection.
    void every(task, { intervalMs: () => rekeyMs, signal: this.#closed.signal, onError: () => {} })
  }

  #close(): void {
    if (this.#closed.signal.aborted) return
    this.#closed.abort()
    for (const channel of this.#channels) channel.lost()
    if (this.#login === undefined) return
    const { operator, id } = this.#login
    this.#options.log.info('ssh logout', { operator, login: id, address: this.#address })
  }

  #fenced<Given extends readonly unknown[]>(
    what: string,
    handler: (...given: Given) => void,
    refuse: () => void,
  ): (...given: Given) => void {
    return guarded(this.#options.log, `ssh ${what}`, handler, refuse)
  }
}

let lastId = 0

function isQuestion(attempt: Attempt): boolean {
  return attempt.method === 'publickey' && attempt.proof === undefined
}

/** What the client tries, in our words; undefined for what is never accepted (`none`, host-based). */
async function attemptOf(context: AuthContext, closed: AbortSignal): Promise<Attempt | undefined> {
  switch (context.method) {
    case 'publickey': {
      const { key, blob, signature, hashAlgo: hash } = context
      const proof = blob && signature ? { proof: { blob, signature, hash } } : {}
      return { method: 'publickey', key: key.data, ...proof }
    }
    case 'password':
      // It is an object when the client asks for a change of the password.
      if (typeof context.password !== 'string') return undefined
      return { method: 'password', password: context.password }
    case 'keyboard-interactive': {
      const prompted = new Promise<unknown>((resolve) => {
        context.prompt([{ prompt: 'Password: ', echo: false }], resolve)
        closed.addEventListener('abort', () => resolve([]))
      })
      // Answers are an Error when the client went on to something else.
      const answers = await prompted
      const [password] = Array.isArray(answers) ? answers : []
      return typeof password === 'string' ? { method: 'password', password } : undefined
    }
    default:
      return undefined
  }
}
