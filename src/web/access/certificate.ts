// The certificate that the page is served with: the given one, or one that Sluice made itself and keeps.
import { isDeepStrictEqual } from 'node:util'
import type { SecureContextOptions } from 'node:tls'
import { BalancerError } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import type { SettingValues } from '../../model/setting-fields.ts'
import { DAY_MS, type Pair, type PairFiles, readPair } from './pair.ts'
import { selfMadeFiles } from './self-made.ts'

export interface CertificateOptions {
  /** Where one that Sluice makes itself is kept. */
  readonly keysFolder: string
  readonly log: Log
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number
}

type Named = Pick<SettingValues['web'], 'certificate' | 'key'>

export class Certificate {
  readonly #options: CertificateOptions
  #pair: Pair

  private constructor(options: CertificateOptions, pair: Pair) {
    this.#options = options
    this.#pair = pair
    this.#tell()
  }

  /** @throws BalancerError FILE_UNREADABLE, FILE_UNWRITABLE, KEY_UNSAFE, VALUE_BAD */
  static async load(web: Named, options: CertificateOptions): Promise<Certificate> {
    return new Certificate(options, await pairFor(web, options))
  }

  /** What a server is made with. */
  get context(): SecureContextOptions {
    return this.#pair.context
  }

  /** SHA-256 of the certificate: `AB:CD:…`. */
  get fingerprint(): string {
    return this.#pair.fingerprint
  }

  /**
   * Read the files anew, and make those that Sluice makes itself anew where they end soon.
   *
   * @returns undefined where they are as they were
   * @throws what `load` throws; then the one that was stays
   */
  async reload(web: Named): Promise<SecureContextOptions | undefined> {
    const pair = await pairFor(web, this.#options)
    if (isDeepStrictEqual(pair.context, this.#pair.context)) {
      this.#tellOfEnd()
      return undefined
    }
    this.#pair = pair
    this.#tell()
    return pair.context
  }

  #tell(): void {
    const { files, fingerprint, until } = this.#pair
    const facts = { file: files.certificate, fingerprint, until: new Date(until).toISOString() }
    this.#options.log.info('web certificate', facts)
    this.#tellOfEnd()
  }

  /** Of one that was given: Sluice cannot get another one by itself. */
  #tellOfEnd(): void {
    const { files, until } = this.#pair
    const left = until - nowOf(this.#options)
    if (left > END_TOLD_MS) return
    const days = Math.max(0, Math.floor(left / DAY_MS))
    const cure = 'put another one in its place and send SIGHUP'
    const facts = { file: files.certificate, days, cure }
    this.#options.log.warn(
      left > 0 ? 'web certificate ends soon' : 'web certificate has ended',
      facts,
    )
  }
}

/** How long before its end a given certificate is warned of. */
const END_TOLD_MS = 7 * DAY_MS

async function pairFor(web: Named, options: CertificateOptions): Promise<Pair> {
  return readPair(await filesFor(web, options))
}

async function filesFor(
  { certificate, key }: Named,
  options: CertificateOptions,
): Promise<PairFiles> {
  if (certificate === '' && key === '') return selfMadeFiles(options.keysFolder, nowOf(options))
  if (certificate !== '' && key !== '') return { certificate, key }
  const [given, missing] = certificate === '' ? ['key', 'certificate'] : ['certificate', 'key']
  throw new BalancerError(
    'VALUE_BAD',
    `<web ${given}="…"> needs ${missing}="…" as well; leave both out and Sluice makes its own`,
  )
}

function nowOf({ now = Date.now }: CertificateOptions): number {
  return now()
}
