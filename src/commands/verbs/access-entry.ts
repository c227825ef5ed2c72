// Operators and tokens of the configuration by their names, as commands are given them.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { AccessItem, AccessList, AccessLists } from '../../model/access-lists.ts'
import type { Kind } from '../command.ts'

type Entry<Name extends AccessList> = AccessLists[Name][number]

const WORDS = { users: 'user', tokens: 'token' } as const

const MOST = { users: LIMITS.usersMax, tokens: LIMITS.tokensMax } as const

/** One that is there, by its name. */
export function entryNamed<Name extends AccessList>(list: Name): Kind<Entry<Name>> {
  return {
    placeholder: 'NAME',
    accepts: `the name of a ${WORDS[list]} in the configuration`,
    read: (name, { balancer }) => requireEntry(balancer, list, name),
    candidates: ({ balancer }) => balancer[list].map(({ name }) => name),
  }
}

/** @throws BalancerError NOT_FOUND with the nearest name */
export function requireEntry<Name extends AccessList>(
  lists: AccessLists,
  list: Name,
  name: string,
): Entry<Name> {
  const entries: readonly AccessItem[] = lists[list]
  const entry = entries.find((each) => each.name === name)
  if (entry !== undefined) return entry as Entry<Name>
  const names = entries.map((each) => each.name)
  const known = names.length === 0 ? '' : `; there is ${names.join(', ')}`
  const near = didYouMean(name, names)
  throw new BalancerError('NOT_FOUND', `no ${WORDS[list]} ${name}${near}${known}`)
}

/** @throws BalancerError REFUSED where there are as many as there may be */
export function requireRoomIn(lists: AccessLists, list: AccessList): void {
  const most = MOST[list]
  if (lists[list].length < most) return
  throw new BalancerError('REFUSED', `there are ${most} ${list}, the most there may be`)
}

/**
 * Operators and tokens share one set of names: who is meant by a candidate, a commit to confirm or a line of the audit
 * log is told by the name alone.
 *
 * @throws BalancerError NAME_TAKEN
 */
export function requireNameApart(lists: AccessLists, list: AccessList, name: string): void {
  const other = list === 'users' ? 'tokens' : 'users'
  const others: readonly AccessItem[] = lists[other]
  if (others.every((each) => each.name !== name)) return
  throw new BalancerError('NAME_TAKEN', `there is a ${WORDS[other]} ${name}; take another name`)
}

export function pathOfEntry(list: AccessList, { name }: Pick<AccessItem, 'name'>): string {
  return `settings/${list}/${name}`
}
