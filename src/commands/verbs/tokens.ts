// Commands about tokens, by which programs get in. A token is shown once, in the answer to the line that made it; what is
// kept of it, anywhere, is its hash.
import { formatDuration, parseDuration } from '../../base/duration.ts'
import { BalancerError } from '../../base/errors.ts'
import { formatInstant, INSTANT_FORM, INSTANT_MAX, parseInstant } from '../../base/instant.ts'
import { hashOfToken, newToken } from '../../base/token-hash.ts'
import { hasExpired } from '../../model/access-lists.ts'
import { TOKEN_FIELDS } from '../../model/fields.ts'
import type { TokenSnapshot } from '../../model/snapshot.ts'
import type { Column } from '../answer/columns.ts'
import { type Done, DONE_JSON, textOfDone } from '../answer/done.ts'
import { listCommand } from '../answer/list.ts'
import { command, type Kind } from '../command.ts'
import { fieldFlag, newName, valueOf } from '../line/kinds.ts'
import { entryNamed, pathOfEntry, requireNameApart, requireRoomIn } from './access-entry.ts'

/** A token that nobody renews ends by itself. */
const LIFE_MS = 90 * 24 * 3_600_000

const NEVER = 'never'

/** When a token is to expire; a span counts from when the line is run. */
type Expiry = { readonly text: string } | { readonly afterMs: number }

interface Made extends Done {
  /** The token itself, where one was made; nothing else ever shows it. */
  readonly token: string | null
}

const expiry: Kind<Expiry> = {
  placeholder: 'WHEN',
  accepts: `a time from now (30d, 12h), ${NEVER}, or ${INSTANT_FORM}`,
  read(word) {
    if (word === NEVER) return { text: '' }
    if (parseInstant(word) !== undefined) return { text: word }
    const afterMs = parseDuration(word)
    if (afterMs !== undefined && afterMs > 0 && Date.now() + afterMs <= INSTANT_MAX)
      return { afterMs }
    const got = `got ${JSON.stringify(word)}`
    throw new BalancerError('VALUE_BAD', `expires is ${expiry.accepts}; ${got}`)
  },
  candidates: () => ['30d', '90d', NEVER],
}

export const tokenCreate = command({
  words: ['token', 'create'],
  arguments: { name: { kind: newName, summary: 'what its program is called' } },
  flags: {
    // It stands as `access` in the document.
    role: fieldFlag('ROLE', { ...TOKEN_FIELDS.access, attribute: 'role' }),
    expires: {
      kind: expiry,
      summary: `when it lets nobody in any more; left out, ${formatDuration(LIFE_MS)} from now`,
    },
    hash: {
      kind: valueOf('HASH', TOKEN_FIELDS.hash),
      summary: 'of a token that was made before: none is made, and none is shown',
    },
  },
  edits: true,
  role: 'full',
  summary: 'make a token by which a program gets in, and show it this once',
  examples: ['token create ci --role operate --expires 30d', 'token create grafana'],
  json: { ...DONE_JSON, fields: [...DONE_JSON.fields, 'token'] },
  run({ name, role, expires = { afterMs: LIFE_MS }, hash }, { process: { balancer } }): Made {
    requireFree(name, balancer.tokens)
    requireNameApart(balancer, 'tokens', name)
    requireRoomIn(balancer, 'tokens')
    const made = hash === undefined ? newToken() : null
    const token: TokenSnapshot = {
      name,
      access: role ?? TOKEN_FIELDS.access.standard,
      hash: made === null ? (hash ?? '') : hashOfToken(made),
      expires: textOf(expires),
    }
    if (made !== null) requireTimeLeft(token)
    balancer.setTokens([...balancer.tokens, token])
    const path = pathOfEntry('tokens', token)
    const message = `token ${name}: ${made === null ? 'added' : 'made'} with role ${token.access}, ${endOf(token)}`
    const after = shown(token)
    return { done: 'add', path, field: null, before: null, after, message, token: made }
  },
  text({ token, ...done }) {
    if (token === null) return textOfDone(done)
    const once = 'this is the token; it is shown this once, and kept nowhere'
    return `${textOfDone(done)}${token}\n${once}\n`
  },
})

export const tokenRemove = command({
  words: ['token', 'remove'],
  arguments: { token: { kind: entryNamed('tokens'), summary: 'the token' } },
  edits: true,
  role: 'full',
  summary: 'revoke a token: from now on nobody gets in by it',
  examples: ['token remove deploy'],
  json: DONE_JSON,
  run({ token }, { process: { balancer } }): Done {
    balancer.setTokens(balancer.tokens.filter(({ name }) => name !== token.name))
    const path = pathOfEntry('tokens', token)
    const message = `token ${token.name}: removed`
    return { done: 'remove', path, field: null, before: shown(token), after: null, message }
  },
  text: textOfDone,
})

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'TOKEN', of: ({ name }) => name, field: 'name' },
  { title: 'ROLE', of: ({ role }) => role },
  { title: 'EXPIRES', of: ({ expires }) => expires ?? NEVER },
  { title: 'EXPIRED', of: ({ expired }) => expired },
]

export const tokenList = listCommand({
  words: ['token', 'list'],
  role: 'full',
  looks: true,
  summary: 'list the tokens by which programs get in; never what they are',
  examples: ['token list', 'token list --where expired=yes'],
  fields: ['name', 'role', 'expires', 'expired'],
  columns: COLUMNS,
  run: (_, { process }) => process.balancer.tokens.map(rowOf),
  empty: () => 'no program gets in; make a token with: token create NAME\n',
})

function rowOf(token: TokenSnapshot) {
  const { name, access: role, expires } = token
  return { name, role, expires: expires || null, expired: hasExpired(token, Date.now()) }
}

/** The token without anything to guess at. */
function shown({ name, access, expires }: TokenSnapshot) {
  return { name, access, expires: expires || null }
}

function endOf({ expires }: TokenSnapshot): string {
  return expires === '' ? 'never expires' : `expires ${expires}`
}

// To the second, and never before the time that was asked for.
function textOf(expires: Expiry): string {
  if ('text' in expires) return expires.text
  return formatInstant(Math.ceil((Date.now() + expires.afterMs) / 1_000) * 1_000)
}

/** @throws BalancerError NAME_TAKEN */
function requireFree(name: string, tokens: readonly TokenSnapshot[]): void {
  if (tokens.every((token) => token.name !== name)) return
  const next = `take another name, or revoke it first: token remove ${name}`
  throw new BalancerError('NAME_TAKEN', `there is a token ${name} already; ${next}`)
}

/** @throws BalancerError VALUE_BAD */
function requireTimeLeft(token: TokenSnapshot): void {
  if (!hasExpired(token, Date.now())) return
  const what = `${token.expires} has passed, so nobody could get in by it`
  throw new BalancerError('VALUE_BAD', `expires: ${what}`)
}
