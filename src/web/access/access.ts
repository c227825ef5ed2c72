// Who gets in over the web: guards every route, knows who is logged in at the page, and ends log-ins. A browser shows a
// cookie, and proves with each request that changes something that our own page sent it; a program shows a token.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LoginNotes } from '../../access/login-notes.ts'
import type { PasswordTry } from '../../access/password-login.ts'
import { plainIp } from '../../base/address.ts'
import { type Clock, SYSTEM_CLOCK } from '../../base/clock.ts'
import { factsOf } from '../../base/errors.ts'
import { every } from '../../base/every.ts'
import type { Log } from '../../base/log.ts'
import type { OperatorView, Process } from '../../commands/context.ts'
import type { Change } from '../../model/change.ts'
import { type Problem, problemOf, sendProblem } from '../problem.ts'
import { admissionOf } from './browser.ts'
import { idIn } from './cookie.ts'
import { WEB_ACCESS_LIMITS, type WebAccessLimits } from './limits.ts'
import { Links, type LinkVerdict } from './links.ts'
import { type PasswordAnswer, Passwords } from './passwords.ts'
import { type Entrance, type Session, Sessions } from './sessions.ts'
import { TokenCallers } from './token-callers.ts'

export interface AccessOptions {
  readonly process: Process
  readonly log: Log
  /** Cookies are sent over TLS only. */
  readonly isSecure: boolean
  /** Limits other than those of the house; for tests. */
  readonly limits?: Partial<WebAccessLimits>
  readonly clock?: Clock
}

/** Who has it open looks on. */
const EVENTS = '/api/v1/events'
/** Characters of a path that the log has of a refused request. */
const PATH_SHOWN_MAX = 200
const HOW_TO_LOG_IN = 'with a session of the page, or with the header Authorization: Bearer TOKEN'
/** Paths under which a stranger is not told what there is. */
const PRIVATE = /^\/api(?:[/?]|$)/

export class Access {
  readonly isSecure: boolean
  readonly #process: Process
  readonly #log: Log
  readonly #notes: LoginNotes
  readonly #sessions: Sessions
  readonly #links: Links
  readonly #passwords: Passwords
  readonly #tokens: TokenCallers
  /** Calls under way of each operator and token. */
  readonly #calls = new Map<string, number>()
  readonly #byRequest = new WeakMap<FastifyRequest, Session>()
  readonly #unfollow: () => void
  readonly #stopped = new AbortController()
  readonly #callsMax: number

