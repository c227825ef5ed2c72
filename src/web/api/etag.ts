// Which version of something a caller has seen: ETags, and the conditions of a request that name them (RFC 9110). An ETag
// stands for what can be edited; counters and health have none, so that a busy object is not a changed one.
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { BalancerError } from '../../base/errors.ts'

/** Bytes of a hash that an ETag shows. */
const SHOWN_BYTES = 18

/** @param state plain data, with its members in a fixed order; or a text */
export function etagOf(state: unknown): string {
  const text = typeof state === 'string' ? state : JSON.stringify(state)
  const hash = createHash('sha256').update(text).digest()
  return `"${hash.subarray(0, SHOWN_BYTES).toString('base64url')}"`
}

/** What has to be so for a request to be carried out. */
export class Conditions {
  readonly #match: string | undefined
  readonly #noneMatch: string | undefined

  constructor(headers: IncomingHttpHeaders) {
    this.#match = headers['if-match']
    this.#noneMatch = headers['if-none-match']
  }

  /** Is it to be carried out only on something that is there? */
  get needsIt(): boolean {
    return this.#match !== undefined
  }

  /** @param etag undefined where nothing is there. @throws BalancerError CHANGED_MEANWHILE */
  require(what: string, etag: string | undefined): void {
    if (this.#match !== undefined && !isNamed(this.#match, etag)) {
      const now = etag === undefined ? 'is not there' : `is not as If-Match says; now ${etag}`
      throw new BalancerError('CHANGED_MEANWHILE', `${what} ${now}`)
    }
    if (this.#noneMatch !== undefined && isNamed(this.#noneMatch, etag))
      throw new BalancerError('CHANGED_MEANWHILE', `${what} is there already`)
  }
}

function isNamed(header: string, etag: string | undefined): boolean {
  if (etag === undefined) return false
  const named = header.split(',').map((each) => each.trim())
  return named.includes('*') || named.includes(etag)
}
