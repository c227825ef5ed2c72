// Lines of the audit log as `show audit` and the events have them, made one shape, and which of them are wanted.
import { OPENED_MAX, visibleLine } from '../text/visible.ts'

/** As it stands in the log; absent where it does not apply. */
export interface AuditLine {
  readonly number: number
  readonly time: string
  readonly event: string
  readonly operator?: string | null
  readonly login?: number | null
  readonly address?: string | null
  readonly key?: string | null
  readonly origin?: string | null
  readonly line?: string | null
  readonly action?: string | null
  readonly path?: string | null
  readonly field?: string | null
  readonly before?: unknown
  readonly after?: unknown
  readonly exit?: number | null
  readonly reason?: string | null
  readonly hash: string
  /** Lines left out right before it, because they came faster than they could be sent. Not of the log. */
  readonly lost?: number | undefined
}

/** All events that there are, for a choice. */
export const AUDIT_EVENTS = [
  'start',
  'stop',
  'login',
  'login refused',
  'logout',
  'command',
  'result',
  'refused',
  'javascript',
  'change',
  'file',
  'tunnel',
  'commit undone',
  'commit not undone',
  'opened',
  'recovered',
  'broken',
] as const

export interface AuditFilter {
  /** '' for all. */
  readonly operator: string
  readonly event: string
}

/** An operator, or whatever else changes something. */
export function whoOf({ operator, origin }: AuditLine): string {
  return visibleLine(operator ?? origin ?? '')
}

/** `set weight of web/main/a: 1 → 5`, `show hosts`, `exit 0` … */
export function whatOf(entry: AuditLine): string {
  return visibleLine(wholeOf(entry))
}

/** The same without a cut. */
function wholeOf({ line, action, path, field, before, after, exit, reason }: AuditLine): string {
  const what = [action ?? '', field ? `${field} of` : '', path ?? ''].filter((word) => word !== '')
  const values = [before, after].map(shown)
  return [
    line ?? '',
    what.join(' '),
    values.every((value) => value === '') ? '' : values.join(' → ').trim(),
    exit === undefined || exit === null ? '' : `exit ${exit}`,
    reason ?? '',
  ]
    .filter((part) => part !== '')
    .join(': ')
}

/** All that is known of it, a line each. */
export function factsOf(entry: AuditLine): readonly (readonly [name: string, value: string])[] {
  return Object.entries(entry)
    .map(([name, value]) => [name, shown(value).slice(0, OPENED_MAX)] as const)
    .filter(([name, value]) => value !== '' && !['what', 'who', 'lost'].includes(name))
}

export function isWanted(entry: AuditLine, { operator, event }: AuditFilter): boolean {
  return (operator === '' || isBy(entry, operator)) && (event === '' || entry.event === event)
}

/** Is it worth a second look: somebody was not let in or not allowed, or the log itself is not what it was? */
export function isAlarming({ event, exit }: AuditLine): boolean {
  const bad = [
    'login refused',
    'refused',
    'broken',
    'recovered',
    'commit undone',
    'commit not undone',
  ]
  return bad.includes(event) || (exit ?? 0) !== 0
}

// Changes have their author in their origin: `web:bob`.
function isBy({ operator, origin }: AuditLine, name: string): boolean {
  return operator === name || (origin ?? '').replace(/^(?:ssh|login|web|api):/, '') === name
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
