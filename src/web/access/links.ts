// One-time codes by which an operator who is logged in elsewhere gets to the page: good for a short time, once, and for
// the operator as he was when he asked. Only their hashes are kept.
import { sameUser, userNamed } from '../../access/password-login.ts'
import type { Clock } from '../../base/clock.ts'
import { BalancerError } from '../../base/errors.ts'
import { hashOfToken } from '../../base/token-hash.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import { newSecret } from './cookie.ts'
import type { WebAccessLimits } from './limits.ts'

export interface LinksOptions {
  readonly limits: WebAccessLimits
  readonly clock: Clock
  readonly users: () => readonly UserSnapshot[]
}

interface Link {
  readonly user: UserSnapshot
  /** Milliseconds since 1970. */
  readonly until: number
}

export type LinkVerdict =
  | { readonly kind: 'right'; readonly user: UserSnapshot }
  | { readonly kind: 'refused'; readonly reason: string; readonly name: string }

export class Links {
  readonly #options: LinksOptions
  /** By hash, the oldest first. */
  readonly #links = new Map<string, Link>()

  constructor(options: LinksOptions) {
    this.#options = options
  }

  /** A code for this operator, in place of his oldest one where he has many. @throws BalancerError NOT_FOUND */
  make(operator: string): string {
    const { limits, clock, users } = this.#options
    const user = userNamed(operator, users())
    if (user === undefined)
      throw new BalancerError('NOT_FOUND', `no user ${operator}; see: user list`)
    const own = [...this.#links].filter(([, link]) => link.user.name === operator)
    if (own.length >= limits.linksPerOperatorMax) this.#forget(own)
    if (this.#links.size >= limits.linksMax) this.#forget([...this.#links])
    const code = newSecret()
    this.#links.set(hashOfToken(code), { user, until: clock.now() + limits.linkMs })
    return code
  }

  /** Whom the code lets in. It never does so again, whatever the answer. */
  take(code: string): LinkVerdict {
    const { clock, users } = this.#options
    const hash = hashOfToken(code)
    const link = this.#links.get(hash)
    if (link === undefined) return refused('', 'no such link, or it was used')
    this.#links.delete(hash)
    const { user, until } = link
    if (clock.now() >= until) return refused(user.name, 'the link is too old')
    const isSame = sameUser(user, userNamed(user.name, users()))
    if (!isSame) return refused(user.name, 'the user was changed since the link was made')
    return { kind: 'right', user }
  }

  #forget([oldest]: readonly (readonly [string, Link])[]): void {
    if (oldest !== undefined) this.#links.delete(oldest[0])
  }
}

function refused(name: string, reason: string): LinkVerdict {
  return { kind: 'refused', name, reason }
}
