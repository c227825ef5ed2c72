// Did our own page send this, as far as a browser tells? What no browser sent says nothing of its origin, and has no
// cookie that somebody else's page could make use of.
import type { IncomingHttpHeaders } from 'node:http'

/** Why it did not; undefined where nothing speaks against it. */
export function whyForeignPage(
  headers: IncomingHttpHeaders,
  isSecure: boolean,
): string | undefined {
  const { origin, host = '' } = headers
  const own = `${isSecure ? 'https' : 'http'}://${host}`
  if (origin !== undefined && origin.toLowerCase() !== own.toLowerCase())
    return `it was sent by a page of ${origin.slice(0, ORIGIN_SHOWN_MAX)}, not of ${own.slice(0, ORIGIN_SHOWN_MAX)}`
  return whyForeignSite(headers)
}

/** The same for what only looks, where browsers leave the origin out. */
export function whyForeignSite(headers: IncomingHttpHeaders): string | undefined {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined
  return 'it was sent by a page of another site'
}

/** Somebody follows a link: the browser shows the answer to nobody but its user. */
export function isNavigation(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}

/** Characters of an origin that a refusal repeats. */
const ORIGIN_SHOWN_MAX = 100
