// Who may get in and who is in, as the commands answer it, and what ending or removing one of them means.
import type { Me, Role } from '../../api/types.ts'
import { ROLES } from '../../api/words.ts'
import { counted } from '../../text/format.ts'

/** What each role may, in a sentence. */
const ROLE_TEXTS: Readonly<Record<Role, string>> = {
  readonly: 'sees everything, changes nothing',
  operate: 'works with services, groups, hosts and sessions',
  full: 'everything, also operators, settings and stop',
}

/** For a choice. */
export const ROLE_OPTIONS = ROLES.map((role) => ({
  value: role,
  title: `${role}: ${ROLE_TEXTS[role]}`,
}))

export interface Login {
  readonly id: number
  readonly operator: string
  readonly role: string
  readonly address: string
  readonly how: string
  readonly channels: readonly string[]
  readonly since: string
  readonly idleMs: number
}

export interface User {
  readonly name: string
  readonly role: string
  readonly auth: string
  readonly password: boolean
  readonly keys: number
  readonly logins: number
}

export interface Key {
  readonly user: string
  readonly number: number
  readonly type: string
  readonly bits: number
  readonly fingerprint: string
  readonly comment: string
  readonly options: string
  readonly fault: string
}

export interface Token {
  readonly name: string
  readonly role: string
  readonly expires: string | null
  readonly expired: boolean
}

/** A table has these rights to one log-in: your own with operate, all with full. */
export function mayLogOut({ operator }: Login, me: Pick<Me, 'operator' | 'role'>): boolean {
  return me.role === 'full' || (me.role === 'operate' && operator === me.operator)
}

export function removalText({ name, keys, logins }: User): string {
  const ended =
    logins === 0
      ? 'Nobody is logged in as them.'
      : `${counted(logins, 'log-in')} ${logins === 1 ? 'ends' : 'end'}.`
  return `${name} can log in no more, with ${counted(keys, 'key')} and any password. ${ended} Sessions of clients are not touched.`
}

/** What is asked for at log-in, and whether there is enough of it. */
export function proofText({ auth, password, keys }: User): string {
  const has = [password ? 'a password' : '', keys > 0 ? counted(keys, 'key') : '']
    .filter((part) => part !== '')
    .join(' and ')
  return `${has === '' ? 'nothing yet' : has}; asked for: ${auth}`
}

/** Why a name is not accepted; '' where it is, as far as the page can tell. */
export function nameFault(name: string, taken: readonly string[]): string {
  if (name === '') return 'a name is needed'
  if (/[\s/]|\p{Cc}/u.test(name)) return 'a name has neither gaps nor slashes'
  return taken.includes(name) ? `there is already ${name}` : ''
}

/** Why an expiry is not accepted; '' where it is. */
export function expiryFault(text: string): string {
  if (text === 'never' || /^\d+(?:\.\d+)?(?:ms|s|m|h|d|w)$/.test(text)) return ''
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return ''
  return 'a time from now (30d, 12h), never, or a date'
}

/** Rows of a table whose expiry is near, in milliseconds. */
const SOON_MS = 7 * 86_400_000

export function expiryText({ expires, expired }: Token, now: number): string {
  if (expires === null) return 'never expires'
  if (expired) return 'has expired'
  const leftMs = Date.parse(expires) - now
  const days = Math.floor(leftMs / 86_400_000)
  return days === 0 ? 'expires within a day' : `expires in ${counted(days, 'day')}`
}

export function isSoon({ expires, expired }: Token, now: number): boolean {
  return expires !== null && (expired || Date.parse(expires) - now < SOON_MS)
}
