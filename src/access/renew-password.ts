// Old hashes go when their passwords come: the one moment at which a password is known in full is a login that
// was right. The new hash reaches the file as every change does.
import { factsOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import { hashPassword } from '../base/password-hash.ts'
import type { Balancer } from '../model/balancer.ts'

export interface Renewal {
  readonly operator: string
  readonly password: string
  /** The hash that the password fitted; if it is another one meanwhile, that one stays. */
  readonly oldHash: string
}

/** Resolves when it is done, or logged that it failed. */
export async function renewPassword(
  { operator, password, oldHash }: Renewal,
  balancer: Balancer,
  log: Log,
): Promise<void> {
  try {
    const hash = await hashPassword(password)
    const before = balancer.users
    const users = before.map((user) =>
      user.name === operator && user.password === oldHash ? { ...user, password: hash } : user,
    )
    if (users.every((user, index) => user === before[index])) return
    // Nothing that the operator typed: his next `undo` must not bring the old hash back.
    withOrigin(`login:${operator}`, () => balancer.setUsers(users))
    log.warn('password hash replaced', {
      operator,
      reason:
        'it was an old DES hash, of which 8 characters counted; now all that were typed count',
    })
  } catch (error) {
    log.error('password hash not replaced', { operator, ...factsOf(error) })
  }
}
