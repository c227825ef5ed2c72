// `show hosts`: every server, what is wanted of it, what was seen of it, and what it carries.
import type { Named } from '../../model/balancer.ts'
import type { Host } from '../../model/host.ts'
import { isAtOrBelow } from '../../model/place.ts'
import type { Column } from '../answer/columns.ts'
import { listCommand } from '../answer/list.ts'
import { notesOn } from '../answer/notes.ts'
import { inScope, scope } from '../line/paths.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'HOST', of: ({ path }) => path, field: 'path' },
  { title: 'ADDRESS', of: ({ address }) => address },
  { title: 'WEIGHT', of: ({ weight }) => weight, right: true },
  { title: 'INTENT', of: ({ intent }) => intent },
  { title: 'HEALTH', of: ({ health }) => health },
  { title: 'READY', of: ({ ready }) => ready },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'TOTAL', of: ({ total }) => total, right: true },
  { title: 'FAILED', of: ({ failed }) => failed, right: true },
  { title: 'REASON', of: ({ reason }) => reason },
]

export const showHosts = listCommand({
  words: ['show', 'hosts'],
  arguments: { scope: { kind: scope, summary: 'only below this path', optional: true } },
  role: 'readonly',
  summary: 'list the hosts: intent, health, sessions, and why one is not ready',
  examples: ['show hosts', 'show hosts web/main', 'show hosts --json'],
  fields: [
    'path',
    'service',
    'group',
    'name',
    'address',
    'weight',
    'intent',
    'health',
    'healthReason',
    'healthSince',
    'ready',
    'reason',
    'open',
    'total',
    'failed',
    'maxSessions',
  ],
  columns: COLUMNS,
  run: ({ scope: within }, { process }) => {
    return process.balancer.hostList.filter(({ path }) => inScope(path, within)).map(rowOf)
  },
  notes(_, { scope: within }, { process }) {
    const groups = process.balancer.groupList.filter(({ path }) => touches(path, within))
    return notesOn(groups, process)
  },
  empty({ scope: within }) {
    const [where, place] = within === undefined ? ['', 'SERVICE/GROUP'] : placeIn(within)
    return `no hosts${where}; add one with: add host ${place}/NAME ADDRESS\n`
  },
})

/** Is the group in the scope, or is the scope one of its hosts? */
function touches(path: string, within: Named | undefined): boolean {
  return inScope(path, within) || (within !== undefined && isAtOrBelow(within.path, path))
}

function placeIn({ path }: Named): [string, string] {
  return [` in ${path}`, path.includes('/') ? path : `${path}/GROUP`]
}

function rowOf(host: Host) {
  const since = host.healthSince
  const healthSince = since === 0 ? null : new Date(since).toISOString()
  return { path: host.path, ...host.describe(), healthSince }
}
