// Is it the right password? scrypt hashes as the configuration keeps them, and the DES crypt of old files.
// Every check costs one scrypt on the thread pool, whatever the answer will be.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import unixCrypt from 'unix-crypt-td-js'
import { LIMITS } from '../base/limits.ts'
import {
  deriveKey,
  isDesHash,
  KEY_BYTES,
  parseScryptHash,
  SALT_BYTES,
  SCRYPT_COST,
  type ScryptHash,
} from '../base/password-hash.ts'

/**
 * Is it the password of this hash? Undefined stands for a name without a password and is always wrong,
 * after the same time.
 */
export async function verifyPassword(hash: string | undefined, password: string): Promise<boolean> {
  if (password.length > LIMITS.passwordLengthMax) return false
  const stored = parseScryptHash(hash ?? '')
  const { cost, salt, key } = stored ?? NOBODY
  const same = timingSafeEqual(await deriveKey(password, salt, cost), key)
  if (stored !== undefined) return same
  return hash !== undefined && isDesHash(hash) && equalsDes(hash, password)
}

/** Stands in where there is no hash, so that the work is the same. */
const NOBODY: ScryptHash = {
  cost: SCRYPT_COST,
  salt: randomBytes(SALT_BYTES),
  key: randomBytes(KEY_BYTES),
}

function equalsDes(hash: string, password: string): boolean {
  const made = unixCrypt(password, hash.slice(0, 2))
  return timingSafeEqual(Buffer.from(made.padEnd(13).slice(0, 13)), Buffer.from(hash))
}
