// Commands that change who may log in. A password never stands in a line: it is read from standard input, and only
// its hash is kept.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { hashPassword, isPasswordHash } from '../../base/password-hash.ts'
import { requireValue } from '../../model/field.ts'
import { OPERATOR_ROLES, USER_FIELDS, USER_PROOFS } from '../../model/fields.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import { command, type Kind } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { type Done, DONE_JSON, textOfDone } from '../answer/done.ts'
import { fieldFlag, newName, oneOf, withoutGaps } from '../line/kinds.ts'
import { linesOf, requireInput } from '../line/standard-input.ts'
import { pathOfEntry } from './access-entry.ts'
import { addUser, replaceUser, userNamed } from './ways-in.ts'

const FORCE = { summary: 'even where that locks you out, or everybody' }
const FORCE_SET = { summary: `${FORCE.summary}; even a passwordHash that lets nobody in` }
const EXAMPLE = 'ssh … user set bob password < file'

/** Fields as they are typed, and the property that each sets. */
const PROPERTIES = {
  role: 'access',
  auth: 'auth',
  password: 'password',
  passwordHash: 'password',
} as const satisfies Readonly<Record<string, keyof typeof USER_FIELDS>>

type UserField = keyof typeof PROPERTIES

/** It stands as `access` in the document. */
const ROLE = { ...USER_FIELDS.access, attribute: 'role' }

const FIELDS = Object.keys(PROPERTIES) as readonly UserField[]

const passwordHash: Kind<string> = {
  placeholder: 'HASH',
  accepts: 'what sluice passwd prints',
  read: requireHash,
}

const value: Kind<string> = {
  placeholder: 'VALUE',
  accepts: 'what the field accepts; nothing with password, which is read from standard input',
  read: (word) => word,
  candidates: ({ before: [, field] }) => {
    if (field === 'role') return OPERATOR_ROLES
    return field === 'auth' ? USER_PROOFS : []
  },
}

export const userAdd = command({
  words: ['user', 'add'],
  arguments: { name: { kind: newName, summary: 'the name to log in with' } },
  flags: {
    role: fieldFlag('ROLE', ROLE),
    auth: fieldFlag('PROOF', USER_FIELDS.auth),
    passwordHash: { kind: passwordHash, summary: 'hash of the password, from sluice passwd' },
  },
  edits: true,
  role: 'full',
  summary: 'add an operator, who gets in once there is a key or a password',
  examples: ['user add carol', 'user add dave --role operate'],
  json: DONE_JSON,
  run({ name, role: access, auth, passwordHash: password }, context): Done {
    const user = addUser(context, { name, ...withoutGaps({ access, auth, password }) })
    const next = password === undefined ? `; next: key add ${name} 'ssh-ed25519 AAAA…'` : ''
    const message = `user ${name}: added with role ${user.access}${next}`
    return {
      done: 'add',
      path: pathOfEntry('users', user),
      field: null,
      before: null,
      after: shown(user),
      message,
    }
  },
  text: textOfDone,
})

export const userSet = command({
  words: ['user', 'set'],
  arguments: {
    user: { kind: userNamed, summary: 'the operator' },
    field: { kind: oneOf('FIELD', FIELDS), summary: 'what to change' },
    value: { kind: value, summary: 'the new value', optional: true },
  },
  flags: { force: FORCE_SET },
  edits: true,
  role: 'full',
  input: { summary: 'the password, where it is what is set', example: 'correct horse' },
  summary: 'change the role, the proofs or the password of an operator',
  examples: ['user set bob role full', "user set bob passwordHash ''"],
  json: DONE_JSON,
  async run({ user, field, value: typed, force }, context): Promise<Done> {
    const wanted =
      field === 'password' ? await newHash(typed, context) : requireValueOf(field, typed, force)
    const property = PROPERTIES[field]
    const changed = { ...user, [property]: wanted } as UserSnapshot
    replaceUser(context, user, changed, force)
    const now = context.process.balancer.users.find(({ name }) => name === user.name) ?? changed
    const [before, after] = [shown(user), shown(now)].map((view) => view[property])
    const what = before === after ? `is ${after}` : `${before} -> ${after}`
    const message = `user ${user.name}: ${property === 'password' ? `password ${after}` : `${field} ${what}`}`
    return {
      done: 'set',
      path: pathOfEntry('users', user),
      field: property,
      before,
      after,
      message,
    }
  },
  text: textOfDone,
})

export const userRemove = command({
  words: ['user', 'remove'],
  arguments: { user: { kind: userNamed, summary: 'the operator' } },
  flags: { force: FORCE },
  edits: true,
  role: 'full',
  summary: 'remove an operator with all keys; logins that are open end',
  examples: ['user remove bob'],
  json: DONE_JSON,
  run({ user, force }, context): Done {
    replaceUser(context, user, undefined, force)
    const message = `user ${user.name}: removed`
    return {
      done: 'remove',
      path: pathOfEntry('users', user),
      field: null,
      before: shown(user),
      after: null,
      message,
    }
  },
  text: textOfDone,
})

/** The user without anything to guess at. */
function shown({ name, access, auth, password, keys }: UserSnapshot) {
  return { name, access, auth, password: password === '' ? 'none' : 'set', keys: keys.length }
}

/** @throws BalancerError NOT_UNDERSTOOD, VALUE_BAD */
function requireValueOf(field: UserField, typed: string | undefined, force: boolean): string {
  if (typed === undefined) {
    throw new BalancerError('NOT_UNDERSTOOD', `user set NAME ${field} needs VALUE`)
  }
  if (field === 'role') return requireValue(ROLE, typed, 'user')
  // A document may hold one that is no hash, with a warning.
  return field === 'passwordHash' && !force ? requireHash(typed) : typed
}

/** @throws BalancerError NOT_UNDERSTOOD, VALUE_BAD */
async function newHash(typed: string | undefined, { input }: CommandContext): Promise<string> {
  if (typed !== undefined) {
    const next = `it is read from standard input: ${EXAMPLE}`
    throw new BalancerError('NOT_UNDERSTOOD', `no password, please: lines are kept; ${next}`)
  }
  const lines = linesOf(requireInput(input, EXAMPLE), LIMITS.passwordLengthMax)
  const { value: first } = await lines.next()
  const password = first === undefined ? '' : first.text
  if (password === '') {
    throw new BalancerError('VALUE_BAD', 'the first line of standard input is empty')
  }
  return hashPassword(password)
}

// A password that was taken for its hash would lock its owner out, and stand readable in the file.
function requireHash(text: string): string {
  if (text === '' || isPasswordHash(text)) return text
  throw new BalancerError(
    'VALUE_BAD',
    "passwordHash is what sluice passwd prints, or '' for no password",
  )
}
