// Tokens of programs: what one looks like, and the hash that the configuration has of it. A token is 32 random bytes, so
// one round of SHA-256 keeps it as well as the slow hash of a password would, and costs a call nothing.
import { createHash, randomBytes } from 'node:crypto'

/** By which people, and scanners of leaked secrets, recognise one. */
const PREFIX = 'sluice_'
const TOKEN_BYTES = 32

export const TOKEN_HASH_PATTERN = /^sha256:[0-9a-f]{64}$/

/** A token that nobody can guess: `sluice_` and 43 characters of base64url. */
export function newToken(): string {
  return PREFIX + randomBytes(TOKEN_BYTES).toString('base64url')
}

/** `sha256:…` of the whole text: what `<token hash="…">` takes. */
export function hashOfToken(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
