// Who else is here: the list of logins, a line to all of them, and the end of one.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { didYouMean } from '../../base/nearest.ts'
import { type Column, printable } from '../answer/columns.ts'
import { command, type Kind } from '../command.ts'
import type { CommandContext, OperatorView } from '../context.ts'
import { DONE_JSON, type Done, textOfDone } from '../answer/done.ts'
import { spanOf } from '../answer/figures.ts'
import { listCommand } from '../answer/list.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', of: ({ id }) => id, right: true },
  { title: 'OPERATOR', of: ({ operator }) => operator },
  { title: 'ROLE', of: ({ role }) => role },
  { title: 'FROM', of: ({ address }) => address, field: 'address' },
  { title: 'HOW', of: ({ how }) => how },
  { title: 'OPEN', of: ({ channels }) => channels.join(','), field: 'channels' },
  { title: 'SINCE', of: ({ since }) => since },
  { title: 'IDLE', of: ({ idleMs }) => spanOf(idleMs), field: 'idleMs', right: true },
]

export const showOperators = listCommand({
  words: ['show', 'operators'],
  role: 'readonly',
  summary: 'list who is logged in: from where, how, and what is open',
  examples: ['show operators', 'show operators --where role=full'],
  fields: ['id', 'operator', 'role', 'address', 'how', 'channels', 'since', 'idleMs'],
  columns: COLUMNS,
  run: (_, { process }) => process.operators.list().map(rowOf),
  empty: () => 'nobody is logged in\n',
})

const words: Kind<string> = { placeholder: 'TEXT', accepts: 'what to say', read: (word) => word }

export const say = command({
  words: ['say'],
  arguments: { text: { kind: words, summary: 'what to say', many: true } },
  role: 'operate',
  summary: 'show a line at the prompts of all other operators',
  examples: ['say web goes down for a minute'],
  json: DONE_JSON,
  run({ text }, { process, operator, login }): Done {
    const whole = printable(text.join(' ').trim())
    const said = whole.slice(0, LIMITS.saidMax)
    if (said === '') throw new BalancerError('NOT_UNDERSTOOD', 'say what? say TEXT…')
    const seen = process.operators.say(`*** ${operator}: ${said}`, login)
    const cut = whole === said ? '' : `, cut after ${LIMITS.saidMax} characters`
    const message =
      seen === 0 ? 'no other prompt is open' : `shown at ${seen} ${plural(seen)}${cut}`
    return { done: 'say', path: '', field: null, before: null, after: { seen }, message }
  },
  text: textOfDone,
})

const loginWord: Kind<string> = {
  placeholder: 'OPERATOR|ID',
  accepts: 'the name of an operator, or the number of one login as show operators has it',
  read: (word) => word,
  candidates: ({ process }) => {
    return process.operators.list().flatMap(({ id, operator }) => [operator, String(id)])
  },
}

export const logout = command({
  words: ['logout'],
  arguments: { who: { kind: loginWord, summary: 'all logins of a name, or one login' } },
  role: 'operate',
  summary: 'end logins, of others only with the role full; who is logged out is told by whom',
  examples: ['logout alice', 'logout 1'],
  json: DONE_JSON,
  run({ who }, context): Done {
    const { operators } = context.process
    const ended = loginsOf(who, operators.list())
    requireOwn(ended, context)
    for (const { id } of ended) operators.logout(id, `${context.operator} ended your login.`)
    const names = ended.map(({ id, operator }) => `${operator} (${id})`).join(', ')
    const before = ended.map(({ id, operator }) => ({ id, operator }))
    const message = `logged out: ${names}`
    return { done: 'logout', path: '', field: null, before, after: null, message }
  },
  text: textOfDone,
})

/** @throws BalancerError NOT_FOUND */
function loginsOf(who: string, all: readonly OperatorView[]): readonly OperatorView[] {
  const named = all.filter(({ operator }) => operator === who)
  // Somebody may be called by a number.
  const found = named.length > 0 ? named : all.filter(({ id }) => String(id) === who)
  if (found.length > 0) return found
  const near = didYouMean(
    who,
    all.map(({ operator }) => operator),
  )
  throw new BalancerError('NOT_FOUND', `nobody is logged in as ${who}${near}; see: show operators`)
}

/** @throws BalancerError NOT_ALLOWED */
function requireOwn(ended: readonly OperatorView[], { operator, role }: CommandContext): void {
  const other = ended.find((each) => each.operator !== operator)
  if (other === undefined || role === 'full') return
  const reason = `logout of ${other.operator} needs role full, ${operator} has ${role}`
  throw new BalancerError('NOT_ALLOWED', reason)
}

function rowOf({ since, active, ...view }: OperatorView) {
  const idleMs = Math.max(0, Date.now() - active)
  return { ...view, since: new Date(since).toISOString(), idleMs }
}

function plural(count: number): string {
  return count === 1 ? 'prompt' : 'prompts'
}
