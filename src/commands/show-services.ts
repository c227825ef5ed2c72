// `show services`: the front doors, which group serves behind each, and what is wrong there.
import type { Service } from '../model/service.ts'
import { type Column, formatTable } from './columns.ts'
import { command } from './command.ts'
import { notesOn } from './notes.ts'
import { inScope, scope } from './paths.ts'

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'SERVICE', of: ({ name }) => name },
  { title: 'LISTENERS', of: ({ listeners }) => listeners.join(' ') },
  { title: 'SERVING', of: ({ enabledGroup }) => enabledGroup },
  { title: 'READY', of: ({ ready, hosts }) => `${ready}/${hosts}`, right: true },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'TOTAL', of: ({ total }) => total, right: true },
  { title: 'FAILED', of: ({ failed }) => failed, right: true },
]

export const showServices = command({
  words: ['show', 'services'],
  arguments: { scope: { kind: scope, summary: 'only this service', optional: true } },
  role: 'readonly',
  summary: 'list the services: where they listen and which group serves',
  examples: ['show services', 'show services web --json'],
  json: {
    list: true,
    fields: [
      'path',
      'name',
      'mode',
      'listeners',
      'groups',
      'enabledGroup',
      'ready',
      'hosts',
      'panic',
      'open',
      'total',
      'failed',
      'accessLog',
    ],
  },
  run: ({ scope: within }, { process }) => {
    return process.balancer.serviceList.filter(({ path }) => inScope(path, within)).map(rowOf)
  },
  text(rows, { scope: within }, { process, columns }) {
    const groups = process.balancer.serviceList.flatMap(({ servingGroup = [] }) => servingGroup)
    const notes = notesOn(
      groups.filter(({ path }) => inScope(path, within)),
      process,
    )
    if (rows.length > 0) return formatTable(COLUMNS, rows, columns) + notes
    return within === undefined
      ? `no services; add one with: add service NAME\n${notes}`
      : `${within.path} is not a service\n${notes}`
  },
})

function rowOf(service: Service) {
  const hosts = service.servingGroup?.hostList ?? []
  const ready = hosts.filter((host) => host.ready).length
  return { path: service.path, ...service.describe(), ready, hosts: hosts.length }
}
