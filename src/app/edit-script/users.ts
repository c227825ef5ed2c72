// Operators: ways in come before ways in go, so that whoever may log in before and after may do so in between.
import { LIMITS } from '../../base/limits.ts'
import { isPasswordHash } from '../../base/password-hash.ts'
import type { TypedFlags } from '../../commands/line/write-line.ts'
import { requireWaysIn } from '../../commands/verbs/ways-in.ts'
import { pairUp } from '../../config/compare/pair.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../../model/fields.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import { keyViewOf } from '../../ssh/access/key-view.ts'
import { beforeFlag, edit, type Edit } from './edit.ts'
import { type ListEdit, listEdits } from './list-edits.ts'

type Users = readonly UserSnapshot[]

/** One edit of one operator. */
interface Step {
  readonly verb: string
  readonly name: string
  /** What stands behind the name. */
  readonly words?: readonly string[]
  readonly flags?: TypedFlags
  readonly notes?: readonly string[]
  /** What becomes of the operator; undefined: gone. */
  readonly after: (user: UserSnapshot) => UserSnapshot | undefined
}

/** Keys of both as `canonicalUser` has them. */
export function userEdits(from: Users, to: Users): readonly Edit[] {
  const { kept, added, removed } = pairUp(from, to, ({ name }) => name)
  const parts = kept.map(([before, after]) => stepsFor(before, after))
  const removals = removed.map(({ name }): Step => {
    const notes = [`open logins of ${name} end`]
    return { verb: 'user remove', name, notes, after: () => undefined }
  })
  const isTight = from.length + added.length > LIMITS.usersMax
  const comes = added.flatMap(addUser)
  return guarded(from, [
    ...(isTight ? removals : []),
    ...comes,
    ...parts.flatMap(({ gives }) => gives),
    ...parts.flatMap(({ takes }) => takes),
    ...(isTight ? [] : removals),
  ])
}

/** With `--force` where a guard would refuse, and a note that says what it guards. */
function guarded(from: Users, steps: readonly Step[]): readonly Edit[] {
  let users = from
  return steps.map(({ verb, name, words = [], flags = {}, notes = [], after }) => {
    const before = users
    users = stepped(before, name, after)
    const guards = [
      ...(isRefused(before, users, '') ? ['nobody is left with role full'] : []),
      ...(isLockedOut(before, users, name) ? [`${name} cannot log in any more`] : []),
    ]
    const force: TypedFlags = guards.length > 0 ? { force: true } : {}
    const all = { verb, words: [name, ...words], flags: { ...flags, ...force } }
    return edit({ ...all, notes: [...notes, ...guards] })
  })
}

function stepped(users: Users, name: string, after: Step['after']): Users {
  if (users.every((user) => user.name !== name)) {
    const made = after({ name, access: 'readonly', password: '', auth: 'any', keys: [] })
    return made === undefined ? users : [...users, made]
  }
  return users.flatMap((user) => (user.name === name ? (after(user) ?? []) : user))
}

/** Somebody else has role full, so that nothing else is refused. */
function isLockedOut(before: Users, after: Users, operator: string): boolean {
  const other: UserSnapshot = { name: '', access: 'full', password: '', auth: 'any', keys: [] }
  return isRefused([...before, other], [...after, other], operator)
}

function isRefused(before: Users, after: Users, operator: string): boolean {
  try {
    requireWaysIn(before, after, operator)
    return false
  } catch {
    return true
  }
}

function addUser(user: UserSnapshot): readonly Step[] {
  const { name, access, auth, password } = user
  const nobody: UserSnapshot = { ...user, password: '', keys: [] }
  const isHash = isPasswordHash(password)
  const flags = {
    role: access,
    ...(auth === 'any' ? {} : { auth }),
    ...(isHash ? { passwordHash: password } : {}),
  }
  const made = isHash ? { ...nobody, password } : nobody
  const add: Step = { verb: 'user add', name, flags, after: () => made }
  const { gives, takes } = stepsFor(made, user)
  return [add, ...gives, ...takes]
}

function stepsFor(
  from: UserSnapshot,
  to: UserSnapshot,
): { readonly gives: readonly Step[]; readonly takes: readonly Step[] } {
  const { name } = to
  const keys = keySteps(from, to)
  const password = from.password === to.password ? [] : [passwordStep(to)]
  const role = from.access === to.access ? [] : [setStep(name, 'role', { access: to.access })]
  const auth = from.auth === to.auth ? [] : [setStep(name, 'auth', { auth: to.auth })]
  const rises = rankOf(to.access) > rankOf(from.access)
  const isSet = to.password !== ''
  return {
    gives: [...(isSet ? password : []), ...keys.gives, ...auth, ...(rises ? role : [])],
    takes: [...(rises ? [] : role), ...keys.takes, ...(isSet ? [] : password)],
  }
}

function setStep(name: string, field: string, values: Partial<UserSnapshot>): Step {
  const [value = ''] = Object.values(values).map(String)
  return {
    verb: 'user set',
    name,
    words: [field, value],
    after: (user) => ({ ...user, ...values }),
  }
}

function passwordStep({ name, password }: UserSnapshot): Step {
  const step = setStep(name, 'passwordHash', { password })
  if (password === '' || isPasswordHash(password)) return step
  return { ...step, flags: { force: true }, notes: ['it is no hash, so it lets nobody in'] }
}

function rankOf(role: OperatorRole): number {
  return OPERATOR_ROLES.indexOf(role)
}

function keySteps(
  { name, keys: from }: UserSnapshot,
  { keys: to }: UserSnapshot,
): { readonly gives: readonly Step[]; readonly takes: readonly Step[] } {
  const edits = listEdits({ from, to, textOf: (line) => line, most: LIMITS.userKeysMax })
  let lines = from
  const steps = edits.map((each) => {
    const before = lines
    lines =
      each.action === 'remove'
        ? before.toSpliced(each.at - 1, 1)
        : before.toSpliced(each.at - 1, 0, each.item)
    return keyStep(name, each, before, lines)
  })
  const isTight = edits[0]?.action === 'remove'
  const isGive = (_: Step, index: number) => isTight || edits[index]?.action === 'add'
  return { gives: steps.filter(isGive), takes: steps.filter((step, at) => !isGive(step, at)) }
}

function keyStep(
  name: string,
  { action, at, item, ...rest }: ListEdit<string>,
  before: readonly string[],
  keys: readonly string[],
): Step {
  const after = (user: UserSnapshot) => ({ ...user, keys })
  if (action === 'remove') {
    const notes = keys.includes(item) ? [] : [`open logins of ${name} with this key end`]
    return { verb: 'key remove', name, words: [`${at}`], notes, after }
  }
  const place = beforeFlag('isLast' in rest && rest.isLast ? '' : `${at}`)
  const fault = faultOfKey(item)
  const known = before.some((line) => isSameKey(line, item))
  const flags: TypedFlags = fault === undefined && !known ? place : { ...place, force: true }
  const notes = fault === undefined ? [] : [`it lets nobody in: ${fault}`]
  return { verb: 'key add', name, words: [item], flags, notes, after }
}

function faultOfKey(line: string): string | undefined {
  if (/\p{Cc}/u.test(line)) return 'a key is one line of printable text'
  const view = keyViewOf(line)
  return typeof view === 'string' ? view : undefined
}

function isSameKey(one: string, other: string): boolean {
  const [a, b] = [keyViewOf(one), keyViewOf(other)]
  return typeof a !== 'string' && typeof b !== 'string' && a.fingerprint === b.fingerprint
}
