// `show sessions`: who is connected right now. There may be very many, so they are read page by page,
// with a turn of the loop in between, and only as many as were asked for are kept.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Named } from '../model/balancer.ts'
import { whole } from '../model/field.ts'
import { type Column, formatTable } from './columns.ts'
import { command } from './command.ts'
import type { CommandContext } from './context.ts'
import type { SessionView } from '../model/session-view.ts'
import { fieldFlag } from './kinds.ts'
import { inScope, scope } from './paths.ts'

/** Sessions that one answer holds where nothing is said. */
const SHOWN = 100
/** Sessions that are looked at in one turn of the loop. */
const PAGE = 1_000

const limit = whole({
  attribute: 'limit',
  summary: `sessions to show at most; ${SHOWN} where it is left out`,
  effect: 'at once',
  min: 1,
  max: LIMITS.sessionsShownMax,
  standard: SHOWN,
})

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', of: ({ id }) => id, right: true },
  { title: 'CLIENT', of: ({ client }) => client },
  { title: 'LISTENER', of: ({ service, listener }) => `${service}/listen/${listener}` },
  { title: 'HOST', of: ({ service, group, host }) => `${service}/${group}/${host}` },
  { title: 'STEP', of: ({ step }) => step },
  { title: 'SINCE', of: ({ since }) => since },
  { title: 'IDLE', of: ({ idleMs }) => `${(idleMs / 1_000).toFixed(1)}s`, right: true },
  { title: 'FROM CLIENT', of: ({ bytesFromClient }) => bytesFromClient, right: true },
  { title: 'FROM HOST', of: ({ bytesFromHost }) => bytesFromHost, right: true },
]

export const showSessions = command({
  words: ['show', 'sessions'],
  arguments: { scope: { kind: scope, summary: 'only of this object', optional: true } },
  flags: { limit: fieldFlag('N', limit) },
  role: 'readonly',
  summary: 'list the open sessions, oldest first',
  examples: ['show sessions', 'show sessions web/main/a --limit 20'],
  json: {
    list: true,
    fields: [
      'id',
      'service',
      'listener',
      'group',
      'host',
      'client',
      'step',
      'since',
      'idleMs',
      'bytesFromClient',
      'bytesFromHost',
    ],
  },
  run: async ({ scope: within, limit: most = SHOWN }, context) => {
    return (await sessionsIn(within, most, context)).map(rowOf)
  },
  text(rows, { scope: within, limit: most = SHOWN }, { process, columns }) {
    const where = within === undefined ? '' : ` of ${within.path}`
    if (rows.length === 0) return `no sessions${where} are open\n`
    const table = formatTable(COLUMNS, rows, columns)
    if (rows.length < most) return table
    return `${table}the first ${most}${where}, of ${process.sessionCount} open in all; --limit N shows more\n`
  },
})

async function sessionsIn(
  within: Named | undefined,
  most: number,
  { process, signal }: CommandContext,
): Promise<readonly SessionView[]> {
  const found: SessionView[] = []
  let after = 0
  while (!signal.aborted) {
    const page = process.sessions({ after, limit: PAGE })
    found.push(...page.filter((row) => belongs(row, within)))
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE || found.length >= most)
      return found.slice(0, most)
    after = last.id
    await nextTurn()
  }
  throw new BalancerError('REFUSED', 'interrupted')
}

function belongs(
  { service, listener, group, host }: SessionView,
  within: Named | undefined,
): boolean {
  return (
    inScope(`${service}/${group}/${host}`, within) ||
    inScope(`${service}/listen/${listener}`, within)
  )
}

function rowOf({ since, ...row }: SessionView) {
  return { ...row, since: new Date(since).toISOString() }
}
