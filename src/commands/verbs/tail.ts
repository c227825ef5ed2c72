// `tail`: what is new, as it happens, until the operator leaves.
import type { AuditLine } from '../../audit/line.ts'
import { LIMITS } from '../../base/limits.ts'
import { formatLogLine, LOG_LEVELS, type LogLine } from '../../base/log.ts'
import type { Named } from '../../model/balancer.ts'
import type { Change } from '../../model/change.ts'
import { whole } from '../../model/field.ts'
import type { ClosedSessionView } from '../../model/session-view.ts'
import { AUDIT_FLAGS, isWanted } from './audit.ts'
import { textOfAudit, whoOf } from '../answer/audit-text.ts'
import { textOfChange } from '../answer/change-text.ts'
import { printable } from '../answer/columns.ts'
import { streamCommand } from '../command.ts'
import type { CommandContext, Feeds } from '../context.ts'
import { spanOf } from '../answer/figures.ts'
import { type Fed, feed } from '../answer/feed.ts'
import { fieldFlag, oneOf } from '../line/kinds.ts'
import { inScope, scope } from '../line/paths.ts'
import { belongs } from '../show/sessions.ts'

const earlierLines = whole({
  attribute: 'lines',
  summary: 'earlier lines to begin with, at most; 10 where it is left out',
  effect: 'at once',
  min: 0,
  max: LIMITS.logLinesKept,
  standard: 10,
})

const onlyBelow = { kind: scope, summary: 'only of this object', optional: true } as const

export const tailLog = streamCommand({
  words: ['tail', 'log'],
  flags: {
    lines: fieldFlag('N', earlierLines),
    level: { kind: oneOf('LEVEL', LOG_LEVELS), summary: 'only lines at least as severe' },
  },
  role: 'readonly',
  summary: 'print lines of the log as they are written, until you leave',
  examples: ['tail log', 'tail log --level warn --lines 100'],
  json: { list: false, fields: ['time', 'level', 'event', 'facts', 'lost'] },
  async *run({ lines = earlierLines.standard, level = 'debug' }, context) {
    const isSevere = (line: LogLine) => LOG_LEVELS.indexOf(line.level) <= LOG_LEVELS.indexOf(level)
    const earlier = () => lastOf(context.process.logLines().filter(isSevere), lines)
    for await (const { item, lost } of followed('log', context, isSevere, earlier))
      yield { ...item, lost }
  },
  text: (line) => `${lossOf(line)}${formatLogLine(line)}\n`,
})

export const tailAudit = streamCommand({
  words: ['tail', 'audit'],
  flags: { lines: fieldFlag('N', earlierLines), ...AUDIT_FLAGS },
  // It tells what everybody typed, and from where.
  role: 'full',
  looks: true,
  summary: 'print lines of the audit log as they are written, until you leave',
  examples: ['tail audit', 'tail audit --lines 100 --json'],
  json: { list: false, fields: ['line', 'lost'] },
  async *run({ lines = earlierLines.standard, operator, event }, context) {
    const keeps = (line: AuditLine) => isWanted(line, { operator, event })
    const earlier = () => lastOf(context.process.audit.lines().filter(keeps), lines)
    for await (const { item, lost } of followed('audit', context, keeps, earlier))
      yield { line: item, lost }
  },
  text: ({ line, lost }) => `${lossOf({ lost })}${auditText(line)}\n`,
})

export const tailChanges = streamCommand({
  words: ['tail', 'changes'],
  arguments: { scope: onlyBelow },
  role: 'readonly',
  summary: 'print changes as they are made, whoever makes them, until you leave',
  examples: ['tail changes', 'tail changes web/main --json'],
  json: {
    list: false,
    fields: ['number', 'time', 'origin', 'act', 'action', 'path', 'field', 'from', 'to', 'lost'],
  },
  async *run({ scope: within }, context) {
    const keeps = ({ path }: Change) => inScope(path, within)
    for await (const { item, lost } of followed('changes', context, keeps)) {
      yield { ...rowOfChange(item), lost }
    }
  },
  text({ time, origin, field, lost, ...change }) {
    const named = field === null ? {} : { field }
    const what = textOfChange({ ...change, origin, time: Date.parse(time), ...named })
    return `${lossOf({ lost })}${time} ${origin} ${what}\n`
  },
})

export const tailSessions = streamCommand({
  words: ['tail', 'sessions'],
  arguments: { scope: onlyBelow },
  role: 'readonly',
  summary: 'print sessions as they end, of every service, until you leave',
  examples: ['tail sessions', 'tail sessions web/main/a'],
  json: {
    list: false,
    fields: [
      'time',
      'id',
      'service',
      'listener',
      'group',
      'host',
      'client',
      'reason',
      'attempts',
      'connectMs',
      'durationMs',
      'bytesFromClient',
      'bytesFromHost',
      'lost',
    ],
  },
  async *run({ scope: within }, context) {
    const keeps = (session: ClosedSessionView) => isOf(session, within)
    for await (const { item, lost } of followed('sessions', context, keeps))
      yield { time: new Date().toISOString(), ...item, lost }
  },
  text: ({ time, lost, ...session }) => `${lossOf({ lost })}${time} ${textOfSession(session)}\n`,
})

/** A change as JSON has it. */
export function rowOfChange(change: Change) {
  const { before: _, time, field = null, from = null, to = null, ...rest } = change
  return { ...rest, time: new Date(time).toISOString(), field, from, to }
}

function followed<Name extends keyof Feeds>(
  name: Name,
  { process, signal }: CommandContext,
  keeps: (item: Feeds[Name]) => boolean,
  earlier: () => readonly Feeds[Name][] = () => [],
): AsyncGenerator<Fed<Feeds[Name]>> {
  return feed({ follow: (tell) => process.follow(name, tell), keeps, earlier, signal })
}

function isOf(session: ClosedSessionView, within: Named | undefined): boolean {
  return within === undefined || belongs(session, within)
}

function lastOf<Item>(items: readonly Item[], most: number): readonly Item[] {
  return most === 0 ? [] : items.slice(-most)
}

function lossOf({ lost }: { readonly lost: number }): string {
  return lost === 0 ? '' : `${lost} left out: they came faster than they could be shown\n`
}

function textOfSession(session: ClosedSessionView): string {
  const { id, client, service, listener, group, host, reason, durationMs } = session
  const to = host === '' ? 'no host' : `${service}/${group}/${host}`
  const bytes = `${session.bytesFromClient} bytes from the client, ${session.bytesFromHost} from the host`
  const from = `${client || '-'} at ${service}/listen/${listener}`
  return `${id} ${from} to ${to}: ${reason} after ${spanOf(durationMs)}, ${bytes}`
}

function auditText(line: AuditLine): string {
  const from = line.address === undefined ? '' : `from ${line.address}`
  const head = [line.time, line.number, line.event, whoOf(line), from].filter((word) => word !== '')
  const what = textOfAudit(line)
  // A line that was typed may have many, and none of them may pass for another entry.
  return printable(what === '' ? head.join(' ') : `${head.join(' ')}: ${what}`)
}
