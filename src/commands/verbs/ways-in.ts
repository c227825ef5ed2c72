// Operators in the configuration as commands change them: one user of the list, and never so that the one who types
// locks himself out, or everybody, without having said so.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { Kind } from '../command.ts'
import type { CommandContext } from '../context.ts'

type Users = readonly UserSnapshot[]

/** An operator of the configuration. */
export const userNamed: Kind<UserSnapshot> = {
  placeholder: 'NAME',
  accepts: 'the name of a user in the configuration',
  read: (name, { balancer }) => userOf(balancer, name),
  candidates: ({ balancer }) => balancer.users.map(({ name }) => name),
}

/** @throws BalancerError NOT_FOUND with the nearest name */
function userOf({ users }: Balancer, name: string): UserSnapshot {
  const user = users.find((each) => each.name === name)
  if (user !== undefined) return user
  const names = users.map((each) => each.name)
  const known = names.length === 0 ? '' : `; there is ${names.join(', ')}`
  throw new BalancerError('NOT_FOUND', `no user ${name}${didYouMean(name, names)}${known}`)
}

export function pathOf({ name }: Pick<UserSnapshot, 'name'>): string {
  return `settings/users/${name}`
}

export function addUser(
  { process: { balancer } }: CommandContext,
  user: Partial<UserSnapshot> & { readonly name: string },
): UserSnapshot {
  if (balancer.users.length >= LIMITS.usersMax) {
    throw new BalancerError('REFUSED', `there are ${LIMITS.usersMax} users, the most there may be`)
  }
  balancer.setUsers([...balancer.users, user])
  return userOf(balancer, user.name)
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
