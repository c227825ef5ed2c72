// Which token does a program show? The configuration has hashes alone, so what is shown is hashed and looked up. How long
// that takes tells nothing of any hash: whoever does not know a token cannot choose what its hash begins with.
import { timingSafeEqual } from 'node:crypto'
import { LIMITS } from '../base/limits.ts'
import { hashOfToken } from '../base/token-hash.ts'
import { hasExpired } from '../model/access-lists.ts'
import type { TokenSnapshot } from '../model/snapshot.ts'

type Tokens = readonly TokenSnapshot[]

/** Whose it is, or why nobody gets in by it. To whoever showed it both refusals are to look the same. */
export type TokenAnswer =
  | { readonly token: TokenSnapshot }
  | { readonly refused: 'unknown' | 'expired' }

/**
 * @param text as it was shown, without `Bearer`
 * @param tokens those of the balancer, whose list is another one after each change
 * @param now milliseconds since 1970
 */
export function tokenOf(text: string, tokens: Tokens, now: number): TokenAnswer {
  if (text.length > LIMITS.tokenLengthMax) return { refused: 'unknown' }
  const hash = hashOfToken(text)
  const token = byHash(tokens).get(hash)
  if (token === undefined || !sameHash(token.hash, hash)) return { refused: 'unknown' }
  return hasExpired(token, now) ? { refused: 'expired' } : { token }
}

/** A list is asked about with each call, and seldom becomes another one. */
const BY_HASH = new WeakMap<Tokens, ReadonlyMap<string, TokenSnapshot>>()

function byHash(tokens: Tokens): ReadonlyMap<string, TokenSnapshot> {
  const known = BY_HASH.get(tokens)
  if (known !== undefined) return known
  // Of two with the same hash the first counts.
  const map = new Map(tokens.map((token) => [token.hash, token] as const).toReversed())
  BY_HASH.set(tokens, map)
  return map
}

function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
