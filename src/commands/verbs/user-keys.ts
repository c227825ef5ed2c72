// Commands that change the keys of operators: lines as in an authorized_keys file, called by their fingerprint or by
// their place.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { whole } from '../../model/field.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { Column } from '../answer/columns.ts'
import { command, type Kind } from '../command.ts'
import type { CommandContext, KeyView, Process } from '../context.ts'
import { type Done, DONE_JSON, textOfDone } from '../answer/done.ts'
import { listCommand } from '../answer/list.ts'
import { valueOf } from '../line/kinds.ts'
import { linesOf, requireInput } from '../line/standard-input.ts'
import { pathOfEntry } from './access-entry.ts'
import { replaceUser, userNamed } from './ways-in.ts'

const EXAMPLE = 'ssh … key add bob < id_ed25519.pub'

const keyWord: Kind<string> = {
  placeholder: 'KEY',
  accepts: 'a line as in an authorized_keys file; left out, lines are read from standard input',
  read: (word) => word,
}

const keyPlace: Kind<string> = {
  placeholder: 'KEY',
  accepts: 'SHA256:… or the place of the key, as key list prints them',
  read: (word) => word,
  candidates({ process, balancer, before: [name] }) {
    const user = balancer.users.find((each) => each.name === name)
    return user === undefined ? [] : rowsOf(user, process).map(({ fingerprint }) => fingerprint)
  },
}

const placeOfKey = valueOf(
  'N',
  whole({
    attribute: 'the place of a key',
    summary: 'its place among the keys of the operator',
    effect: 'at once',
    min: 1,
    max: LIMITS.userKeysMax,
    standard: 1,
  }),
)

/** What is to be told of a line that is none. */
const NO_KEY: KeyView = { type: 'no key', bits: 0, fingerprint: '', comment: '', options: '' }

type Row = ReturnType<typeof rowsOf>[number]

const COLUMNS: readonly Column<Row>[] = [
  { title: 'USER', of: ({ user }) => user },
  { title: 'N', of: ({ number }) => number, field: 'number', right: true },
  { title: 'TYPE', of: ({ type }) => type },
  { title: 'BITS', of: ({ bits }) => bits || '', right: true },
  { title: 'FINGERPRINT', of: ({ fingerprint }) => fingerprint },
  { title: 'COMMENT', of: ({ comment }) => comment },
  { title: 'OPTIONS', of: ({ options }) => options },
  { title: 'FAULT', of: ({ fault }) => fault },
]

export const keyList = listCommand({
  words: ['key', 'list'],
  arguments: { user: { kind: userNamed, summary: 'only of this operator', optional: true } },
  role: 'full',
  looks: true,
  summary: 'list the keys of operators that stand in the configuration',
  examples: ['key list', 'key list bob'],
  fields: ['user', 'number', 'type', 'bits', 'fingerprint', 'comment', 'options', 'fault'],
  columns: COLUMNS,
  run({ user }, { process }) {
    const users = user === undefined ? process.balancer.users : [user]
    return users.flatMap((each) => rowsOf(each, process))
  },
  empty: ({ user }) =>
    `no keys; add one with: key add ${user?.name ?? 'NAME'} 'ssh-ed25519 AAAA…'\n`,
})

export const keyAdd = command({
  words: ['key', 'add'],
  arguments: {
    user: { kind: userNamed, summary: 'the operator' },
    key: { kind: keyWord, summary: 'options perhaps, a key type and a key', many: true },
  },
  flags: {
    before: { kind: placeOfKey, summary: 'key to stand in front of; left out, it comes last' },
    force: { summary: 'even a line that lets nobody in, or a key that is there already' },
  },
  edits: true,
  role: 'full',
  input: { summary: 'keys, one a line, where none is given', example: 'ssh-ed25519 AAAA…' },
  summary: 'let an operator in with one more key',
  examples: [
    "key add bob 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVf/gkY9T9FDMY1p3kUBMdlPPa5qxMGcFD/Bg/UJwNY bob@laptop'",
  ],
  json: DONE_JSON,
  async run({ user, key, before, force }, context): Promise<Done> {
    const lines = key.length > 0 ? [key.join(' ')] : await linesIn(context)
    const views = lines.map((line) => requireKey(line, context.process, force))
    if (!force) requireNew(user, views, context.process)
    const place = before === undefined ? user.keys.length : before - 1
    if (place > user.keys.length) throw noSuchKey(user, `${before}`, rowsOf(user, context.process))
    const keys = user.keys.toSpliced(place, 0, ...lines.map((line) => line.trim()))
    if (keys.length > LIMITS.userKeysMax) {
      throw new BalancerError('REFUSED', `a user has at most ${LIMITS.userKeysMax} keys`)
    }
    replaceUser(context, user, { ...user, keys }, true)
    const what = views.map(({ type, fingerprint }) => `${type} ${fingerprint}`.trim()).join(', ')
    return changed('add', user, null, views, `user ${user.name}: added ${what}`)
  },
  text: textOfDone,
})

