// Operators in the configuration as commands change them: one user of the list, and never so that the one who types
// locks himself out, or everybody, without having said so.
import { BalancerError } from '../../base/errors.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { CommandContext } from '../context.ts'
import { entryNamed, requireEntry, requireNameApart, requireRoomIn } from './access-entry.ts'

type Users = readonly UserSnapshot[]

/** An operator of the configuration. */
export const userNamed = entryNamed('users')

export function addUser(
  { process: { balancer } }: CommandContext,
  user: Partial<UserSnapshot> & { readonly name: string },
): UserSnapshot {
  requireRoomIn(balancer, 'users')
  requireNameApart(balancer, 'users', user.name)
  balancer.setUsers([...balancer.users, user])
  return requireEntry(balancer, 'users', user.name)
}

/**
 * Put `wanted` in place of a user, or take the user away.
 *
 * @throws BalancerError VALUE_BAD; REFUSED where that locks somebody out and `force` was not said
 */
export function replaceUser(
  { process: { balancer }, operator }: CommandContext,
  user: UserSnapshot,
  wanted: UserSnapshot | undefined,
  force: boolean,
): void {
  const before = balancer.users
  const after = before.flatMap((each) => (each === user ? (wanted ?? []) : each))
  if (!force) requireWaysIn(before, after, operator)
  balancer.setUsers(after)
}

/** @throws BalancerError REFUSED where the one who types could not log in again, or nobody with role full could */
export function requireWaysIn(before: Users, after: Users, operator: string): void {
  const mayAll = (user: UserSnapshot) => user.access === 'full' && !lacksPassword(user)
  if (before.some(mayAll) && !after.some(mayAll)) {
    throw refusal('nobody would be left with role full')
  }
  const [mine, then] = [before, after].map((users) => users.find(({ name }) => name === operator))
  if (mine !== undefined && then === undefined) throw lockedOut(operator)
  if (mine === undefined || then === undefined) return
  const loses = hasWay(mine) && !hasWay(then)
  if (loses || (lacksPassword(then) && !lacksPassword(mine))) throw lockedOut(operator)
}

function lockedOut(operator: string): BalancerError {
  return refusal(`${operator}, who is you, could not log in again`)
}

/** As far as the configuration tells: the file with the name of an operator may hold more keys. */
function hasWay({ keys, password, auth }: UserSnapshot): boolean {
  const [hasKey, hasPassword] = [keys.length > 0, password !== '']
  switch (auth) {
    case 'any':
      return hasKey || hasPassword
    case 'publickey':
      return hasKey
    case 'password':
      return hasPassword
    case 'publickey+password':
      return hasKey && hasPassword
    default:
      return auth satisfies never
  }
}

/** A password is asked for and there is none: whatever keys there are, nobody gets in. */
function lacksPassword({ auth, password }: UserSnapshot): boolean {
  return auth.includes('password') && password === ''
}

function refusal(why: string): BalancerError {
  return new BalancerError('REFUSED', `${why}; say --force where that is meant`)
}
