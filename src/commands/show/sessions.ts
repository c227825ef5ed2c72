// `show sessions`: who is connected right now. There may be very many, so they are read page by page,
// with a turn of the loop in between, and only as many as were asked for are kept.
import { LIMITS } from '../../base/limits.ts'
import type { Named } from '../../model/balancer.ts'
import { whole } from '../../model/field.ts'
import type { Column } from '../answer/columns.ts'
import type { CommandContext } from '../context.ts'
import type { SessionView } from '../../model/session-view.ts'
import { fieldFlag } from '../line/kinds.ts'
import { arranged, listCommand } from '../answer/list.ts'
import type { View } from '../answer/list-view.ts'
import { inScope, scope } from '../line/paths.ts'
import { sessionPages } from '../answer/session-pages.ts'

/** Sessions that one answer holds where nothing is said. */
const SHOWN = 100

const mostShown = whole({
  attribute: 'limit',
  summary: `sessions to show at most; ${SHOWN} where it is left out`,
  effect: 'at once',
  min: 1,
  max: LIMITS.sessionsShownMax,
  standard: SHOWN,
})

const onlyAfter = whole({
  attribute: 'after',
  summary: 'only sessions with a higher number, to go on where an answer ended',
  effect: 'at once',
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  standard: 0,
})

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ID', of: ({ id }) => id, right: true },
  { title: 'CLIENT', of: ({ client }) => client },
  { title: 'LISTENER', of: ({ service, listener }) => `${service}/listen/${listener}` },
  { title: 'HOST', of: ({ service, group, host }) => `${service}/${group}/${host}` },
  { title: 'STEP', of: ({ step }) => step },
  { title: 'SINCE', of: ({ since }) => since },
  {
    title: 'IDLE',
    of: ({ idleMs }) => `${(idleMs / 1_000).toFixed(1)}s`,
    field: 'idleMs',
    right: true,
  },
  {
    title: 'FROM CLIENT',
    of: ({ bytesFromClient }) => bytesFromClient,
    field: 'bytesFromClient',
    right: true,
  },
  {
    title: 'FROM HOST',
    of: ({ bytesFromHost }) => bytesFromHost,
    field: 'bytesFromHost',
    right: true,
  },
]

export const showSessions = listCommand({
  words: ['show', 'sessions'],
  arguments: { scope: { kind: scope, summary: 'only of this object', optional: true } },
  flags: { limit: fieldFlag('N', mostShown), after: fieldFlag('ID', onlyAfter) },
  role: 'readonly',
  summary: 'list the open sessions, oldest first',
  examples: ['show sessions', 'show sessions web/main/a --limit 20'],
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
  columns: COLUMNS,
  run: ({ scope: within, limit, after }, context, view) => {
    const most = limit ?? (view.piped ? LIMITS.sessionsShownMax : SHOWN)
    return sessionsIn({ within, most, after }, view, context)
  },
  empty({ scope: within }) {
    const where = within === undefined ? '' : ` of ${within.path}`
    return `no sessions${where} are open\n`
  },
  notes(rows, { scope: within, limit: most = SHOWN }, { process }) {
    if (rows.length < most || rows.length === process.sessionCount) return ''
    const where = within === undefined ? '' : ` of ${within.path}`
    return `the first ${rows.length}${where}, of ${process.sessionCount} open in all; --limit N shows more\n`
  },
})

interface Wanted {
  readonly within: Named | undefined
  readonly most: number
  readonly after: number | undefined
}

// In another order the first ones are known when all were looked at; only so many are kept meanwhile.
async function sessionsIn(
  { within, most, after = 0 }: Wanted,
  view: View<Row>,
  { process, signal }: CommandContext,
): Promise<readonly Row[]> {
  let found: readonly Row[] = []
  // A path is put together each time that it is asked for.
  const place = within && { path: within.path }
  for await (const page of sessionPages(process, signal, { after, first: most })) {
    const meant = place === undefined ? page : page.filter((each) => belongs(each, place))
    const kept = meant.filter((session) => view.keeps(comparableOf(session)))
    found = arranged([...found, ...kept.map(rowOf)], view).slice(0, most)
    if (found.length >= most && view.order === undefined) break
  }
  return found
}

/** Is it of this object: at this listener, or on this host, group or service? */
export function belongs(
  { service, listener, group, host }: Pick<SessionView, 'service' | 'listener' | 'group' | 'host'>,
  within: Pick<Named, 'path'> | undefined,
): boolean {
  return (
    inScope(`${service}/${group}/${host}`, within) ||
    inScope(`${service}/listen/${listener}`, within)
  )
}

function rowOf(session: SessionView) {
  return { ...session, since: sinceOf(session) }
}

/** The row to compare with: ten thousand may be looked at for none, and to write a time costs more than all else. */
function comparableOf(session: SessionView): Row {
  return new Proxy(session, COMPARABLE) as object as Row
}

const COMPARABLE: ProxyHandler<SessionView> = {
  get: (session, field) =>
    field === 'since' ? sinceOf(session) : session[field as keyof SessionView],
}

function sinceOf({ since }: SessionView): string {
  return new Date(since).toISOString()
}
