// A line of the audit log for people: what happened, without who and when.
import type { AuditLine } from '../../audit/line.ts'

/** `set weight of web/main/a: 1 -> 5`, `show hosts`, `exit 0` … */
export function textOfAudit(entry: AuditLine): string {
  const { line, action, path, field, before, after, exit, reason } = entry
  const what = [action, field && `${field} of`, path].filter((word) => word !== undefined)
  const values = [before, after].map((value) => (value === undefined ? '' : shown(value)))
  const change = values.join(' -> ').trim()
  return [
    ...(line === undefined ? [] : [line]),
    ...(what.length === 0 ? [] : [what.join(' ')]),
    ...(change === '->' ? [] : [change]),
    ...(exit === undefined ? [] : [`exit ${exit}`]),
    ...(reason === undefined ? [] : [reason]),
  ].join(': ')
}

/** Who it was: an operator, or whatever else changes something. */
export function whoOf({ operator, origin = '' }: AuditLine): string {
  return operator ?? origin
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
