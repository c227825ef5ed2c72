// Which role puts a difference in effect. The role of an operator may be another one than when it was edited, so it is
// asked again, by the same rules as for the commands that edit.
import { BalancerError } from '../../base/errors.ts'
import { isCheck } from '../answer/check-text.ts'
import type { CommandContext } from '../context.ts'
import type { DifferenceView } from '../documents.ts'

/** @throws BalancerError NOT_ALLOWED */
export function requireRoleFor(
  differences: readonly DifferenceView[],
  { operator, role }: CommandContext,
): void {
  if (role === 'full') return
  const first = differences.find(needsFull)
  if (first === undefined) return
  const what = `to commit a change of ${first.path} needs role full`
  throw new BalancerError('NOT_ALLOWED', `${what}, ${operator} has ${role}`)
}

function needsFull({ kind, path, field, before, after }: DifferenceView): boolean {
  if (path === 'settings/logging' && field === 'level') return false
  if (kind === 'setting' || kind === 'user' || kind === 'token') return true
  const known = new Set(programsIn(before))
  return programsIn(after).some((program) => !known.has(program))
}

/** The programs that checks run, in whatever holds checks. */
function programsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (isCheck(value)) return value.type === 'exec' ? [value.command] : []
  return Object.values(value).flatMap(programsIn)
}
