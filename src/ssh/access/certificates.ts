// OpenSSH user certificates (PROTOCOL.certkeys): a key with a name, a term and conditions on it, signed by an
// authority that an operator's `cert-authority` line names. Says what is wrong with one; decides about nobody.
import { type AddressPatterns, parseNetworks } from './address-patterns.ts'
import {
  fingerprintOf,
  isKeyType,
  isSignedBy,
  type KeyType,
  type PublicKey,
  readKeyFields,
  readSignature,
  type Signature,
} from './public-keys.ts'
import { readWire, WireError, WireReader, wireString } from './wire.ts'

export interface Certificate {
  /** Of the operator, to prove that the certificate is his. */
  readonly key: PublicKey
  /** `SHA256:…` of that key, as if it stood alone. */
  readonly fingerprint: string
  readonly kind: number
  /** What the authority calls it: for the log. */
  readonly id: string
  readonly serial: bigint
  readonly principals: readonly string[]
  /** Seconds since 1970; the last one is the first at which it is over. */
  readonly validAfter: bigint
  readonly validBefore: bigint
  readonly conditions: Conditions
  /** The public key of the authority, in the form it has on the wire. */
  readonly authority: Buffer
  readonly signed: Buffer
  readonly signature: Signature
}

/** What the authority allows, in the terms of a line of authorized_keys. */
interface Conditions {
  readonly command: string | undefined
  readonly from: AddressPatterns | undefined
  readonly verified: boolean
  readonly pty: boolean
  readonly forwarding: boolean
  /** A token need not be touched. */
  readonly untouched: boolean
}

export interface Circumstances {
  readonly authority: PublicKey
  /** One of these must stand in the certificate. */
  readonly names: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
}

const USER = 1
const SUFFIX = '-cert-v01@openssh.com'
/** Names in one certificate, and options of one kind: as many as OpenSSH takes. */
const PARTS_MAX = 256

/** Is the key on the wire a certificate, whatever it holds? */
export function isCertificate(data: Buffer): boolean {
  const type = readWire(data, (reader) => {
    const text = reader.text()
    reader.take(data.length - reader.at)
    return text
  })
  return typeof type === 'string' && type.endsWith(SUFFIX)
}

/** The certificate in these bytes, or why there is none that could be used. */
export function parseCertificate(data: Buffer): Certificate | string {
  const certificate = readWire(data, (reader) => readCertificate(reader, data))
  return certificate instanceof WireError ? certificate.message : certificate
}

/** Why the certificate lets nobody in under these circumstances; undefined where it does. */
export function faultOfCertificate(
  certificate: Certificate,
  { authority, names, now }: Circumstances,
): string | undefined {
  const { kind, principals, validAfter, validBefore, signed, signature } = certificate
  const seconds = BigInt(Math.floor(now / 1_000))
  // The signature first: until it is known to be right, nothing else in there is worth a word in the log.
  const right = isSignedBy(authority, signed, signature, { touch: false, verified: false })
  if (!right) return 'its authority did not sign it'
  if (kind !== USER) return 'it is for hosts, not for operators'
  if (seconds < validAfter) return 'it is not valid yet'
  if (seconds >= validBefore) return 'it has expired'
  if (!principals.some((name) => names.includes(name))) {
    return `it is for ${principals.map((name) => JSON.stringify(name)).join(', ') || 'nobody'}`
  }
  return undefined
}

function readCertificate(reader: WireReader, data: Buffer): Certificate {
  const type = keyTypeOf(reader.text())
  // Random bytes of the authority's, so that nobody can foresee what it signs.
  reader.string()
  const from = reader.at
  const key = readKeyFields(type, reader)
  const alone = Buffer.concat([wireString(type), data.subarray(from, reader.at)])
  const fingerprint = fingerprintOf(alone)
  const serial = reader.uint64()
  const kind = reader.uint32()
  const id = reader.text()
  const principals = listOf(reader.string(), (part) => part.text())
  const validAfter = reader.uint64()
  const validBefore = reader.uint64()
  const critical = optionsOf(reader.string())
  const extensions = optionsOf(reader.string())
  reader.string()
  const authority = reader.string()
  const signed = data.subarray(0, reader.at)
  const signature = inner(reader.string(), readSignature)
  const conditions = conditionsOf(critical, extensions)
  const facts = { serial, kind, id, principals, validAfter, validBefore, conditions }
  return { key, fingerprint, ...facts, authority, signed, signature }
}

function keyTypeOf(text: string): KeyType {
  // FIDO kinds have their own domain behind the name: sk-ssh-ed25519-cert-v01@openssh.com.
  const plain = text.endsWith(SUFFIX) ? text.slice(0, -SUFFIX.length) : ''
  const type = plain.startsWith('sk-') ? `${plain}@openssh.com` : plain
  if (isKeyType(type)) return type
  throw new WireError('its kind is not known')
}

function conditionsOf(
  critical: ReadonlyMap<string, Buffer>,
  extensions: ReadonlyMap<string, Buffer>,
): Conditions {
  let command: string | undefined
  let from: AddressPatterns | undefined
  for (const [name, content] of critical) {
    if (name === 'force-command') command = inner(content, (reader) => reader.text())
    else if (name === 'source-address') from = networksOf(content)
    // What is critical and not understood refuses: that is what the word means.
    else if (name !== 'verify-required')
      throw new WireError(`its condition ${JSON.stringify(name.slice(0, 64))} is not known`)
  }
  return {
    command,
    from,
    verified: critical.has('verify-required'),
    pty: extensions.has('permit-pty'),
    forwarding: extensions.has('permit-port-forwarding'),
    untouched: extensions.has('no-touch-required'),
  }
}

function networksOf(content: Buffer): AddressPatterns {
  const from = parseNetworks(inner(content, (reader) => reader.text()))
  if (typeof from === 'string') throw new WireError(`source-address: ${from}`)
  return from
}

/** Names with what belongs to them. */
function optionsOf(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const pairs = listOf(bytes, (reader) => [reader.text(), reader.string()] as const)
  const options = new Map(pairs)
  if (options.size !== pairs.length) throw new WireError('it says something twice')
  return options
}

function listOf<Item>(bytes: Buffer, read: (reader: WireReader) => Item): readonly Item[] {
  const reader = new WireReader(bytes)
  const items: Item[] = []
  while (!reader.atEnd) {
    if (items.length === PARTS_MAX) throw new WireError(`it holds more than ${PARTS_MAX} parts`)
    items.push(read(reader))
  }
  return items
}

/** Read bytes within bytes, all of them. @throws WireError */
function inner<Result>(bytes: Buffer, read: (reader: WireReader) => Result): Result {
  const result = readWire(bytes, read)
  if (result instanceof WireError) throw result
  return result
}
