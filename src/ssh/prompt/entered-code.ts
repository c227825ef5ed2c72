// Every line of JavaScript that an operator enters, in the audit log before it is evaluated. A statement of many lines
// is evaluated anew with each of them; each is written once.
import type { Audit } from '../../audit/line.ts'
import { noteBefore } from '../audited.ts'
import type { Login } from '../channel.ts'
import type { Evaluated } from './evaluation.ts'

export class EnteredCode {
  readonly #login: Login
  readonly #audit: Audit
  /** What was entered of a statement that goes on. */
  #unfinished = ''

  constructor(login: Login, audit: Audit) {
    this.#login = login
    this.#audit = audit
  }

  /** @throws BalancerError AUDIT_UNWRITABLE; then it must not be evaluated */
  note(code: string): void {
    // The same once more is a statement that was given up and is begun anew.
    const goesOn = code.startsWith(this.#unfinished) && code !== this.#unfinished
    const line = goesOn ? code.slice(this.#unfinished.length) : code
    noteBefore(this.#audit, this.#login, { event: 'javascript', line })
  }

  ended(code: string, { kind }: Evaluated): void {
    this.#unfinished = kind === 'unfinished' ? code : ''
  }
}
