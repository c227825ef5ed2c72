// `show summary`: how things stand, on one screen: what serves, what is wrong, who is here, what was changed last.
import type { ActView } from '../../model/journal.ts'
import type { Service } from '../../model/service.ts'
import { textOfChange } from '../answer/change-text.ts'
import { type Column, formatTable } from '../answer/columns.ts'
import { command } from '../command.ts'
import type { OperatorView, Process } from '../context.ts'
import { endedText, pendingText } from '../answer/confirm-text.ts'
import { agoOf, spanOf } from '../answer/figures.ts'
import { notesOn } from '../answer/notes.ts'

type Summary = ReturnType<typeof summaryOf>
type ServiceRow = ReturnType<typeof serviceOf>

const COLUMNS: readonly Column<ServiceRow>[] = [
  { title: 'SERVICE', of: ({ name }) => name },
  { title: 'GROUP', of: ({ group }) => group },
  { title: 'READY', of: ({ ready, hosts }) => `${ready}/${hosts}`, right: true },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'TOTAL', of: ({ total }) => total, right: true },
  { title: 'FAILED', of: ({ failed }) => failed, right: true },
  { title: 'WAITING', of: ({ waiting }) => waiting, right: true },
]

export const showSummary = command({
  words: ['show', 'summary'],
  role: 'readonly',
  summary:
    'say on one screen how things stand: services, what is wrong, who is here, the last change',
  examples: ['show summary'],
  json: {
    list: false,
    fields: [
      'version',
      'engine',
      'startedAt',
      'uptimeMs',
      'sessions',
      'services',
      'listenersClosed',
      'unserved',
      'down',
      'panic',
      'paused',
      'unsaved',
      'readOnlyConfig',
      'conflicts',
      'auditUnwritable',
      'operators',
      'lastChange',
      'pendingCommit',
      'lastCommit',
    ],
  },
  run: (_, { process }) => summaryOf(process),
  text: (summary, _, { process, columns }) => textOf(summary, process, columns),
})

function summaryOf(process: Process) {
  const { balancer, version, startedAt } = process
  const { unsaved = null, readOnly: readOnlyConfig } = process.document()
  return {
    version,
    engine: process.engine.name,
    startedAt: new Date(startedAt).toISOString(),
    uptimeMs: Math.max(0, Date.now() - startedAt),
    sessions: process.sessionCount,
    services: balancer.serviceList.map(serviceOf),
    listenersClosed: pathsWhere(balancer.listenerList, ({ state }) => state !== 'open'),
    unserved: pathsWhere(balancer.serviceList, isUnserved),
    down: pathsWhere(balancer.hostList, ({ wanted, health }) => wanted && health === 'down'),
    panic: pathsWhere(balancer.groupList, ({ panic }) => panic),
    paused: pathsWhere(balancer.serviceList, ({ paused }) => paused),
    unsaved,
    readOnlyConfig,
    conflicts: process.conflicts.paths.length,
    auditUnwritable: process.audit.unwritable ?? null,
    operators: process.operators.list().map(operatorOf),
    lastChange: lastChangeOf(process.journal.acts(undefined, 1)),
    pendingCommit: pendingCommitOf(process),
    lastCommit: lastCommitOf(process),
  }
}

function serviceOf(service: Service) {
  const { name, open, total, failed } = service.describe()
  const group = service.servingGroup
  const { ready = 0, waiting = 0, hosts = [] } = group?.describe() ?? {}
  return {
    name,
    group: group?.name ?? '',
    ready,
    hosts: hosts.length,
    open,
    total,
    failed,
    waiting,
  }
}

function operatorOf({ operator, role, address, since }: OperatorView) {
  return { operator, role, address, since: new Date(since).toISOString() }
}

