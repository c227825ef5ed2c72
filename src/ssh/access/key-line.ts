// One line as in an authorized_keys file: options, a kind, a key. Taken as a whole or refused with a reason,
// never half obeyed. Text in, data out; no files.
import { splitOptions, type KeyOptions, parseOptions } from './key-options.ts'
import {
  fingerprintOf,
  isKeyType,
  isTokenKey,
  KEY_TYPES,
  parsePublicKey,
  type PublicKey,
} from './public-keys.ts'

export interface AuthorizedKey {
  /** The public key in the form it has on the wire. */
  readonly data: Buffer
  readonly fingerprint: string
  readonly key: PublicKey
  readonly options: KeyOptions
}

/** The key of one line, or why it is refused. */
export function parseKeyLine(line: string): AuthorizedKey | string {
  const parts = splitLine(line.trim())
  if (parts === undefined) return 'a quote in its options is never closed'
  const { options, rest } = parts
  const [type = '', base64 = ''] = rest.split(/\s+/)
  if (!isKeyType(type)) return notAKey(line)
  const parsed = parseOptions(options)
  if (typeof parsed === 'string') return `${parsed}; so the key is refused`
  const data = Buffer.from(base64, 'base64')
  const key = parsePublicKey(data)
  if (typeof key === 'string') return `not a public key: ${key}`
  if (key.type !== type) return `says ${type} but is ${key.type}`
  if (parsed.certAuthority && isTokenKey(type)) return `${type} cannot be a certificate authority`
  return { data, fingerprint: fingerprintOf(data), key, options: parsed }
}

/** Is it a line that holds no key by intention? */
export function isComment(line: string): boolean {
  return /^\s*(#|$)/.test(line)
}

/** The options of a trimmed line, and what follows them. Undefined where a quote is never closed. */
export function splitLine(line: string): { options: string; rest: string } | undefined {
  const [first = ''] = line.split(/\s/, 1)
  return isKeyType(first) ? { options: '', rest: line } : splitOptions(line)
}

function notAKey(line: string): string {
  const types = `the types are ${KEY_TYPES.join(', ')}`
  if (line.includes('-cert-v01@openssh.com ')) {
    return 'a certificate is not listed; list its authority as cert-authority in front of a key'
  }
  return `a line is options perhaps, a key type and a key; ${types}`
}
