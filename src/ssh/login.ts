// Who gets in: one attempt against one directory of users, and a verdict. No sockets, no files, no ssh2
// connection; only hashing takes time. What a stranger can see is the same for every refusal.
import type { UserSnapshot } from '../model/snapshot.ts'
import type { AuthorizedKey, Proof } from './authorized-keys.ts'
import { fingerprintOf } from './keys.ts'
import { isDesHash, verifyPassword } from './passwords.ts'

export interface KeyAttempt {
  readonly method: 'publickey'
  readonly key: Buffer
  /** What was signed and how; absent while a client only asks whether the key would do. */
  readonly proof?: Proof
}

export interface PasswordAttempt {
  readonly method: 'password'
  readonly password: string
}

export type Attempt = KeyAttempt | PasswordAttempt

export type Verdict =
  | { readonly kind: 'in'; readonly user: UserSnapshot; readonly how: string }
  /** The key is listed; the client has yet to prove that it holds the private half. */
  | { readonly kind: 'listed' }
  | { readonly kind: 'refused'; readonly reason: string }

export interface Directory {
  readonly users: readonly UserSnapshot[]
  keysOf(user: UserSnapshot): Promise<readonly AuthorizedKey[]>
}

/** Takes the place of a name that does not exist, so that the same is done for it. */
const NOBODY: UserSnapshot = { name: '.nobody', access: 'readonly', password: '', keys: [] }

export async function judge(
  name: string,
  attempt: Attempt,
  directory: Directory,
): Promise<Verdict> {
  const user = directory.users.find((each) => each.name === name)
  switch (attempt.method) {
    case 'publickey':
      return judgeKey(user, attempt, await directory.keysOf(user ?? NOBODY))
    case 'password':
      return judgePassword(user, attempt.password)
    default:
      return attempt satisfies never
  }
}

/** May passwords be tried at all? One answer for all names, else it would tell who has one. */
export function takesPasswords({ users }: Pick<Directory, 'users'>): boolean {
  return users.some((user) => user.password !== '')
}

function judgeKey(
  user: UserSnapshot | undefined,
  { key, proof }: KeyAttempt,
  listed: readonly AuthorizedKey[],
): Verdict {
  const fingerprint = fingerprintOf(key)
  if (user === undefined) return { kind: 'refused', reason: `no such user, key ${fingerprint}` }
  const authorized = listed.find((each) => each.data.equals(key))
  if (authorized === undefined) {
    return { kind: 'refused', reason: `key ${fingerprint} is not listed` }
  }
  if (proof === undefined) return { kind: 'listed' }
  return authorized.verify(proof)
    ? { kind: 'in', user, how: `key ${fingerprint}` }
    : { kind: 'refused', reason: `wrong signature for key ${fingerprint}` }
}

async function judgePassword(user: UserSnapshot | undefined, password: string): Promise<Verdict> {
  const hash = user === undefined || user.password === '' ? undefined : user.password
  const right = await verifyPassword(hash, password)
  if (user === undefined) return { kind: 'refused', reason: 'no such user' }
  if (hash === undefined) return { kind: 'refused', reason: 'the user has no password' }
  if (!right) return { kind: 'refused', reason: 'wrong password' }
  return { kind: 'in', user, how: isDesHash(hash) ? 'password (old DES hash)' : 'password' }
}