export const keyRemove = command({
  words: ['key', 'remove'],
  arguments: {
    user: { kind: userNamed, summary: 'the operator' },
    key: { kind: keyPlace, summary: 'which one' },
  },
  flags: { force: { summary: 'even your own last way in' } },
  edits: true,
  role: 'full',
  summary: 'let an operator in no more with a key; logins that are open end',
  examples: ['key remove bob 1'],
  json: DONE_JSON,
  run({ user, key, force }, context): Done {
    const rows = rowsOf(user, context.process)
    const row = rows.find(({ number, fingerprint }) => key === fingerprint || key === `${number}`)
    if (row === undefined) throw noSuchKey(user, key, rows)
    const keys = user.keys.toSpliced(row.number - 1, 1)
    replaceUser(context, user, { ...user, keys }, force)
    const what = `${row.type} ${row.fingerprint}`.trim() || `key ${row.number}`
    return changed('remove', user, row, null, `user ${user.name}: removed ${what}`)
  },
  text: textOfDone,
})

function changed(
  done: 'add' | 'remove',
  user: UserSnapshot,
  before: unknown,
  after: unknown,
  message: string,
): Done {
  return { done, path: pathOfEntry('users', user), field: 'keys', before, after, message }
}

function rowsOf({ name: user, keys }: UserSnapshot, process: Process) {
  return keys.map((line, index) => {
    const view = process.keyOf(line)
    const number = index + 1
    return typeof view === 'string'
      ? { user, number, type: '', bits: 0, fingerprint: '', comment: '', options: '', fault: view }
      : { user, number, ...view, fault: '' }
  })
}

async function linesIn({ input }: CommandContext): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { text } of linesOf(requireInput(input, EXAMPLE), LIMITS.keyFileBytesMax)) {
    if (lines.length > LIMITS.userKeysMax) break
    if (!/^\s*(#|$)/.test(text)) lines.push(text)
  }
  if (lines.length > 0) return lines
  throw new BalancerError('VALUE_BAD', 'no key stands in what came on standard input')
}

/** @throws BalancerError VALUE_BAD */
function requireKey(line: string, process: Process, force: boolean): KeyView {
  const view = /\p{Cc}/u.test(line) ? 'a key is one line of printable text' : process.keyOf(line)
  if (typeof view !== 'string') return view
  if (force && line.trim() !== '') return NO_KEY
  throw new BalancerError('VALUE_BAD', view)
}

/** @throws BalancerError NAME_TAKEN */
function requireNew(user: UserSnapshot, views: readonly KeyView[], process: Process): void {
  const known = rowsOf(user, process).map(({ fingerprint }) => fingerprint)
  const twice = views.find(({ fingerprint }, index) => {
    return (
      known.includes(fingerprint) || views.findIndex((e) => e.fingerprint === fingerprint) < index
    )
  })
  if (twice === undefined) return
  throw new BalancerError('NAME_TAKEN', `user ${user.name} already has ${twice.fingerprint}`)
}

function noSuchKey(user: UserSnapshot, key: string, rows: readonly Row[]): BalancerError {
  const known = rows.map(({ number, fingerprint }) => `${number} (${fingerprint})`).join(', ')
  const there = known === '' ? 'it has none' : `it has ${known}`
  return new BalancerError('NOT_FOUND', `user ${user.name} has no key ${key}: ${there}`)
}