  constructor({ process, log, isSecure, limits: other, clock = SYSTEM_CLOCK }: AccessOptions) {
    this.isSecure = isSecure
    this.#process = process
    this.#log = log
    const { balancer } = process
    const limits = { ...WEB_ACCESS_LIMITS, ...other }
    this.#callsMax = limits.callsPerCallerMax
    const notes = new LoginNotes('web', log, process.audit)
    this.#notes = notes
    this.#sessions = new Sessions({ notes, limits, clock })
    this.#links = new Links({ limits, clock, users: () => balancer.users })
    this.#passwords = new Passwords({ balancer, log, notes, limits })
    this.#tokens = new TokenCallers({ balancer, notes, clock })
    this.#unfollow = balancer.follow((change) => this.#changed(change))
    // It ends with `stop`, and rejects with nothing.
    void every(async () => this.#look(), {
      intervalMs: () => limits.sessionLookMs,
      signal: this.#stopped.signal,
      onError: (error) => log.error('unexpected', { what: 'web log-ins', ...factsOf(error) }),
      wait: (ms, signal) => clock.pause(ms, signal),
    })
  }

  get logins(): readonly OperatorView[] {
    return this.#sessions.list.map(({ view }) => view)
  }

  /** Put in front of every route: sets `request.caller`, and refuses what a foreign page sends. */
  guard(app: FastifyInstance): void {
    app.addHook('onRequest', async (request, reply) => {
      const problem = this.#admit(request, reply)
      return problem === undefined ? undefined : sendProblem(reply, problem)
    })
  }

  /** @returns false where there is no such log-in */
  logout(id: number, reason = 'logged out by an operator'): boolean {
    const session = this.#sessions.list.find((each) => each.id === id)
    if (session !== undefined) this.#sessions.end(session, reason)
    return session !== undefined
  }

  /** A one-time code for this operator. @throws BalancerError NOT_FOUND where there is none of that name */
  link(operator: string): string {
    const code = this.#links.make(operator)
    this.#log.info('web link made', { operator })
    return code
  }

  /** Is this the right password of a user who gets in by it alone? Refusals are noted and throttled. */
  judgePassword(tried: PasswordTry, request: FastifyRequest): Promise<PasswordAnswer> {
    return this.#passwords.judge(tried, addressOf(request))
  }

  /** Whom a one-time code lets in; what is refused is noted. */
  takeLink(code: string, request: FastifyRequest): LinkVerdict {
    const verdict = this.#links.take(code)
    if (verdict.kind === 'refused')
      this.#notes.refused({ ...verdict, address: addressOf(request), method: 'link' })
    return verdict
  }

  /** Log somebody in by whatever proof: under a new id, in place of the log-in that the browser had. */
  open(
    entrance: Omit<Entrance, 'address'>,
    request: FastifyRequest,
  ): { readonly session: Session; readonly id: string } {
    const address = addressOf(request)
    const before = this.#sessions.of(idIn(request.headers, this.isSecure))
    if (before !== undefined) this.#sessions.end(before, 'another log-in of the same browser')
    return this.#sessions.open({ ...entrance, address })
  }

  /** The log-in that a request came by; undefined for strangers and programs. */
  sessionOf(request: FastifyRequest): Session | undefined {
    return this.#byRequest.get(request)
  }

  stop(): void {
    this.#stopped.abort()
    this.#unfollow()
    this.#sessions.endAll('Sluice stops')
    this.#tokens.endAll()
    this.#notes.stop()
  }

  /** Find out who calls. @returns why the request goes no further */
  #admit(request: FastifyRequest, reply: FastifyReply): Problem | undefined {
    const token = bearerIn(request.headers.authorization)
    if (token === undefined) {
      const problem = this.#admitBrowser(request, reply)
      if (problem !== undefined) return problem
    } else {
      request.caller = this.#tokens.of(token, addressOf(request))
    }
    if (request.caller !== undefined) return this.#admitCall(request.caller.origin, request, reply)
    return isOpen(request) ? undefined : problemOf('NOT_LOGGED_IN', HOW_TO_LOG_IN)
  }

  // Each holds its answer until that is taken, and an answer may be large.
  #admitCall(origin: string, request: FastifyRequest, reply: FastifyReply): Problem | undefined {
    // Streams hold little, and are counted where they are.
    if (isEvents(request)) return undefined
    const calls = this.#calls.get(origin) ?? 0
    if (calls >= this.#callsMax) {
      reply.header('retry-after', 1)
      return problemOf('TOO_MANY', `${calls} of your calls are under way; take their answers first`)
    }
    this.#calls.set(origin, calls + 1)
    reply.raw.once('close', () => this.#endCall(origin))
    return undefined
  }

  #endCall(origin: string): void {
    const left = (this.#calls.get(origin) ?? 0) - 1
    if (left > 0) this.#calls.set(origin, left)
    else this.#calls.delete(origin)
  }

  #admitBrowser(request: FastifyRequest, reply: FastifyReply): Problem | undefined {
    const { method, headers } = request
    const session = this.#sessions.of(idIn(headers, this.isSecure))
    const asked = { method, headers, isOpen: isOpen(request) }
    const admission = admissionOf(asked, session, this.isSecure)
    switch (admission.kind) {
      case 'stranger':
        return undefined
      case 'session':
        this.#setCaller(admission.session, request, reply)
        return undefined
      case 'refused':
        this.#noteRefused(session, request, admission.reason)
        return problemOf('NOT_ALLOWED', admission.reason)
      default:
        return admission satisfies never
    }
  }

  #setCaller(session: Session, request: FastifyRequest, reply: FastifyReply): void {
    const { operator, role, id: login, ended } = session
    const address = addressOf(request)
    request.caller = { operator, role, login, address, origin: `web:${operator}`, ended }
    this.#byRequest.set(request, session)
    reply.raw.once('close', this.#sessions.use(session, isEvents(request)))
  }

  #noteRefused(session: Session | undefined, request: FastifyRequest, reason: string): void {
    const action = `${request.method} ${(request.url.split('?', 1)[0] ?? '').slice(0, PATH_SHOWN_MAX)}`
    this.#notes.refusedRequest(session, { action, reason, address: addressOf(request) })
  }

  #changed({ path, origin }: Change): void {
    if (path === 'settings/tokens') this.#tokens.look()
    if (path !== 'settings/users') return
    const [, renewed] = /^login:(.+)$/.exec(origin) ?? []
    this.#sessions.usersChanged(this.#process.balancer.users, renewed)
  }

  #look(): void {
    this.#sessions.look()
    this.#tokens.look()
  }
}

/** What stands behind `Authorization: Bearer`; undefined where there is nothing of that kind. */
function bearerIn(authorization: string | undefined): string | undefined {
  return /^Bearer +(.*)$/i.exec(authorization ?? '')?.[1]?.trim()
}

/** What is not there is told of to everybody, but for the API: there a stranger is asked who he is. */
function isOpen({ is404, url, routeOptions }: FastifyRequest): boolean {
  return is404 ? !PRIVATE.test(url) : routeOptions.config.open === true
}

function isEvents({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === EVENTS
}

function addressOf({ socket }: FastifyRequest): string {
  return plainIp(socket.remoteAddress ?? '')
}
