// Who gets in by a password: one try against the users of the configuration, over ssh and at the page alike. Every try
// costs one hash, whatever the answer will be, so that nobody learns from the time who exists.
import { isDesHash } from '../base/password-hash.ts'
import type { UserSnapshot } from '../model/snapshot.ts'
import { verifyPassword } from './passwords.ts'

/** What a password is worth; whether it is enough is for whoever asks to say. */
export type PasswordVerdict =
  | {
      readonly kind: 'right'
      readonly user: UserSnapshot
      /** The hash of the old kind that the password fits; it is to be replaced. */
      readonly oldHash?: string
    }
  | { readonly kind: 'refused'; readonly reason: string }

export interface PasswordTry {
  readonly name: string
  readonly password: string
}

export async function judgePassword(
  user: UserSnapshot | undefined,
  password: string,
): Promise<PasswordVerdict> {
  const hash = user === undefined || user.password === '' ? undefined : user.password
  const right = await verifyPassword(hash, password)
  if (user === undefined) return refused('no such user')
  if (user.auth === 'publickey') return refused('the user logs in with a key alone')
  if (hash === undefined) return refused('the user has no password')
  if (!right) return refused('wrong password')
  return { kind: 'right', user, ...(isDesHash(hash) ? { oldHash: hash } : {}) }
}

/** The same where a password is all that can be shown. @param users asked again after the hash */
export async function judgePasswordAlone(
  { name, password }: PasswordTry,
  users: () => readonly UserSnapshot[],
): Promise<PasswordVerdict> {
  const user = userNamed(name, users())
  const verdict = await judgePassword(user, password)
  if (!sameUser(user, userNamed(name, users()))) return refused(CHANGED_MEANWHILE)
  if (verdict.kind === 'right' && verdict.user.auth === 'publickey+password')
    return refused('a key must come before the password')
  return verdict
}

/** While a file was read or a password hashed, the user may have been removed or may do less. */
export const CHANGED_MEANWHILE = 'the user was changed meanwhile'

export function userNamed(name: string, users: readonly UserSnapshot[]): UserSnapshot | undefined {
  return users.find((user) => user.name === name)
}

/** Is it the same user, unchanged? */
export function sameUser(one: UserSnapshot | undefined, other: UserSnapshot | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function refused(reason: string): PasswordVerdict {
  return { kind: 'refused', reason }
}
