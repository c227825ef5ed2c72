// `show listeners`: the addresses at which clients come in.
import type { Listener } from '../model/listener.ts'
import { type Column, formatTable } from './columns.ts'
import { command } from './command.ts'
import { inScope, scope } from './paths.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'LISTENER', of: ({ path }) => path },
  { title: 'BOUND', of: ({ bound }) => bound },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'TOTAL', of: ({ total }) => total, right: true },
  { title: 'FAILED', of: ({ failed }) => failed, right: true },
  { title: 'MAX', of: ({ maxSessions }) => (maxSessions === 0 ? '' : maxSessions), right: true },
  { title: 'PROXY', of: ({ proxy }) => proxy },
]

export const showListeners = command({
  words: ['show', 'listeners'],
  arguments: { scope: { kind: scope, summary: 'only below this path', optional: true } },
  role: 'readonly',
  summary: 'list the listeners: the addresses at which clients come in',
  examples: ['show listeners', 'show listeners web'],
  json: {
    list: true,
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
  },
  run: ({ scope: within }, { process }) => {
    const listeners = process.balancer.listenerList
    return listeners.filter(({ path }) => inScope(path, within)).map(rowOf)
  },
  text(rows, { scope: within }, { columns }) {
    if (rows.length > 0) return formatTable(COLUMNS, rows, columns)
    const where = within === undefined ? '' : ` in ${within.path}`
    return `no listeners${where}; add one with: listen add SERVICE ADDRESS\n`
  },
})

function rowOf(listener: Listener) {
  return { path: listener.path, ...listener.describe() }
}
