// `show groups`: the sets of hosts, by which rule each gives out sessions, and how it is set up.
import type { Balancer, Named } from '../model/balancer.ts'
import type { Group } from '../model/group.ts'
import { type Column, formatTable } from './columns.ts'
import { command } from './command.ts'
import { notesOn } from './notes.ts'
import { inScope, scope } from './paths.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'GROUP', of: ({ path }) => path },
  { title: 'ENABLED', of: ({ enabled }) => enabled },
  { title: 'SCHEDULER', of: ({ scheduler, ask }) => (ask === '' ? scheduler : `${ask}()`) },
  { title: 'READY', of: ({ ready, hosts }) => `${ready}/${hosts.length}`, right: true },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'WAITING', of: ({ waiting }) => waiting, right: true },
]

export const showGroups = command({
  words: ['show', 'groups'],
  arguments: { scope: { kind: scope, summary: 'only below this path', optional: true } },
  role: 'readonly',
  summary: 'list the groups: their scheduler, hosts and settings',
  examples: ['show groups', 'show groups web --json'],
  json: {
    list: true,
    fields: [
      'path',
      'service',
      'name',
      'enabled',
      'scheduler',
      'ask',
      'ready',
      'panic',
      'open',
      'waiting',
      'hosts',
      'connectTimeoutMs',
      'idleTimeoutMs',
      'retries',
      'maxFails',
      'maxSessions',
      'queue',
      'queueTimeoutMs',
      'proxy',
    ],
  },
  run: ({ scope: within }, { process }) => groupsIn(process.balancer, within).map(rowOf),
  text(rows, { scope: within }, { process, columns }) {
    const notes = notesOn(groupsIn(process.balancer, within), process)
    if (rows.length > 0) return formatTable(COLUMNS, rows, columns) + notes
    const where = within === undefined ? '' : ` in ${within.path}`
    return `no groups${where}; add one with: add group SERVICE/NAME\n${notes}`
  },
})

function groupsIn(balancer: Balancer, within: Named | undefined): readonly Group[] {
  return balancer.groupList.filter(({ path }) => inScope(path, within))
}

function rowOf(group: Group) {
  const { hosts: _hosts, checks: _checks, ...values } = group.snapshot()
  return { path: group.path, ...values, ...group.describe() }
}
