// The keys by which operators recognise this machine: one or several files, at most one key of each kind. Made
// at the first start, never replaced, and refused with the cure where others could have read or changed them.
import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import ssh2, { type ParsedKey } from 'ssh2'
import {
  makeFolder,
  readPrivateFile,
  requireSafeFolder,
  writeNewFile,
} from '../../access/key-files.ts'
import { BalancerError } from '../../base/errors.ts'
import type { HostKeyView } from '../../commands/context.ts'
import { newKeyPair } from './keys.ts'
import { fingerprintOf, isTokenKey, type KeyType, parsePublicKey } from './public-keys.ts'

export interface HostKey extends HostKeyView {
  readonly privateKey: ParsedKey
  readonly comment: string
}

const HOST_KEY = ['host key', '<ssh hostKey="…">'] as const

/** `keys/host_ed25519, keys/host_rsa` as the setting has it. */
function hostKeyFiles(setting: string): readonly string[] {
  return setting
    .split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '')
}

/**
 * The host keys in these files. The first one is made where it is missing.
 *
 * @throws BalancerError KEY_UNSAFE, FILE_UNREADABLE, FILE_UNWRITABLE, VALUE_BAD
 */
export async function loadHostKeys(setting: string): Promise<readonly HostKey[]> {
  const [first] = hostKeyFiles(setting)
  if (first !== undefined && (await readPrivateFile(first, HOST_KEY)) === undefined)
    await makeHostKey(first)
  return readHostKeys(setting)
}

/** The same without making anything. @throws BalancerError KEY_UNSAFE, FILE_UNREADABLE, VALUE_BAD */
export async function readHostKeys(setting: string): Promise<readonly HostKey[]> {
  const keys: HostKey[] = []
  for (const file of hostKeyFiles(setting)) {
    const key = await readHostKey(file)
    const same = keys.find(({ privateKey }) => privateKey.type === key.privateKey.type)
    if (same !== undefined) {
      const cure = 'a client is shown one key of a kind; name one file of each kind in hostKey'
      throw new BalancerError('VALUE_BAD', `${same.file} and ${file} are of one kind; ${cure}`)
    }
    keys.push(key)
  }
  if (keys.length > 0) return keys
  throw new BalancerError('VALUE_BAD', '<ssh hostKey="…"> names no file')
}

/** The line that `ssh-keygen -lf` prints for the key. */
export function formatHostKey({ bits, fingerprint, comment, algorithm }: HostKey): string {
  return `${bits} ${fingerprint} ${comment || 'no comment'} (${algorithm})`
}

async function readHostKey(file: string): Promise<HostKey> {
  await requireSafeFolder(dirname(file))
  const text = await readPrivateFile(file, HOST_KEY)
  if (text === undefined) {
    const cure = `make it with: ssh-keygen -q -t rsa -b 3072 -N '' -f ${file}`
    throw new BalancerError('FILE_UNREADABLE', `there is no host key ${file}; ${cure}`)
  }
  const privateKey = ssh2.utils.parseKey(text)
  if (privateKey instanceof Error) throw unusable(file, privateKey.message)
  if (!privateKey.isPrivateKey()) throw unusable(file, 'it is a public key')
  const data = privateKey.getPublicSSH()
  const key = parsePublicKey(data)
  if (typeof key === 'string') throw unusable(file, key)
  if (isTokenKey(key.type)) throw unusable(file, 'it lives in a token')
  return {
    privateKey,
    comment: privateKey.comment ?? '',
    algorithm: algorithmOf(key.type),
    bits: key.bits,
    fingerprint: fingerprintOf(data),
    file,
  }
}

/** As `ssh-keygen -l` says it. */
function algorithmOf(type: KeyType): string {
  if (type === 'ssh-rsa') return 'RSA'
  return type.startsWith('ecdsa') ? 'ECDSA' : 'ED25519'
}

async function makeHostKey(file: string): Promise<void> {
  const pair = newKeyPair('sluice')
  await makeFolder(dirname(file))
  await requireSafeFolder(dirname(file))
  await writeNewFile(file, pair.private, 0o600)
  await writeFile(`${file}.pub`, `${pair.public}\n`, { mode: 0o644 })
}

function unusable(file: string, why: string): BalancerError {
  const form = 'Sluice reads keys as `ssh-keygen -t ed25519` writes them, without a passphrase'
  return new BalancerError('KEY_UNSAFE', `${file} cannot be used as host key (${why}); ${form}`)
}