// Of the last act, which may have changed many things, the last change.
function lastChangeOf([act]: readonly ActView[]) {
  const change = act?.changes.at(-1)
  if (act === undefined || change === undefined) return null
  const { origin, changes } = act
  const text = textOfChange(change)
  return { time: new Date(change.time).toISOString(), origin, changes: changes.length, text }
}

/** The one that has to be confirmed. */
export function pendingCommitOf({ confirmations: { pending } }: Process) {
  if (pending === undefined) return null
  const { changes, time, confirmBefore, ...rest } = pending
  const times = { time: timeOf(time), confirmBefore: timeOf(confirmBefore) }
  return { ...rest, ...times, changes: changes.length, text: pendingText(pending) }
}

/** What became of the last one that had to be. */
function lastCommitOf({ confirmations: { last } }: Process) {
  if (last === undefined) return null
  const { operator, comment, outcome, time, origin, reason, kept } = last
  const facts = { operator, comment, outcome, time: timeOf(time), origin, reason, kept }
  return { ...facts, text: endedText(last) }
}

function timeOf(time: number): string {
  return new Date(time).toISOString()
}

// In a panic the hosts that are down are tried as well; a service without hosts is not set up yet.
function isUnserved({ servingGroup }: Service): boolean {
  const { panic = false, hostList = [] } = servingGroup ?? {}
  return hostList.length > 0 && !panic && !hostList.some(({ ready }) => ready)
}

function pathsWhere<Of extends { readonly path: string }>(
  objects: readonly Of[],
  is: (object: Of) => boolean,
): readonly string[] {
  return objects.filter(is).map(({ path }) => path)
}

const NEVER_WRITTEN =
  'the file is never written: what is changed live is lost at the stop, edits of it are taken over\n'

function textOf(summary: Summary, process: Process, columns: number): string {
  const { version, engine, uptimeMs, sessions, services, operators } = summary
  const table = services.length === 0 ? 'no services\n' : formatTable(COLUMNS, services, columns)
  const who = operators.map(({ operator, address }) => `${operator} from ${address}`).join(', ')
  return [
    `sluice ${version}, engine ${engine}, up ${spanOf(uptimeMs)}, ${sessions} sessions open\n\n`,
    `${table}\n`,
    troublesOf(summary, process),
    commitsOf(summary),
    summary.readOnlyConfig ? NEVER_WRITTEN : '',
    `logged in: ${who || 'nobody'}\n`,
    `${lastOf(summary)}\n`,
  ].join('')
}

function lastOf({ lastChange }: Summary): string {
  if (lastChange === null) return 'nothing was changed since the start'
  const { text, origin, time } = lastChange
  return `last change: ${text}, by ${origin} ${agoOf(Date.parse(time))}`
}

function commitsOf({ pendingCommit, lastCommit }: Summary): string {
  const last =
    lastCommit === null ? [] : [`${lastCommit.text}, ${agoOf(Date.parse(lastCommit.time))}`]
  const lines = pendingCommit === null ? last : [`TO CONFIRM: ${pendingCommit.text}`]
  return lines.map((line) => `${line}\n`).join('')
}

/** All that is wrong, or that nothing is. */
function troublesOf({ listenersClosed, unserved, down }: Summary, process: Process): string {
  const notes = [
    ...listenersClosed.map((path) => `closed: ${path} takes no clients\n`),
    ...unserved.map((path) => `no host of ${path} is ready; see: explain pick ${path}\n`),
    ...(down.length === 0 ? [] : [`down: ${listOf(down)}; see: show hosts\n`]),
  ]
  const said = notesOn(process.balancer.groupList, process) + notes.join('')
  // What could not be undone is told below.
  const isStuck = typeof process.confirmations.pending?.undoFailed === 'string'
  return said === '' && !isStuck ? 'nothing is wrong\n' : said
}

/** Paths that one line shows. */
const LISTED_MAX = 5

function listOf(paths: readonly string[]): string {
  const more = paths.length - LISTED_MAX
  return paths.slice(0, LISTED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
