// `show listeners`: the addresses at which clients come in.
import type { Listener } from '../../model/listener.ts'
import type { Column } from '../answer/columns.ts'
import { listCommand } from '../answer/list.ts'
import { inScope, scope } from '../line/paths.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'LISTENER', of: ({ path }) => path, field: 'path' },
  { title: 'BOUND', of: ({ bound }) => bound },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'TOTAL', of: ({ total }) => total, right: true },
  { title: 'FAILED', of: ({ failed }) => failed, right: true },
  {
    title: 'MAX',
    of: ({ maxSessions }) => (maxSessions === 0 ? '' : maxSessions),
    field: 'maxSessions',
    right: true,
  },
  { title: 'PROXY', of: ({ proxy }) => proxy },
]

export const showListeners = listCommand({
  words: ['show', 'listeners'],
  arguments: { scope: { kind: scope, summary: 'only below this path', optional: true } },
  role: 'readonly',
  summary: 'list the listeners: the addresses at which clients come in',
  examples: ['show listeners', 'show listeners web'],
  fields: [
    'path',
    'service',
    'address',
    'bound',
    'state',
    'open',
    'total',
    'failed',
    'maxSessions',
    'proxy',
    'allow',
    'deny',
  ],
  columns: COLUMNS,
  run: ({ scope: within }, { process }) => {
    const listeners = process.balancer.listenerList
    return listeners.filter(({ path }) => inScope(path, within)).map(rowOf)
  },
  empty({ scope: within }) {
    const where = within === undefined ? '' : ` in ${within.path}`
    return `no listeners${where}; add one with: listen add SERVICE ADDRESS\n`
  },
})

function rowOf(listener: Listener) {
  return { path: listener.path, ...listener.describe() }
}
