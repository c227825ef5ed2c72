// The checks of a group as values: complete, every field in its range.
import { BalancerError } from '../base/errors.ts'
import { completeValues } from './change.ts'
import { CHECK_FIELDS, type CheckValues } from './fields.ts'

/** @throws BalancerError VALUE_BAD */
export function completeChecks(
  given: readonly Partial<CheckValues>[],
  where: string,
): readonly CheckValues[] {
  return Object.freeze(given.map((check) => completeCheck(check, where)))
}

function completeCheck(given: Partial<CheckValues>, where: string): CheckValues {
  const check = completeValues(CHECK_FIELDS, given, where)
  if (check.type === 'exec' && check.command === '') {
    throw new BalancerError('VALUE_BAD', `${where}: a check of type exec needs a command`)
  }
  return Object.freeze(check)
}
