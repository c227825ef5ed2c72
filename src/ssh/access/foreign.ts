// Which open ssh logins may not go on, because operators or their keys were changed meanwhile.
import { whyNotSame } from '../../access/foreign.ts'
import { userNamed } from '../../access/password-login.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { Login } from '../channel.ts'
import { parseKeyLine } from './key-line.ts'

type Users = readonly UserSnapshot[]

/** What became of the access of a login, as `was removed`; undefined where it is as it was. */
export function whyForeign(
  login: Pick<Login, 'operator' | 'role' | 'how'>,
  before: Users,
  now: Users,
): string | undefined {
  const why = whyNotSame(login, now)
  if (why !== undefined) return why
  const [was, is] = [before, now].map((users) => userNamed(login.operator, users))
  const left = fingerprintsOf(is)
  const gone = fingerprintsOf(was).filter((each) => !left.includes(each))
  // It names the key, or the authority of the certificate. One that a file lists, too, can be used again.
  return gone.some((each) => login.how.includes(each)) ? 'by this key was removed' : undefined
}

function fingerprintsOf(user: UserSnapshot | undefined): readonly string[] {
  return (user?.keys ?? []).flatMap((line) => {
    const parsed = parseKeyLine(line)
    return typeof parsed === 'string' ? [] : [parsed.fingerprint]
  })
}
