// `show services`: the front doors, which group serves behind each, and what is wrong there.
import type { Service } from '../../model/service.ts'
import type { Column } from '../answer/columns.ts'
import { listCommand } from '../answer/list.ts'
import { notesOn } from '../answer/notes.ts'
import { inScope, scope } from '../line/paths.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'SERVICE', of: ({ name }) => name, field: 'name' },
  { title: 'LISTENERS', of: ({ listeners }) => listeners.join(' ') },
  { title: 'SERVING', of: servingOf, field: 'enabledGroup' },
  { title: 'READY', of: ({ ready, hosts }) => `${ready}/${hosts}`, right: true },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'TOTAL', of: ({ total }) => total, right: true },
  { title: 'FAILED', of: ({ failed }) => failed, right: true },
]

export const showServices = listCommand({
  words: ['show', 'services'],
  arguments: { scope: { kind: scope, summary: 'only this service', optional: true } },
  role: 'readonly',
  summary: 'list the services: where they listen and which group serves',
  examples: ['show services', 'show services web --json'],
  fields: [
    'path',
    'name',
    'mode',
    'listeners',
    'bound',
    'groups',
    'enabledGroup',
    'ready',
    'hosts',
    'panic',
    'pausedUntil',
    'open',
    'total',
    'failed',
    'accessLog',
    'engine',
  ],
  columns: COLUMNS,
  run: ({ scope: within }, { process }) => {
    return process.balancer.serviceList.filter(({ path }) => inScope(path, within)).map(rowOf)
  },
  notes(_, { scope: within }, { process }) {
    const groups = process.balancer.serviceList.flatMap(({ servingGroup = [] }) => servingGroup)
    return notesOn(
      groups.filter(({ path }) => inScope(path, within)),
      process,
    )
  },
  empty({ scope: within }) {
    return within === undefined
      ? 'no services; add one with: add service NAME\n'
      : `${within.path} is not a service\n`
  },
})

function servingOf({ enabledGroup, pausedUntil }: Row): string {
  return pausedUntil === null ? enabledGroup : `${enabledGroup} (paused)`
}

function rowOf(service: Service) {
  const hosts = service.servingGroup?.hostList ?? []
  const ready = hosts.filter((host) => host.ready).length
  // In the order of `listeners`; '' for one that is not open.
  const bound = service.listenerList.map((listener) => listener.bound)
  return { path: service.path, ...service.describe(), bound, ready, hosts: hosts.length }
}
