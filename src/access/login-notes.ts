// Who comes, goes, and is not let in: a line in the log and one in the audit log. Strangers choose how often they are
// refused, so both have a bounded number of lines for each second, and the rest is counted.
import { type Audit, type AuditFacts, noteAfterwards } from '../audit/line.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'

/** What a stranger may call himself. */
const NAME_MAX = 64
const SECOND_MS = 1_000

/** The login of an operator, as the audit log has it. */
export interface NotedLogin {
  readonly id: number
  readonly operator: string
  /** IP address. */
  readonly address: string
  /** `key SHA256:…`, `password`, `link` … */
  readonly how: string
  /** Fingerprint of the key; '' where there was none. */
  readonly key: string
}

export interface RefusedLogin {
  /** The name that was given. */
  readonly name: string
  readonly address: string
  /** `password`, `publickey`, `token` … */
  readonly method: string
  /** Fingerprint of the key that was shown. */
  readonly key?: string
  /** It was only asked whether a key would do: a client with many keys asks for each of them before the right one. */
  readonly isQuestion?: boolean
  readonly reason: string
}

export class LoginNotes {
  readonly #way: 'ssh' | 'web'
  readonly #log: Log
  readonly #audit: Audit
  /** Lines in the second that is under way, and refusals that got none. */
  #written = 0
  #left = 0
  #second: NodeJS.Timeout | undefined

  constructor(way: 'ssh' | 'web', log: Log, audit: Audit) {
    this.#way = way
    this.#log = log
    this.#audit = audit
  }

  in(login: NotedLogin): void {
    const { operator, id, address, how } = login
    this.#log.info(`${this.#way} login`, { operator, login: id, address, how })
    noteAfterwards(this.#audit, by(login, { event: 'login', reason: how }))
  }

  out(login: NotedLogin, reason: string): void {
    const { operator, id, address } = login
    this.#log.info(`${this.#way} logout`, { operator, login: id, address })
    noteAfterwards(this.#audit, by(login, { event: 'logout', reason }))
  }

  refused(refused: RefusedLogin): void {
    const { name, address, method, reason, isQuestion = false } = refused
    const facts = { operator: name.slice(0, NAME_MAX), address, method, reason }
    if (isQuestion) {
      this.#log.info(`${this.#way} login refused`, facts)
      return
    }
    if (!this.#hasRoom()) return
    this.#log.warn(`${this.#way} login refused`, facts)
    this.#noteRefused(refused)
  }

  /** A connection ended at which nothing was tried but keys that do not let anybody in. */
  askedInVain(last: RefusedLogin): void {
    if (this.#hasRoom()) this.#noteRefused(last)
  }

  /** Whoever is logged in, or claims to be, asked for something that is not allowed. */
  refusedRequest(login: NotedLogin | undefined, facts: Omit<AuditFacts, 'event'>): void {
    if (!this.#hasRoom()) return
    const { action, reason, address } = facts
    const { operator, id } = login ?? {}
    const told = { operator, login: id, address: login?.address ?? address, action, reason }
    this.#log.warn(`${this.#way} request refused`, told)
    const refused = { event: 'refused', ...facts } as const
    noteAfterwards(this.#audit, login === undefined ? refused : by(login, refused))
  }

  /** Say what was counted so far. */
  stop(): void {
    this.#endSecond()
  }

  #noteRefused({ name, address, key, reason }: RefusedLogin): void {
    const operator = name.slice(0, NAME_MAX)
    const shown = key === undefined ? {} : { key }
    noteAfterwards(this.#audit, { event: 'login refused', operator, address, ...shown, reason })
  }

  #hasRoom(): boolean {
    this.#second ??= setTimeout(() => this.#endSecond(), SECOND_MS).unref()
    const hasRoom = this.#written < LIMITS.auditRefusalsPerSecond
    if (hasRoom) this.#written += 1
    else this.#left += 1
    return hasRoom
  }

  #endSecond(): void {
    clearTimeout(this.#second)
    this.#second = undefined
    const left = this.#left
    this.#written = 0
    this.#left = 0
    if (left === 0) return
    const reason = `${left} more in the same second, which have no line of their own`
    this.#log.warn(`${this.#way} login refused`, { count: left, reason })
    noteAfterwards(this.#audit, { event: 'login refused', reason })
  }
}

/** The facts with whoever it was. */
export function by(
  { operator, id: login, address, key }: Pick<NotedLogin, 'operator' | 'id' | 'address' | 'key'>,
  facts: AuditFacts,
): AuditFacts {
  return { operator, login, address, key, ...facts }
}
