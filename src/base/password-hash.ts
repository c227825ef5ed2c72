// Hashes of passwords as the configuration keeps them: scrypt, computed on the thread pool and never on this thread, so
// many at a time and no more. What an old `crypt` hash looks like is known, not how it is made.
import { randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { LIMITS } from './limits.ts'

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

export interface ScryptHash {
  readonly cost: ScryptCost
  readonly salt: Buffer
  readonly key: Buffer
}

/** About 50 ms and 32 MiB: the range that OWASP and RFC 7914 give for logins. */
export const SCRYPT_COST: ScryptCost = { N: 2 ** 15, r: 8, p: 1 }
/** A hash of the configuration may be this much dearer; beyond it one login would hold too much memory. */
const COST_MAX: ScryptCost = { N: 2 ** 17, r: 16, p: 4 }
export const SALT_BYTES = 16
export const KEY_BYTES = 32

/** What a hash of any cost needs besides. */
const LITTLE_BYTES = 64 * 1_024

/** `scrypt$N$r$p$salt$hash`, the last two in base64url: what `<user password="…">` takes. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await deriveKey(password, salt, SCRYPT_COST)
  const { N, r, p } = SCRYPT_COST
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Is it a hash, of either kind, and not a password? */
export function isPasswordHash(text: string): boolean {
  return parseScryptHash(text) !== undefined || isDesHash(text)
}

/** Is it a hash of the old `crypt`: two characters of salt, eleven of hash? Only 8 characters of a password count in it. */
export function isDesHash(hash: string): boolean {
  return /^[./0-9A-Za-z]{13}$/.test(hash)
}

/** The parts of a scrypt hash; undefined where it is none, or dearer than is accepted. */
export function parseScryptHash(text: string): ScryptHash | undefined {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d)\$([\w-]{8,128})\$([\w-]{43})$/.exec(text)
  if (match === null) return undefined
  const [N = 0, r = 0, p = 0] = match.slice(1, 4).map(Number)
  const fits =
    N >= 2 && Number.isInteger(Math.log2(N)) && N <= COST_MAX.N && r >= 1 && r <= COST_MAX.r
  if (!fits || p < 1 || p > COST_MAX.p) return undefined
  const [salt, key] = match.slice(4).map((part) => Buffer.from(part, 'base64url'))
  return salt && key && key.length === KEY_BYTES ? { cost: { N, r, p }, salt, key } : undefined
}

const scryptAsync = promisify<string, Buffer, number, ScryptCost & { maxmem: number }, Buffer>(
  scrypt,
)

/** Waits its turn: the thread pool also reads files and looks names up. */
export async function deriveKey(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  await takeTurn()
  try {
    // The memory that scrypt needs is 128·N·r bytes and a little; the limit of Node is below that by default.
    const maxmem = 256 * cost.N * cost.r + LITTLE_BYTES
    return await scryptAsync(password, salt, KEY_BYTES, { ...cost, maxmem })
  } finally {
    passTurn()
  }
}

let turns: number = LIMITS.passwordHashesAtOnce
const waiting: (() => void)[] = []

async function takeTurn(): Promise<void> {
  if (turns > 0) turns -= 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
}

function passTurn(): void {
  const next = waiting.shift()
  if (next === undefined) turns += 1
  else next()
}
