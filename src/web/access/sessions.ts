// Who is logged in at the page. The id of a log-in is known to its browser alone: what is kept here is its hash. A log-in
// ends when it lay idle, when it is old, when there are too many, and when its user is not who he was.
import { createHash, timingSafeEqual } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { whyNotSame } from '../../access/foreign.ts'
import type { LoginNotes, NotedLogin } from '../../access/login-notes.ts'
import { nextLoginNumber } from '../../access/login-number.ts'
import { userNamed } from '../../access/password-login.ts'
import type { Clock } from '../../base/clock.ts'
import type { OperatorView } from '../../commands/context.ts'
import type { OperatorRole } from '../../model/fields.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import { newSecret } from './cookie.ts'
import type { WebAccessLimits } from './limits.ts'

export interface SessionsOptions {
  readonly notes: LoginNotes
  readonly limits: WebAccessLimits
  readonly clock: Clock
}

/** How somebody came in. */
export interface Entrance {
  readonly user: UserSnapshot
  readonly how: 'password' | 'link'
  /** IP address. */
  readonly address: string
}

/** One log-in. */
export class Session implements NotedLogin {
  readonly id = nextLoginNumber()
  readonly operator: string
  readonly role: OperatorRole
  readonly address: string
  readonly how: Entrance['how']
  readonly key = ''
  /** Milliseconds since 1970, as the next. */
  readonly since: number
  active: number
  /** As he was at the log-in, but for what was done to his password by Sluice itself. */
  user: UserSnapshot
  /** Names of the requests under way. */
  readonly underWay = new Set<{ readonly isStream: boolean }>()
  readonly csrf = newSecret()
  readonly #ended = new AbortController()

  constructor({ user, how, address }: Entrance, now: number) {
    this.user = user
    this.operator = user.name
    this.role = user.access
    this.how = how
    this.address = address
    this.since = now
    this.active = now
    // Every request that is under way may listen for the end.
    setMaxListeners(0, this.#ended.signal)
  }

  get ended(): AbortSignal {
    return this.#ended.signal
  }

  get view(): OperatorView {
    const { id, operator, role, address, how, since, active } = this
    const streams = [...this.underWay].filter(({ isStream }) => isStream)
    const channels = ['page', ...streams.map(() => 'events')]
    return { id, operator, role, address, how, channels, since, active }
  }

  /** Does this text prove that our own page sent the request? */
  proves(token: string | undefined): boolean {
    const [given, own] = [hashOf(token ?? ''), hashOf(this.csrf)]
    return timingSafeEqual(given, own)
  }

  end(): void {
    this.#ended.abort()
  }
}

export class Sessions {
  readonly #options: SessionsOptions
  /** By the hash of the id. */
  readonly #byHash = new Map<string, Session>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  get list(): readonly Session[] {
    return [...this.#byHash.values()]
  }

  /** Log somebody in. @returns the log-in, and the id that its browser alone is told */
  open(entrance: Entrance): { readonly session: Session; readonly id: string } {
    this.look()
    this.#makeRoom(entrance.user.name)
    const [id, session] = [newSecret(), new Session(entrance, this.#options.clock.now())]
    this.#byHash.set(keyOf(id), session)
    this.#options.notes.in(session)
    return { session, id }
  }

  /** The log-in of this id; undefined where there is none, or none any more. */
  of(id: string | undefined): Session | undefined {
    const session = id === undefined ? undefined : this.#byHash.get(keyOf(id))
    if (session === undefined || !this.#endIfOver(session)) return session
    return undefined
  }

  /** A request of this log-in begins. @returns call it when the request is over */
  use(session: Session, isStream: boolean): () => void {
    const request = { isStream }
    session.underWay.add(request)
    session.active = this.#options.clock.now()
    return () => {
      session.underWay.delete(request)
      // Whoever looks on at the events of the page is there until he leaves it.
      if (isStream) session.active = this.#options.clock.now()
    }
  }

  end(session: Session, reason: string): void {
    for (const [hash, each] of this.#byHash) if (each === session) this.#byHash.delete(hash)
    if (session.ended.aborted) return
    this.#options.notes.out(session, reason)
    session.end()
  }

  endAll(reason: string): void {
    for (const session of this.list) this.end(session, reason)
  }

  /** End those whose time is over. */
  look(): void {
    for (const session of this.list) this.#endIfOver(session)
  }

  /** End those whose user is not who he was. @param renewed whose hash was replaced by Sluice, the password being the same */
  usersChanged(users: readonly UserSnapshot[], renewed: string | undefined): void {
    for (const session of this.list) {
      const user = userNamed(session.operator, users)
      if (user !== undefined && session.operator === renewed)
        session.user = { ...session.user, password: user.password }
      const why = whyNotSame(session, users) ?? whyOtherProof(session, user)
      if (why !== undefined) this.end(session, `access ${why}`)
    }
  }

  #endIfOver(session: Session): boolean {
    const { clock, limits } = this.#options
    const now = clock.now()
    const isIdle = session.underWay.size === 0 && now - session.active >= limits.sessionIdleMs
    const isOld = now - session.since >= limits.sessionMs
    if (isIdle) this.end(session, 'it was idle for too long')
    else if (isOld) this.end(session, 'it lasted too long')
    return isIdle || isOld
  }

  #makeRoom(operator: string): void {
    const { sessionsMax, sessionsPerOperatorMax } = this.#options.limits
    const own = this.list.filter((session) => session.operator === operator)
    if (own.length >= sessionsPerOperatorMax) this.#endIdlest(own)
    if (this.#byHash.size >= sessionsMax) this.#endIdlest(this.list)
  }

  #endIdlest(sessions: readonly Session[]): void {
    const [idlest] = sessions.toSorted((a, b) => a.active - b.active)
    if (idlest !== undefined) this.end(idlest, 'there were too many log-ins')
  }
}

/** A key that is gone may be the one by which the link was asked for. */
function whyOtherProof(
  { user: was, how }: Session,
  is: UserSnapshot | undefined,
): string | undefined {
  if (is === undefined) return undefined
  if (was.password !== is.password) return 'has another password now'
  if (was.auth !== is.auth) return 'asks for another proof now'
  const isKeyGone = was.keys.some((key) => !is.keys.includes(key))
  return how === 'link' && isKeyGone ? 'by a key was removed' : undefined
}

function keyOf(id: string): string {
  return hashOf(id).toString('base64')
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
