// What a key, or a certificate, is good for: looked up among the listed keys, held against their options, and
// proven by a signature. Pure: the time and the address of the client come from outside.
import {
  type Certificate,
  faultOfCertificate,
  isCertificate,
  parseCertificate,
} from './certificates.ts'
import type { TokenDemands } from './fido.ts'
import type { AuthorizedKey } from './key-line.ts'
import { type KeyOptions, type Restrictions, UNRESTRICTED } from './key-options.ts'
import {
  fingerprintOf,
  isSignedBy,
  isTokenKey,
  type PublicKey,
  type Signature,
} from './public-keys.ts'

export interface KeyAttempt {
  readonly method: 'publickey'
  /** The key, or the certificate, in the form it has on the wire. */
  readonly key: Buffer
  /** Absent while a client only asks whether the key would do. */
  readonly proof?: Proof
}

/** What a client signed to show that it holds a key. */
export interface Proof {
  readonly blob: Buffer
  readonly signature: Signature
}

/** What a right key or password earns. */
export interface Grant {
  /** `key SHA256:…`, `certificate "alice" (serial 7) by SHA256:…`, `password` */
  readonly how: string
  /** Fingerprint of the operator's key, also of one in a certificate; '' where there was none. */
  readonly key: string
  readonly restrictions: Restrictions
}

/** The visitor, as far as options of a key ask. */
export interface Visitor {
  readonly name: string
  readonly address: string
  readonly now: number
}

export interface KeyAnswer {
  readonly grant: Grant
  /** Why the grant is not given; undefined where it is. */
  readonly fault: string | undefined
}

export function grantOfKey(
  attempt: KeyAttempt,
  listed: readonly AuthorizedKey[],
  visitor: Visitor,
): KeyAnswer {
  return isCertificate(attempt.key)
    ? grantOfCertificate(attempt, listed, visitor)
    : grantOfPlainKey(attempt, listed, visitor)
}

function grantOfPlainKey(
  { key: data, proof }: KeyAttempt,
  listed: readonly AuthorizedKey[],
  visitor: Visitor,
): KeyAnswer {
  const fingerprint = fingerprintOf(data)
  const how = `key ${fingerprint}`
  const lines = listed.filter((each) => !each.options.certAuthority && each.data.equals(data))
  const answers = lines.map(({ key, options }): KeyAnswer => {
    const fault = faultOfOptions(options, visitor) ?? faultOfProof(proof, key, options.demands)
    return answer(how, fingerprint, options.restrictions, fault && `${how}: ${fault}`)
  })
  return bestOf(answers) ?? answer(how, fingerprint, UNRESTRICTED, `${how} is not listed`)
}

function grantOfCertificate(
  { key: data, proof }: KeyAttempt,
  listed: readonly AuthorizedKey[],
  visitor: Visitor,
): KeyAnswer {
  const certificate = parseCertificate(data)
  if (typeof certificate === 'string') {
    return answer('certificate', '', UNRESTRICTED, `certificate refused: ${certificate}`)
  }
  const { fingerprint } = certificate
  const signer = fingerprintOf(certificate.authority)
  const id = JSON.stringify(certificate.id.slice(0, 64))
  const how = `certificate ${id} (serial ${certificate.serial}) of ${signer}`
  const lines = listed.filter(
    (each) => each.options.certAuthority && each.data.equals(certificate.authority),
  )
  const answers = lines.map((line): KeyAnswer => {
    const merged = mergedOptions(line.options, certificate)
    const fault =
      typeof merged === 'string'
        ? merged
        : faultOfUse(certificate, { line, merged, visitor, proof })
    const restrictions = typeof merged === 'string' ? UNRESTRICTED : merged.restrictions
    return answer(how, fingerprint, restrictions, fault && `${how}: ${fault}`)
  })
  const unknown = `${how}: its authority is not listed`
  return bestOf(answers) ?? answer(how, fingerprint, UNRESTRICTED, unknown)
}

interface Use {
  readonly line: AuthorizedKey
  readonly merged: KeyOptions
  readonly visitor: Visitor
  readonly proof: Proof | undefined
}

function faultOfUse(
  certificate: Certificate,
  { line, merged, visitor, proof }: Use,
): string | undefined {
  const names = merged.principals ?? [visitor.name]
  const { from } = certificate.conditions
  return (
    faultOfCertificate(certificate, { authority: line.key, names, now: visitor.now }) ??
    faultOfOptions(merged, visitor) ??
    (from?.matches(visitor.address) === false ? 'not from this address' : undefined) ??
    faultOfProof(proof, certificate.key, merged.demands)
  )
}

/** What both the line of the authority and the certificate allow. */
function mergedOptions(options: KeyOptions, { conditions }: Certificate): KeyOptions | string {
  const { restrictions, demands } = options
  const commands = [restrictions.command, conditions.command].filter((each) => each !== undefined)
  // As in OpenSSH: two commands that differ cannot both be forced.
  if (commands.length === 2 && commands[0] !== commands[1]) {
    return 'the line of its authority forces another command'
  }
  return {
    ...options,
    restrictions: {
      ...restrictions,
      pty: restrictions.pty && conditions.pty,
      forwarding: restrictions.forwarding && conditions.forwarding,
      command: commands[0],
    },
    demands: {
      touch: demands.touch || !conditions.untouched,
      verified: demands.verified || conditions.verified,
    },
  }
}

function faultOfOptions({ from, expiresAt }: KeyOptions, visitor: Visitor): string | undefined {
  if (from?.matches(visitor.address) === false) return 'not from this address'
  if (expiresAt !== undefined && visitor.now >= expiresAt) return 'its expiry-time is over'
  return undefined
}

function faultOfProof(
  proof: Proof | undefined,
  key: PublicKey,
  demands: TokenDemands,
): string | undefined {
  if (proof === undefined) return undefined
  if (isSignedBy(key, proof.blob, proof.signature, demands)) return undefined
  return isTokenKey(key.type) ? 'wrong signature, or the token was not touched' : 'wrong signature'
}

/** A key may be listed twice with different options; one that lets it in is enough. */
function bestOf(answers: readonly KeyAnswer[]): KeyAnswer | undefined {
  return answers.find(({ fault }) => fault === undefined) ?? answers[0]
}

function answer(
  how: string,
  key: string,
  restrictions: Restrictions,
  fault: string | undefined,
): KeyAnswer {
  return { grant: { how, key, restrictions }, fault }
}
