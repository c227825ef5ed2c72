// Key files that Sluice reads and makes: host keys and keys for operators. Writes with owner-only rights, never
// replaces a file, and never hands out a key that it has not read back.
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { BalancerError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
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

/** The text of a small file, looked at through one handle so that it cannot be swapped after the check. */
export async function readKeyFile(
  file: string,
  faultOf: (facts: Stats) => string | undefined,
): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const facts = await handle.stat()
    const tooLarge = facts.size > LIMITS.keyFileBytesMax ? 'it is too large for a key' : undefined
    const fault = faultOf(facts) ?? tooLarge
    if (fault !== undefined) throw new BalancerError('KEY_UNSAFE', `${file}: ${fault}`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/** The text of a file that only its owner can read; undefined where there is none. */
export async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    return await readKeyFile(file, ({ mode }) => {
      if ((mode & 0o077) === 0) return undefined
      return `others may use it (mode ${shownMode(mode)}); run: chmod 600 ${file}`
    })
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    if (error instanceof BalancerError) throw error
    const cure =
      'let the account that runs Sluice read it, or name another file in <ssh hostKey="…">'
    throw new BalancerError('FILE_UNREADABLE', `host key ${file}: ${messageOf(error)}; ${cure}`, {
      cause: error,
    })
  }
}

/** `0644`, as `chmod` takes it. */
export function shownMode(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0')
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new BalancerError('FILE_UNWRITABLE', `${folder}: ${messageOf(error)}`, { cause: error })
  })
}

/** Put a whole file in place at once, never over another one: a link fails where a rename would replace. */
export async function writeNewFile(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, text, { flag: 'wx', mode })
    await link(draft, file)
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') {
      const cure = 'it was left as it is; move it away first, or take another name'
      throw new BalancerError('REFUSED', `${file} is already there; ${cure}`, { cause: error })
    }
    throw new BalancerError('FILE_UNWRITABLE', `${file}: ${messageOf(error)}`, { cause: error })
  } finally {
    await rm(draft, { force: true })
  }
}
