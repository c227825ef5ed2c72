// The certificate that Sluice makes itself where it is given none: kept beside the other keys, and made anew before it
// ends. Nobody vouches for it: an operator compares its fingerprint, as that of a host key.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import {
  makeFolder,
  readPrivateFile,
  replaceFile,
  requireSafeFolder,
} from '../../access/key-files.ts'
import { systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { DAY_MS, type PairFiles } from './pair.ts'

/** By which Sluice knows what it made; anything else under the same name is left alone. */
const MADE_BY = 'made by Sluice itself'
const KEY = ['key of the page', '<web key="…">'] as const

/** The files with the certificate, made where they are missing or about to end. @throws BalancerError KEY_UNSAFE, FILE_UNWRITABLE */
export async function selfMadeFiles(keysFolder: string, now: number): Promise<PairFiles> {
  const files = { certificate: join(keysFolder, 'web.crt'), key: join(keysFolder, 'web.key') }
  await makeFolder(keysFolder)
  await requireSafeFolder(keysFolder)
  const key = await readPrivateFile(files.key, KEY)
  const certificate = await textOf(files.certificate)
  if (key === undefined || certificate === undefined || isOver(certificate, key, now))
    await make(files, now)
  return files
}

async function make(files: PairFiles, now: number): Promise<void> {
  const names = ['localhost', hostname()]
  const made = await generate(
    [
      { name: 'commonName', value: hostname() },
      { name: 'organizationName', value: MADE_BY },
    ],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      // Clocks of those who look at it may be behind.
      notBeforeDate: new Date(now - DAY_MS),
      notAfterDate: new Date(now + LIMITS.webCertificateDays * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            ...names.map((value) => ({ type: 2, value }) as const),
            { type: 7, ip: '127.0.0.1' },
            { type: 7, ip: '::1' },
          ],
        },
      ],
    },
  )
  await replaceFile(files.key, made.private, 0o600)
  await replaceFile(files.certificate, made.cert, 0o644)
}

/** It was made by Sluice, and ends soon; or the making of another one was cut short, so that it does not fit its key. */
function isOver(certificate: string, key: string, now: number): boolean {
  try {
    const read = new X509Certificate(certificate)
    if (!read.subject.includes(MADE_BY)) return false
    const left = Date.parse(read.validTo) - now
    return left < LIMITS.webCertificateRenewMs || !read.checkPrivateKey(createPrivateKey(key))
  } catch {
    // What cannot be read is told of by whoever reads it to use it.
    return false
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  })
}
