// Which open logins may not go on, because operators were changed meanwhile.
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { Login } from '../channel.ts'
import { parseKeyLine } from './key-line.ts'

type Users = readonly UserSnapshot[]

/** What became of the access of a login, as `was removed`; undefined where it is as it was. */
export function whyForeign(
  { operator, role, how }: Pick<Login, 'operator' | 'role' | 'how'>,
  before: Users,
  now: Users,
): string | undefined {
  const [was, is] = [before, now].map((users) => users.find(({ name }) => name === operator))
  if (is === undefined) return 'was removed'
  if (is.access !== role) return `is ${is.access} now; log in again`
  const left = fingerprintsOf(is)
  const gone = fingerprintsOf(was).filter((each) => !left.includes(each))
  // It names the key, or the authority of the certificate. One that a file lists, too, can be used again.
  return gone.some((each) => how.includes(each)) ? 'by this key was removed' : undefined
}

function fingerprintsOf(user: UserSnapshot | undefined): readonly string[] {
  return (user?.keys ?? []).flatMap((line) => {
    const parsed = parseKeyLine(line)
    return typeof parsed === 'string' ? [] : [parsed.fingerprint]
  })
}
