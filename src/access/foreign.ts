// Which open logins may not go on, because operators were changed meanwhile: what holds over ssh and at the page alike.
import type { OperatorRole } from '../model/fields.ts'
import type { UserSnapshot } from '../model/snapshot.ts'
import { userNamed } from './password-login.ts'

export interface OpenLogin {
  readonly operator: string
  readonly role: OperatorRole
}

/** What became of the access of a login, as `was removed`; undefined where its user may do what he could. */
export function whyNotSame(
  { operator, role }: OpenLogin,
  now: readonly UserSnapshot[],
): string | undefined {
  const user = userNamed(operator, now)
  if (user === undefined) return 'was removed'
  return user.access === role ? undefined : `is ${user.access} now; log in again`
}
