// A certificate and its key, read from their files and held up against each other, so that what is wrong is told with
// file, reason and next step before anybody is served with it.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { readKeyFile, readPrivateFile } from '../../access/key-files.ts'
import { BalancerError, messageOf } from '../../base/errors.ts'

export const DAY_MS = 24 * 3_600_000

export interface PairFiles {
  /** PEM: the certificate, and those between it and its authority. */
  readonly certificate: string
  readonly key: string
}

export interface Pair {
  readonly files: PairFiles
  /** What a TLS server is made with. */
  readonly context: SecureContextOptions
  /** SHA-256 of the certificate, as browsers and openssl show it: `AB:CD:…`. */
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly until: number
}

/** @throws BalancerError FILE_UNREADABLE, KEY_UNSAFE, VALUE_BAD */
export async function readPair(files: PairFiles): Promise<Pair> {
  const cert = await readCertificate(files.certificate)
  const key = await readKey(files.key)
  const certificate = parsed(files.certificate, 'certificate', () => new X509Certificate(cert))
  const privateKey = parsed(files.key, 'private key', () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) {
    const next = 'name two files that belong together, or leave both out and Sluice makes its own'
    throw new BalancerError(
      'VALUE_BAD',
      `the key ${files.key} is not that of the certificate ${files.certificate}; ${next}`,
    )
  }
  const context: SecureContextOptions = { cert, key, minVersion: 'TLSv1.2' }
  parsed(files.certificate, 'certificate that can be served', () => createSecureContext(context))
  const until = Date.parse(certificate.validTo)
  return { files, context, fingerprint: certificate.fingerprint256, until }
}

async function readCertificate(file: string): Promise<string> {
  try {
    return await readKeyFile(file, () => undefined)
  } catch (error) {
    if (error instanceof BalancerError) throw error
    const next =
      'name another one in <web certificate="…">, or leave it out and Sluice makes its own'
    throw new BalancerError(
      'FILE_UNREADABLE',
      `certificate ${file}: ${messageOf(error)}; ${next}`,
      {
        cause: error,
      },
    )
  }
}

async function readKey(file: string): Promise<string> {
  const key = await readPrivateFile(file, ['key of the page', '<web key="…">'])
  if (key !== undefined) return key
  const next = 'name the one of the certificate in <web key="…">'
  throw new BalancerError('FILE_UNREADABLE', `there is no key ${file}; ${next}`)
}

/** @throws BalancerError VALUE_BAD */
function parsed<Value>(file: string, what: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    const form = 'what is accepted is PEM, without a passphrase'
    throw new BalancerError('VALUE_BAD', `${file} is no ${what} (${messageOf(error)}); ${form}`, {
      cause: error,
    })
  }
}
