// The public keys of an operator: lines as in an authorized_keys file, from the configuration and from
// keys/NAME.pub. A line that cannot be taken as it stands is refused with a reason, never half obeyed.
import type { Stats } from 'node:fs'
import { join } from 'node:path'
import ssh2, { type ParsedKey } from 'ssh2'
import { messageOf, systemCodeOf } from '../base/errors.ts'
import type { UserSnapshot } from '../model/snapshot.ts'
import { fingerprintOf, readKeyFile } from './keys.ts'

export interface AuthorizedKey {
  /** The public key in the form it has on the wire. */
  readonly data: Buffer
  readonly fingerprint: string
  /** Was this signed with the private half? */
  verify(proof: Proof): boolean
}

/** What a client signed to show that it holds a key. */
export interface Proof {
  readonly blob: Buffer
  readonly signature: Buffer
  /** `sha256` or `sha512` with RSA; the other algorithms name none. */
  readonly hash: string | undefined
}

/** Told what is wrong with a line or a file, and where. */
export type OnFault = (where: string, reason: string) => void

const ALGORITHMS: ReadonlySet<string> = new Set([
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
])
const RSA_BITS_MIN = 2_048

/** Every key that lets this user in. Read anew at each login, so that an edit counts at once. */
export async function keysOfUser(
  user: UserSnapshot,
  keysFolder: string,
  onFault: OnFault,
): Promise<readonly AuthorizedKey[]> {
  const inConfig = parseLines(user.keys, `<key> of user ${user.name}`, onFault)
  const file = join(keysFolder, `${user.name}.pub`)
  return [...inConfig, ...parseLines(await readLines(file, onFault), file, onFault)]
}

function parseLines(lines: readonly string[], where: string, onFault: OnFault): AuthorizedKey[] {
  return lines.flatMap((line, index) => {
    if (/^\s*(#|$)/.test(line)) return []
    const parsed = parseKeyLine(line)
    if (typeof parsed !== 'string') return [parsed]
    onFault(`${where}, line ${index + 1}`, parsed)
    return []
  })
}

/** The key of one line, or why it is refused. */
export function parseKeyLine(line: string): AuthorizedKey | string {
  const [algorithm = '', base64 = ''] = line.trim().split(/\s+/)
  if (!ALGORITHMS.has(algorithm)) return faultOfStart(line.trim())
  const key = ssh2.utils.parseKey(`${algorithm} ${base64}`)
  if (key instanceof Error) return `not a public key: ${key.message}`
  if (key.type !== algorithm) return `says ${algorithm} but is ${key.type}`
  const data = key.getPublicSSH()
  if (algorithm === 'ssh-rsa' && rsaBits(data) < RSA_BITS_MIN) {
    return `RSA keys have ${RSA_BITS_MIN} bits or more, this one has ${rsaBits(data)}`
  }
  return { data, fingerprint: fingerprintOf(data), verify: (proof) => isProven(key, proof) }
}

function isProven(key: ParsedKey, { blob, signature, hash }: Proof): boolean {
  // An RSA signature without a named hash is one with SHA-1.
  if (key.type === 'ssh-rsa' && hash === undefined) return false
  // `verify` may also return an Error, which is true in a condition.
  return key.verify(blob, signature, hash) === true
}

function faultOfStart(line: string): string {
  // A restriction such as from="…" that is not enforced must not turn into a key without restriction.
  const known = [...ALGORITHMS].some((algorithm) => line.includes(`${algorithm} `))
  if (known) return 'options in front of a key are not supported yet, so the key is refused'
  return `a line is a key type and a key; the types are ${[...ALGORITHMS].join(', ')}`
}

/** Length of the modulus: type, exponent and modulus follow each other, each with its length in front. */
function rsaBits(data: Buffer): number {
  const exponentAt = 4 + data.readUInt32BE(0)
  const modulusAt = exponentAt + 4 + data.readUInt32BE(exponentAt)
  const modulus = data.subarray(modulusAt + 4)
  const zeros = modulus.findIndex((byte) => byte !== 0)
  return (modulus.length - zeros) * 8 - Math.clz32(modulus[zeros] ?? 0) + 24
}

async function readLines(file: string, onFault: OnFault): Promise<readonly string[]> {
  try {
    return (await readKeyFile(file, faultOfFile)).split(/\r?\n/)
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') onFault(file, messageOf(error))
    return []
  }
}

/** Who can write this file can log in, so that must be nobody but its owner, root or us. */
function faultOfFile({ mode, uid }: Stats): string | undefined {
  if ((mode & 0o022) !== 0) return 'others may write to it; run chmod go-w on it'
  const trusted = uid === 0 || uid === process.getuid?.()
  return trusted ? undefined : `it belongs to another account (uid ${uid})`
}
