// The cookie of a log-in: what it is called, how it is set so that nothing but our own page ever sends it, and how it is
// read out of what a browser sends.
import { randomBytes } from 'node:crypto'

const ID_BYTES = 32
const ID = /^[\w-]{43}$/

/** A text that nobody can guess: 256 bits, 43 characters of base64url. */
export function newSecret(): string {
  return randomBytes(ID_BYTES).toString('base64url')
}

/** With the prefix a browser takes it over TLS alone, for this host alone, so that no neighbour can put one in its place. */
function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-sluice' : 'sluice'
}

/** The value of `set-cookie` by which a browser keeps the id until it is closed. */
export function setCookie(id: string, isSecure: boolean): string {
  const flags = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(isSecure ? ['Secure'] : [])]
  return [`${cookieName(isSecure)}=${id}`, ...flags].join('; ')
}

/** The value of `set-cookie` by which a browser forgets it. */
export function clearCookie(isSecure: boolean): string {
  return `${setCookie('', isSecure)}; Max-Age=0`
}

/** The id that came along; undefined where there is none, or several, of which somebody else put one there. */
export function idIn(cookies: string | undefined, isSecure: boolean): string | undefined {
  const prefix = `${cookieName(isSecure)}=`
  const parts = (cookies ?? '').split(';').map((part) => part.trim())
  const [id, ...more] = parts.filter((part) => part.startsWith(prefix))
  if (id === undefined || more.length > 0) return undefined
  const value = id.slice(prefix.length)
  return ID.test(value) ? value : undefined
}
