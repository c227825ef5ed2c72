// Who comes, goes, and is not let in: a line in the log and one in the audit log. Strangers choose how often they are
// refused, so the audit log has a bounded number of lines for each second, and counts the rest.
import { type Audit, noteAfterwards } from '../../audit/line.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'
import { by } from '../audited.ts'
import type { Login } from '../channel.ts'
import { isQuestion } from './attempt.ts'
import type { Attempt } from './login.ts'
import { fingerprintOf } from './public-keys.ts'

/** What a stranger may call himself. */
const NAME_MAX = 64
const SECOND_MS = 1_000

export interface RefusedAttempt {
  /** The name that was given. */
  readonly name: string
  readonly address: string
  readonly attempt: Attempt
  readonly reason: string
}

export class LoginNotes {
  readonly #log: Log
  readonly #audit: Audit
  /** Lines in the second that is under way, and refusals that got none. */
  #written = 0
  #left = 0
  #second: NodeJS.Timeout | undefined

  constructor(log: Log, audit: Audit) {
    this.#log = log
    this.#audit = audit
  }

  in(login: Login): void {
    const { operator, id, address, how } = login
    this.#log.info('ssh login', { operator, login: id, address, how })
    noteAfterwards(this.#audit, by(login, { event: 'login', reason: how }))
  }

  out(login: Login, reason: string): void {
    const { operator, id, address } = login
    this.#log.info('ssh logout', { operator, login: id, address })
    noteAfterwards(this.#audit, by(login, { event: 'logout', reason }))
  }

  refused(refused: RefusedAttempt): void {
    const { name, address, attempt, reason } = refused
    const facts = { operator: name.slice(0, NAME_MAX), address, method: attempt.method, reason }
    // A client with many keys asks for each of them before the right one.
    if (isQuestion(attempt)) this.#log.info('ssh login refused', facts)
    else this.#log.warn('ssh login refused', facts)
    if (!isQuestion(attempt)) this.#noteRefused(refused)
  }

  /** A connection ended at which nothing was tried but keys that do not let anybody in. */
  askedInVain(last: RefusedAttempt): void {
    this.#noteRefused(last)
  }

  /** Say what was counted so far. */
  stop(): void {
    this.#endSecond()
  }

  #noteRefused({ name, address, attempt, reason }: RefusedAttempt): void {
    this.#second ??= setTimeout(() => this.#endSecond(), SECOND_MS).unref()
    if (this.#written >= LIMITS.auditRefusalsPerSecond) {
      this.#left += 1
      return
    }
    this.#written += 1
    const key = attempt.method === 'publickey' ? { key: fingerprintOf(attempt.key) } : {}
    const operator = name.slice(0, NAME_MAX)
    noteAfterwards(this.#audit, { event: 'login refused', operator, address, ...key, reason })
  }

  #endSecond(): void {
    clearTimeout(this.#second)
    this.#second = undefined
    const left = this.#left
    this.#written = 0
    this.#left = 0
    if (left === 0) return
    const reason = `${left} more in the same second, which have no line of their own`
    noteAfterwards(this.#audit, { event: 'login refused', reason })
  }
}
