// The audit log for those who ask: its last lines, and whether it is whole.
import {
  AUDIT_EVENTS,
  type AuditEvent,
  type AuditLine,
  type AuditVerdict,
} from '../../audit/line.ts'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { whole } from '../../model/field.ts'
import { textOfAudit, whoOf } from '../answer/audit-text.ts'
import type { Column } from '../answer/columns.ts'
import { command, type Kind } from '../command.ts'
import { fieldFlag, oneOf } from '../line/kinds.ts'
import { listCommand } from '../answer/list.ts'
import { auditNote } from '../answer/notes.ts'

const lines = whole({
  attribute: 'lines',
  summary: 'lines to show at most; 20 where it is left out',
  effect: 'at once',
  min: 1,
  max: LIMITS.auditLinesKept,
  standard: 20,
})

const operatorName: Kind<string> = {
  placeholder: 'NAME',
  accepts: 'the name of an operator, also of one who is no more',
  read: (word) => word,
  candidates: ({ balancer }) => balancer.users.map(({ name }) => name),
}

/** Which lines are wanted. */
export const AUDIT_FLAGS = {
  operator: { kind: operatorName, summary: 'only what this operator did or tried' },
  event: { kind: oneOf('EVENT', AUDIT_EVENTS), summary: 'only lines of this kind' },
} as const

export function isWanted(
  entry: AuditLine,
  {
    operator,
    event,
  }: { readonly operator?: string | undefined; readonly event?: AuditEvent | undefined },
): boolean {
  return (operator === undefined || isBy(entry, operator)) && (event ?? entry.event) === entry.event
}

type Row = ReturnType<typeof rowOf>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'TIME', of: ({ time }) => time },
  { title: 'N', of: ({ number }) => number, field: 'number', right: true },
  { title: 'EVENT', of: ({ event }) => event },
  { title: 'WHO', of: ({ who }) => who },
  { title: 'FROM', of: ({ address }) => address ?? '', field: 'address' },
  { title: 'WHAT', of: ({ what }) => what },
]

export const showAudit = listCommand({
  words: ['show', 'audit'],
  flags: { lines: fieldFlag('N', lines), ...AUDIT_FLAGS },
  // It tells what everybody typed, and from where.
  role: 'full',
  looks: true,
  summary: 'print the last lines of the audit log, newest last',
  examples: [
    'show audit',
    'show audit --operator bob --lines 100',
    "show audit --event 'login refused'",
  ],
  fields: [
    'number',
    'time',
    'event',
    'who',
    'operator',
    'login',
    'address',
    'key',
    'origin',
    'line',
    'action',
    'path',
    'field',
    'before',
    'after',
    'exit',
    'reason',
    'what',
    'hash',
  ],
  columns: COLUMNS,
  run({ lines: most = lines.standard, operator, event }, { process }) {
    const found = process.audit.lines().filter((entry) => isWanted(entry, { operator, event }))
    return found.slice(-most).map(rowOf)
  },
  empty: () => 'nothing like that is in the last lines; older ones are in the files\n',
  notes: (_rows, _given, { process }) =>
    auditNote(process.audit)
      .map((note) => `${note}\n`)
      .join(''),
})

export const auditVerify = command({
  words: ['audit', 'verify'],
  role: 'readonly',
  summary: 'say whether the audit log is whole, or what was cut, edited or removed',
  examples: ['audit verify'],
  json: { list: false, fields: ['whole', 'lines', 'files', 'last', 'faults', 'notes'] },
  async run(_, { process }): Promise<AuditVerdict> {
    const verdict = await process.audit.verify()
    if (verdict.whole) return verdict
    throw new BalancerError('AUDIT_BROKEN', verdict.faults.join('; '))
  },
  text: (verdict) => textOfVerdict(verdict).join(''),
})

/** What `audit verify` prints of a log that is whole. */
export function textOfVerdict({
  lines: count,
  files,
  last,
  notes,
}: AuditVerdict): readonly string[] {
  const [oldest = 'memory'] = files
  const newest = last === null ? '' : `; the last one is number ${last.number}, ${last.hash}`
  return [
    `whole: ${count} lines from ${oldest} on${newest}\n`,
    ...notes.map((note) => `note: ${note}\n`),
  ]
}

// Changes have their author in their origin: `ssh:bob`.
function isBy({ operator, origin = '' }: AuditLine, name: string): boolean {
  return operator === name || origin.replace(/^(?:ssh|login|web|api):/, '') === name
}

function rowOf(entry: AuditLine) {
  const { number, time, event, operator, login, address, key, origin, line } = entry
  const { action, path, field, before, after, exit, reason, hash } = entry
  return {
    number,
    time,
    event,
    who: whoOf(entry),
    operator: operator ?? null,
    login: login ?? null,
    address: address ?? null,
    key: key ?? null,
    origin: origin ?? null,
    line: line ?? null,
    action: action ?? null,
    path: path ?? null,
    field: field ?? null,
    before: before ?? null,
    after: after ?? null,
    exit: exit ?? null,
    reason: reason ?? null,
    what: textOfAudit(entry),
    hash,
  }
}
