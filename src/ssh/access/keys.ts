// Key files that Sluice reads and makes: host keys and keys for operators. Writes with owner-only rights, never
// replaces a file, and never hands out a key that it has not read back.
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { makeFolder, writeNewFile } from '../../access/key-files.ts'
import { BalancerError } from '../../base/errors.ts'
import { requireName } from '../../base/names.ts'
import { fingerprintOf } from './public-keys.ts'

/** Where a new key of an operator was put. */
export interface OperatorKey {
  readonly file: string
  readonly publicFile: string
  readonly fingerprint: string
}

/** Make the key pair keys/NAME and keys/NAME.pub. @throws BalancerError REFUSED when one is there, NAME_BAD, FILE_UNWRITABLE */
export async function makeOperatorKey(name: string, keysFolder: string): Promise<OperatorKey> {
  const file = join(keysFolder, requireName(name))
  const publicFile = `${file}.pub`
  const pair = newKeyPair(name)
  await makeFolder(keysFolder)
  await writeNewFile(publicFile, `${pair.public}\n`, 0o644)
  await writeNewFile(file, pair.private, 0o600).catch(async (error) => {
    await rm(publicFile)
    throw error
  })
  return { file, publicFile, fingerprint: fingerprintOf(publicPartOf(pair.public)) }
}

/**
 * An ed25519 pair that was read back and that signs. ssh2 writes about one key in 256 in a form that
 * nobody can read (its issues 1390 and 1513), so it is asked again until it did not.
 */
export function newKeyPair(comment: string): { readonly private: string; readonly public: string } {
  for (let tries = 0; tries < 100; tries++) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', {
      comment: comment.replaceAll(/\s/g, '-'),
    })
    if (belongTogether(pair)) return pair
  }
  throw new BalancerError('INTERNAL', 'no usable key came out of 100 attempts')
}

function belongTogether(pair: { readonly private: string; readonly public: string }): boolean {
  const [own, shared] = [ssh2.utils.parseKey(pair.private), ssh2.utils.parseKey(pair.public)]
  if (own instanceof Error || shared instanceof Error) return false
  const proof = randomBytes(32)
  // `verify` may also return an Error, which is true in a condition.
  return shared.verify(proof, own.sign(proof)) === true
}

function publicPartOf(line: string): Buffer {
  return Buffer.from(line.split(' ')[1] ?? '', 'base64')
}
