// The cookie of a log-in: what it is called, how it is set so that nothing but our own page ever sends it, and how it is
// read out of what a browser sends.
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const ID_BYTES = 32
const ID = /^[\w-]{43}$/

/** A text that nobody can guess: 256 bits, 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(ID_BYTES).toString('base64url')
}

/** What a request says of where its browser believes to be, and which cookies it has for there. */
type Seen = Pick<IncomingHttpHeaders, 'host' | 'cookie'>

/**
 * With the prefix a browser takes it over TLS alone, for this host alone, so that no neighbour can put one in its place.
 * Cookies are of a host, whatever the port: with the port in its name, as the browser sees it, pages that come through
 * several tunnels to one localhost leave each other alone.
 */
function cookieName({ host = '' }: Seen, isSecure: boolean): string {
  const [port = ''] = /:\d{1,5}$/.exec(host) ?? []
  return `${isSecure ? '__Host-' : ''}sluice${port.replace(':', '-')}`
}

/** The value of `set-cookie` by which a browser keeps the id until it is closed. */
export function setCookie(id: string, seen: Seen, isSecure: boolean): string {
  const flags = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(isSecure ? ['Secure'] : [])]
  return [`${cookieName(seen, isSecure)}=${id}`, ...flags].join('; ')
}

/** The value of `set-cookie` by which a browser forgets it. */
export function clearCookie(seen: Seen, isSecure: boolean): string {
  return `${setCookie('', seen, isSecure)}; Max-Age=0`
}

/** The id that came along; undefined where there is none, or several, of which somebody else put one there. */
export function idIn(seen: Seen, isSecure: boolean): string | undefined {
  const prefix = `${cookieName(seen, isSecure)}=`
  const parts = (seen.cookie ?? '').split(';').map((part) => part.trim())
  const [id, ...more] = parts.filter((part) => part.startsWith(prefix))
  if (id === undefined || more.length > 0) return undefined
  const value = id.slice(prefix.length)
  return ID.test(value) ? value : undefined
}
