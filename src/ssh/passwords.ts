// Passwords: scrypt hashes as the configuration keeps them, and the DES crypt of old files.
// Every check costs one scrypt on the thread pool, whatever the answer will be; none runs on this thread.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import unixCrypt from 'unix-crypt-td-js'
import { LIMITS } from '../base/limits.ts'

/** About 50 ms and 32 MiB: the range that OWASP and RFC 7914 give for logins. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const
/** A hash of the configuration may be this much dearer; beyond it one login would hold too much memory. */
const COST_MAX = { N: 2 ** 17, r: 16, p: 4 } as const
const SALT_BYTES = 16
const KEY_BYTES = 32

/** `scrypt$N$r$p$salt$hash`, the last two in base64url: what `<user password="…">` takes. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, COST)
  const { N, r, p } = COST
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/**
 * Is it the password of this hash? Undefined stands for a name without a password and is always wrong,
 * after the same time.
 */
export async function verifyPassword(hash: string | undefined, password: string): Promise<boolean> {
  if (password.length > LIMITS.passwordLengthMax) return false
  const stored = parseScryptHash(hash ?? '')
  const { cost, salt, key } = stored ?? NOBODY
  const same = timingSafeEqual(await derive(password, salt, cost), key)
  if (stored !== undefined) return same
  return hash !== undefined && isDesHash(hash) && equalsDes(hash, password)
}

/** Is it a hash of the old `crypt`: two characters of salt, eleven of hash? Only 8 characters of a password count in it. */
export function isDesHash(hash: string): boolean {
  return /^[./0-9A-Za-z]{13}$/.test(hash)
}

interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

interface StoredHash {
  readonly cost: Cost
  readonly salt: Buffer
  readonly key: Buffer
}

/** Stands in where there is no hash, so that the work is the same. */
const NOBODY: StoredHash = {
  cost: COST,
  salt: randomBytes(SALT_BYTES),
  key: randomBytes(KEY_BYTES),
}

function parseScryptHash(text: string): StoredHash | undefined {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d)\$([\w-]{8,128})\$([\w-]{43})$/.exec(text)
  if (match === null) return undefined
  const [N = 0, r = 0, p = 0] = match.slice(1, 4).map(Number)
  const fits =
    N >= 2 && Number.isInteger(Math.log2(N)) && N <= COST_MAX.N && r >= 1 && r <= COST_MAX.r
  if (!fits || p < 1 || p > COST_MAX.p) return undefined
  const [salt, key] = match.slice(4).map((part) => Buffer.from(part, 'base64url'))
  return salt && key && key.length === KEY_BYTES ? { cost: { N, r, p }, salt, key } : undefined
}

function equalsDes(hash: string, password: string): boolean {
  const made = unixCrypt(password, hash.slice(0, 2))
  return timingSafeEqual(Buffer.from(made.padEnd(13).slice(0, 13)), Buffer.from(hash))
}

const scryptAsync = promisify<string, Buffer, number, Cost & { maxmem: number }, Buffer>(scrypt)

async function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  await takeTurn()
  try {
    // The memory that scrypt needs is 128·N·r bytes; the limit of Node is below that by default.
    return await scryptAsync(password, salt, KEY_BYTES, { ...cost, maxmem: 256 * cost.N * cost.r })
  } finally {
    passTurn()
  }
}

// The thread pool also reads files and looks names up, so hashes wait for each other.
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
