// `show groups`: the sets of hosts, by which rule each gives out sessions, and how it is set up.
import type { Balancer, Named } from '../../model/balancer.ts'
import type { Group } from '../../model/group.ts'
import type { Column } from '../answer/columns.ts'
import { listCommand } from '../answer/list.ts'
import type { Process } from '../context.ts'
import { notesOn } from '../answer/notes.ts'
import { inScope, scope } from '../line/paths.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'GROUP', of: ({ path }) => path, field: 'path' },
  { title: 'ENABLED', of: ({ enabled }) => enabled },
  { title: 'SCHEDULER', of: ({ scheduler, ask }) => (ask === '' ? scheduler : `${ask}()`) },
  { title: 'READY', of: ({ ready, hosts }) => `${ready}/${hosts.length}`, right: true },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'WAITING', of: ({ waiting }) => waiting, right: true },
]

export const showGroups = listCommand({
  words: ['show', 'groups'],
  arguments: { scope: { kind: scope, summary: 'only below this path', optional: true } },
  role: 'readonly',
  summary: 'list the groups: their scheduler, hosts and settings',
  examples: ['show groups', 'show groups web --json'],
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
    'rebalance',
    'hosts',
    'checks',
    'connectTimeoutMs',
    'idleTimeoutMs',
    'retries',
    'maxFails',
    'maxSessions',
    'queue',
    'queueTimeoutMs',
    'proxy',
  ],
  columns: COLUMNS,
  run: ({ scope: within }, { process }) => {
    return groupsIn(process.balancer, within).map((group) => rowOf(group, process))
  },
  notes: (_, { scope: within }, { process }) => {
    return notesOn(groupsIn(process.balancer, within), process)
  },
  empty({ scope: within }) {
    const where = within === undefined ? '' : ` in ${within.path}`
    return `no groups${where}; add one with: add group SERVICE/NAME\n`
  },
})

function groupsIn(balancer: Balancer, within: Named | undefined): readonly Group[] {
  return balancer.groupList.filter(({ path }) => inScope(path, within))
}

function rowOf(group: Group, process: Process) {
  const { hosts: _hosts, ...values } = group.snapshot()
  const under = process.rebalances.of(group)
  const rebalance =
    under === undefined ? null : { ...under, until: new Date(under.until).toISOString() }
  return { path: group.path, ...values, ...group.describe(), rebalance }
}
