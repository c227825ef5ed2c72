// Who gets in: one attempt against one directory of users, and a verdict. No sockets, no files, no ssh2;
// only hashing takes time. What a stranger can see is the same for every refusal.
import {
  CHANGED_MEANWHILE,
  judgePassword,
  type PasswordVerdict,
  sameUser,
  userNamed,
} from '../../access/password-login.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { AuthorizedKey } from './key-line.ts'
import { grantOfKey, type Grant, type KeyAttempt } from './key-login.ts'
import { UNRESTRICTED } from './key-options.ts'

export interface PasswordAttempt {
  readonly method: 'password'
  readonly password: string
}

export type Attempt = KeyAttempt | PasswordAttempt

/** Who tries, from where, and what was proven on this connection before. */
export interface Visit {
  readonly name: string
  /** IP address of the client. */
  readonly address: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly earlier: FirstStep | undefined
}

/** A key was right, and a password has to follow. */
export interface FirstStep {
  /** As he was then; who was changed since begins anew. */
  readonly user: UserSnapshot
  readonly grant: Grant
}

export type Verdict =
  | {
      readonly kind: 'in'
      readonly user: UserSnapshot
      readonly grant: Grant
      /** The hash of the old kind that the password fits; it is to be replaced. */
      readonly oldHash?: string
    }
  /** The key is right; the password is still to come. */
  | ({ readonly kind: 'half' } & FirstStep)
  /** The key is listed; the client has yet to prove that it holds the private half. */
  | { readonly kind: 'listed' }
  | { readonly kind: 'refused'; readonly reason: string }

export interface Directory {
  readonly users: readonly UserSnapshot[]
  keysOf(user: Pick<UserSnapshot, 'name' | 'keys'>): Promise<readonly AuthorizedKey[]>
}

/** Takes the place of a name that does not exist, so that the same is done for it. */
const NOBODY = { name: '.nobody', keys: [] }

export async function judge(
  visit: Visit,
  attempt: Attempt,
  directory: Directory,
): Promise<Verdict> {
  const user = userNamed(visit.name, directory.users)
  const verdict = await verdictOn(user, attempt, { visit, directory })
  if (sameUser(user, userNamed(visit.name, directory.users))) return verdict
  return refused(CHANGED_MEANWHILE)
}

async function verdictOn(
  user: UserSnapshot | undefined,
  attempt: Attempt,
  { visit, directory }: { readonly visit: Visit; readonly directory: Directory },
): Promise<Verdict> {
  switch (attempt.method) {
    case 'publickey':
      return judgeKey(user, attempt, { visit, listed: await directory.keysOf(user ?? NOBODY) })
    case 'password':
      return judgeStep(await judgePassword(user, attempt.password), visit.earlier)
    default:
      return attempt satisfies never
  }
}

/** May passwords be tried at all? One answer for all names, else it would tell who has one. */
export function takesPasswords({ users }: Pick<Directory, 'users'>): boolean {
  return users.some(({ password, auth }) => password !== '' && auth !== 'publickey')
}

function judgeKey(
  user: UserSnapshot | undefined,
  attempt: KeyAttempt,
  { visit, listed }: { readonly visit: Visit; readonly listed: readonly AuthorizedKey[] },
): Verdict {
  const answer = grantOfKey(attempt, listed, visit)
  if (user === undefined) return refused(`no such user, ${answer.grant.how}`)
  if (user.auth === 'password') return refused(`the user logs in with a password alone`)
  if (answer.fault !== undefined) return refused(answer.fault)
  if (attempt.proof === undefined) return { kind: 'listed' }
  const { grant } = answer
  return user.auth === 'publickey+password'
    ? { kind: 'half', user, grant }
    : { kind: 'in', user, grant }
}

function judgeStep(verdict: PasswordVerdict, earlier: FirstStep | undefined): Verdict {
  if (verdict.kind === 'refused') return verdict
  const { kind: _kind, user, ...old } = verdict
  if (user.auth !== 'publickey+password') return { kind: 'in', user, grant: BY_PASSWORD, ...old }
  if (earlier === undefined) return refused('a key must come before the password')
  if (!sameUser(earlier.user, user)) return refused('the user was changed since the key')
  return { kind: 'in', user, grant: withPassword(earlier.grant), ...old }
}

const BY_PASSWORD: Grant = { how: 'password', key: '', restrictions: UNRESTRICTED }

function withPassword(grant: Grant): Grant {
  return { ...grant, how: `${grant.how} and password` }
}

function refused(reason: string): Verdict {
  return { kind: 'refused', reason }
}
