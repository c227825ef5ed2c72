// Public keys in the form they have on the wire, and the signatures made with them: ed25519, ECDSA, RSA, and
// the FIDO kinds that live in a token. Computes with node:crypto alone; knows no ssh2, no files, no operators.
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { isTouched, signedByToken, type TokenDemands, type TokenFacts } from './fido.ts'
import { readWire, WireError, type WireReader } from './wire.ts'

export interface PublicKey {
  readonly type: KeyType
  readonly bits: number
  readonly key: KeyObject
  /** What a FIDO token signs for, mostly `ssh:`; '' with other keys. */
  readonly application: string
}

export interface Signature {
  /** `ssh-ed25519`, `rsa-sha2-256` …; says how the value is to be read. */
  readonly algorithm: string
  readonly value: Buffer
  /** How the two numbers of an ECDSA signature stand in the value. */
  readonly form: 'ssh' | 'der'
  /** What a FIDO token says beside its signature. */
  readonly token?: TokenFacts
}

interface Kind {
  /** JWK name and bits of the curve; undefined with RSA. */
  readonly curve: string | undefined
  readonly bits: number
  readonly hash: 'sha256' | 'sha384' | 'sha512' | undefined
  readonly token: boolean
}

const KINDS = {
  'ssh-ed25519': kind('Ed25519', 256, undefined),
  'ecdsa-sha2-nistp256': kind('P-256', 256, 'sha256'),
  'ecdsa-sha2-nistp384': kind('P-384', 384, 'sha384'),
  'ecdsa-sha2-nistp521': kind('P-521', 521, 'sha512'),
  'ssh-rsa': kind(undefined, 0, undefined),
  'sk-ssh-ed25519@openssh.com': kind('Ed25519', 256, undefined, true),
  'sk-ecdsa-sha2-nistp256@openssh.com': kind('P-256', 256, 'sha256', true),
} as const satisfies Record<string, Kind>

export type KeyType = keyof typeof KINDS

/** Every kind of key that may let an operator in. */
export const KEY_TYPES = Object.keys(KINDS) as readonly KeyType[]

/** SHA-1, which the plain `ssh-rsa` stands for in a signature, is not among them. */
const RSA_HASHES: ReadonlyMap<string, string> = new Map([
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
])
/** Below it a key can be broken; above it one check would hold the process for too long. */
const RSA_BITS = { min: 2_048, max: 8_192 } as const

export function isKeyType(text: string): text is KeyType {
  return Object.hasOwn(KINDS, text)
}

/** Is it a key that lives in a FIDO token? */
export function isTokenKey(type: KeyType): boolean {
  return KINDS[type].token
}

/** `SHA256:…` of a public key in the form it has on the wire, as `ssh-keygen -lf` prints it. */
export function fingerprintOf(publicKey: Buffer): string {
  const digest = createHash('sha256').update(publicKey).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

/** The key of these bytes, or why there is none. */
export function parsePublicKey(data: Buffer): PublicKey | string {
  const key = readWire(data, (reader) => {
    const type = reader.text()
    if (!isKeyType(type)) throw new WireError('its kind is not known')
    return readKeyFields(type, reader)
  })
  return key instanceof WireError ? key.message : key
}

/** What stands behind the name of the kind, in a key as in a certificate. @throws WireError */
export function readKeyFields(type: KeyType, reader: WireReader): PublicKey {
  const { curve, bits, token } = KINDS[type]
  const rsa = curve === undefined
  const jwk = rsa ? readRsa(reader) : readCurve(curve, reader)
  const application = token ? reader.text() : ''
  const key = keyOf(jwk)
  return { type, application, key, bits: rsa ? rsaBits(key) : bits }
}

/** A signature as it stands on the wire, without anything of ours around it. @throws WireError */
export function readSignature(reader: WireReader): Signature {
  const algorithm = reader.text()
  const value = reader.string()
  if (!algorithm.startsWith('sk-')) return { algorithm, value, form: 'ssh' }
  const token = { flags: reader.byte(), counter: reader.uint32() }
  return { algorithm, value, form: 'ssh', token }
}

/** Did the holder of this key sign the message, and did the token see what it had to see? */
export function isSignedBy(
  { type, key, application }: PublicKey,
  message: Buffer,
  signature: Signature,
  demands: TokenDemands,
): boolean {
  const hash = hashOf(type, signature.algorithm)
  const value = valueOf(type, signature)
  if (hash === 'none' || value === undefined) return false
  const signed = (text: Buffer) =>
    verify(hash, text, { key, dsaEncoding: signature.form === 'der' ? 'der' : 'ieee-p1363' }, value)
  if (!isTokenKey(type)) return signed(message)
  const { token } = signature
  if (token === undefined || !isTouched(token, demands)) return false
  return signed(signedByToken(application, token, message))
}

/** The hash that goes with the signature; `none` where the two do not belong together. */
function hashOf(type: KeyType, algorithm: string): string | undefined {
  if (type === 'ssh-rsa') return RSA_HASHES.get(algorithm) ?? 'none'
  return algorithm === type ? KINDS[type].hash : 'none'
}

function valueOf(type: KeyType, { value, form }: Signature): Buffer | undefined {
  if (KINDS[type].hash === undefined || form === 'der') return value
  const bytes = Math.ceil(KINDS[type].bits / 8)
  const numbers = readWire(value, (reader) => [reader.positive(), reader.positive()])
  if (numbers instanceof WireError || numbers.some(({ length }) => length > bytes)) return undefined
  return Buffer.concat(
    numbers.map((number) => Buffer.concat([Buffer.alloc(bytes - number.length), number])),
  )
}

function readRsa(reader: WireReader): JsonWebKey {
  const e = reader.positive()
  const n = reader.positive()
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24
  if (bits < RSA_BITS.min || bits > RSA_BITS.max) {
    throw new WireError(
      `RSA keys have from ${RSA_BITS.min} to ${RSA_BITS.max} bits, this one has ${bits}`,
    )
  }
  // A long exponent makes a check slow; nobody makes keys with one.
  if (e.length > 8) throw new WireError('its exponent is too long')
  return { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') }
}

function readCurve(curve: string, reader: WireReader): JsonWebKey {
  if (curve === 'Ed25519') {
    const x = reader.string()
    if (x.length !== 32) throw new WireError('it has the wrong length')
    return { kty: 'OKP', crv: curve, x: x.toString('base64url') }
  }
  const name = reader.text()
  const point = reader.string()
  const half = (point.length - 1) / 2
  if (name !== curve.replace('P-', 'nistp') || point[0] !== 4 || !Number.isInteger(half)) {
    throw new WireError('it is not a point of its curve')
  }
  const [x, y] = [point.subarray(1, 1 + half), point.subarray(1 + half)]
  return { kty: 'EC', crv: curve, x: x.toString('base64url'), y: y.toString('base64url') }
}

function keyOf(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch (error) {
    throw new WireError('it is not a key of its kind', { cause: error })
  }
}

function rsaBits(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0
}

function kind(curve: string | undefined, bits: number, hash: Kind['hash'], token = false): Kind {
  return { curve, bits, hash, token }
}
