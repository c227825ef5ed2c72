// What a FIDO token signs: not the message, but a digest of it together with what the token saw, a touch
// perhaps (OpenSSH, PROTOCOL.u2f). Two facts of one byte are all that there is to decide.
import { createHash } from 'node:crypto'

export interface TokenFacts {
  /** Bit 0: somebody touched the token. Bit 2: the token knew who, by PIN or finger. */
  readonly flags: number
  /** Counts signatures; tokens that are shared count for all, so nothing is concluded from it. */
  readonly counter: number
}

/** What a token has to confirm; nothing of it matters for keys that live in a file. */
export interface TokenDemands {
  readonly touch: boolean
  readonly verified: boolean
}

const TOUCHED = 0x01
const VERIFIED = 0x04

export function isTouched({ flags }: TokenFacts, { touch, verified }: TokenDemands): boolean {
  return (!touch || (flags & TOUCHED) !== 0) && (!verified || (flags & VERIFIED) !== 0)
}

/** The bytes that the token put its signature under. */
export function signedByToken(application: string, facts: TokenFacts, message: Buffer): Buffer {
  const counted = Buffer.alloc(5)
  counted.writeUInt8(facts.flags)
  counted.writeUInt32BE(facts.counter, 1)
  return Buffer.concat([sha256(application), counted, sha256(message)])
}

function sha256(content: Buffer | string): Buffer {
  return createHash('sha256').update(content).digest()
}
