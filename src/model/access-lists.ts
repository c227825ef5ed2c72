// Who gets in, as a document has it: operators and the tokens of programs. Each is a list of things with a name that is
// replaced as a whole, and told of as a whole: changes carry the names alone, because both hold secrets.
import { BalancerError } from '../base/errors.ts'
import { parseInstant } from '../base/instant.ts'
import { requireName } from '../base/names.ts'
import { type Change, completeValues, type Edit } from './change.ts'
import { TOKEN_FIELDS, USER_FIELDS } from './fields.ts'
import type { BalancerSnapshot, TokenSnapshot, UserSnapshot } from './snapshot.ts'

export const ACCESS_LISTS = ['users', 'tokens'] as const
export type AccessList = (typeof ACCESS_LISTS)[number]
export type AccessLists = Pick<BalancerSnapshot, AccessList>
/** One operator or token. */
export type AccessItem = AccessLists[AccessList][number]

/** What is left out has its standard. */
export type Given<Name extends AccessList> = Partial<AccessLists[Name][number]> & {
  readonly name: string
}

/** Whoever has the lists, and the verbs that replace them. */
interface Owner extends AccessLists {
  setUsers(users: AccessLists['users']): void
  setTokens(tokens: AccessLists['tokens']): void
}

/** The list that a change is of; undefined where it is of something else. */
export function accessListOf({
  path,
  field,
}: Pick<Change, 'path' | 'field'>): AccessList | undefined {
  return ACCESS_LISTS.find((name) => field === name && path === `settings/${name}`)
}

/** A list was replaced: names alone. */
export function editOf(
  name: AccessList,
  before: readonly AccessItem[],
  after: readonly AccessItem[],
): Edit {
  const [from, to] = [before, after].map((items) => items.map((item) => item.name))
  return { action: 'set', path: `settings/${name}`, field: name, from, to }
}

/** The lists alone, as they are now. */
export function accessListsOf({ users, tokens }: AccessLists): AccessLists {
  return { users, tokens }
}

/** @throws BalancerError as the verb of that list does */
export function replaceList(owner: Owner, name: AccessList, items: readonly AccessItem[]): void {
  if (name === 'users') owner.setUsers(items as AccessLists['users'])
  else owner.setTokens(items as AccessLists['tokens'])
}

export function byName<Item extends AccessItem>(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.name, item]))
}

/** @param now milliseconds since 1970 */
export function hasExpired({ expires }: Pick<TokenSnapshot, 'expires'>, now: number): boolean {
  // What cannot be read has expired; no token has such a text.
  return expires !== '' && (parseInstant(expires) ?? 0) <= now
}

/** @throws BalancerError NAME_TAKEN, NAME_BAD, VALUE_BAD */
export function completeUsers(given: readonly Given<'users'>[]): readonly UserSnapshot[] {
  // Whatever kind of array it is: one of a prompt would make another of its kind.
  const users = Array.from(given, ({ name, keys = [], ...values }): UserSnapshot => {
    return {
      name: requireName(name),
      ...completeValues(USER_FIELDS, values, `user ${name}`),
      keys: Object.freeze([...keys]),
    }
  })
  return frozen('users', users)
}

/** @throws BalancerError NAME_TAKEN, NAME_BAD, VALUE_BAD */
export function completeTokens(given: readonly Given<'tokens'>[]): readonly TokenSnapshot[] {
  const tokens = Array.from(given, ({ name, hash = '', ...values }): TokenSnapshot => {
    return {
      name: requireName(name),
      ...completeValues(TOKEN_FIELDS, { ...values, hash }, `token ${name}`),
    }
  })
  return frozen('tokens', tokens)
}

function frozen<Item extends AccessItem>(of: AccessList, items: readonly Item[]): readonly Item[] {
  const names = items.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new BalancerError('NAME_TAKEN', `there are two ${of} ${twice}`)
  return Object.freeze(items.map((item) => Object.freeze(item)))
}
