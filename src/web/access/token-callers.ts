// Programs that come with a token: who they are, and the end of what they do when the token is revoked, expires, or may
// do more or less than it could.
import { setMaxListeners } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import { tokenOf } from '../../access/tokens.ts'
import type { LoginNotes } from '../../access/login-notes.ts'
import type { Clock } from '../../base/clock.ts'
import { hasExpired } from '../../model/access-lists.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { TokenSnapshot } from '../../model/snapshot.ts'
import type { Caller } from '../caller.ts'

export interface TokenCallersOptions {
  readonly balancer: Balancer
  readonly notes: LoginNotes
  readonly clock: Clock
}

interface Use {
  readonly token: TokenSnapshot
  readonly ended: AbortController
}

export class TokenCallers {
  readonly #options: TokenCallersOptions
  /** Tokens that were shown and are good, by name. */
  readonly #uses = new Map<string, Use>()

  constructor(options: TokenCallersOptions) {
    this.#options = options
  }

  /** Whose token it is; undefined where it lets nobody in, and that is noted. */
  of(text: string, address: string): Caller | undefined {
    const { balancer, notes, clock } = this.#options
    const answer = tokenOf(text, balancer.tokens, clock.now())
    if ('refused' in answer) {
      const reason = answer.refused === 'expired' ? 'the token has expired' : 'no such token'
      notes.refused({ name: '', address, method: 'token', reason })
      return undefined
    }
    const { name: operator, access: role } = answer.token
    const { signal: ended } = this.#useOf(answer.token).ended
    return { operator, role, login: 0, address, origin: `api:${operator}`, ended }
  }

  /** End what goes on by tokens that are not what they were. */
  look(): void {
    const { balancer, clock } = this.#options
    const now = new Map(balancer.tokens.map((token) => [token.name, token]))
    for (const [name, { token, ended }] of this.#uses) {
      if (isDeepStrictEqual(token, now.get(name)) && !hasExpired(token, clock.now())) continue
      this.#uses.delete(name)
      ended.abort()
    }
  }

  endAll(): void {
    for (const { ended } of this.#uses.values()) ended.abort()
    this.#uses.clear()
  }

  #useOf(token: TokenSnapshot): Use {
    const known = this.#uses.get(token.name)
    if (known !== undefined && isDeepStrictEqual(known.token, token)) return known
    const use = { token, ended: new AbortController() }
    // Every request that is under way may listen for the end.
    setMaxListeners(0, use.ended.signal)
    this.#uses.set(token.name, use)
    return use
  }
}
