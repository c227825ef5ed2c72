// Key files that Sluice makes: the host key and keys for operators. Writes with owner-only rights, never
// replaces a file, and never hands out a key that it has not read back.
import { createHash, randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import ssh2 from 'ssh2'
import { BalancerError, messageOf, systemCodeOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { requireName } from '../base/names.ts'

export interface HostKey {
  /** In the format of OpenSSH. */
  readonly privateKey: string
  /** `SHA256:…`, as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string
}

/** Where a new key of an operator was put. */
export interface OperatorKey {
  readonly file: string
  readonly publicFile: string
  readonly fingerprint: string
}

/** The host key in `file`; made there when there is none. @throws BalancerError KEY_UNSAFE, FILE_UNREADABLE, FILE_UNWRITABLE */
export async function loadHostKey(file: string): Promise<HostKey> {
  const text = (await readPrivateFile(file)) ?? (await makeHostKey(file))
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error || !key.isPrivateKey()) {
    const why = key instanceof Error ? key.message : 'it is a public key'
    const form = 'Sluice reads keys as `ssh-keygen -t ed25519` writes them, without a passphrase'
    throw new BalancerError('KEY_UNSAFE', `${file} cannot be used as host key (${why}); ${form}`)
  }
  return { privateKey: text, fingerprint: fingerprintOf(key.getPublicSSH()) }
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

/** `SHA256:…` of a public key in the form it has on the wire. */
export function fingerprintOf(publicKey: Buffer): string {
  const digest = createHash('sha256').update(publicKey).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
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

async function makeHostKey(file: string): Promise<string> {
  const pair = newKeyPair('sluice')
  await makeFolder(dirname(file))
  await writeNewFile(file, pair.private, 0o600)
  await writeFile(`${file}.pub`, `${pair.public}\n`, { mode: 0o644 })
  return pair.private
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
async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    return await readKeyFile(file, ({ mode }) => {
      if ((mode & 0o077) === 0) return undefined
      const shown = (mode & 0o777).toString(8).padStart(4, '0')
      return `others may use it (mode ${shown}); run: chmod 600 ${file}`
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

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new BalancerError('FILE_UNWRITABLE', `${folder}: ${messageOf(error)}`, { cause: error })
  })
}

/** Put a whole file in place at once, never over another one: a link fails where a rename would replace. */
async function writeNewFile(file: string, text: string, mode: number): Promise<void> {
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
