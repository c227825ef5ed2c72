// The checks of a group as values: complete, every field in its range.
import { isDeepStrictEqual } from 'node:util'
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { completeValues } from './change.ts'
import { CHECK_FIELDS, type CheckValues } from './fields.ts'

/**
 * @param known the checks so far: one that is still wanted stays the same object, and what it counted counts
 * @throws BalancerError VALUE_BAD
 */
export function completeChecks(
  given: readonly Partial<CheckValues>[],
  where: string,
  known: readonly CheckValues[] = [],
): readonly CheckValues[] {
  if (given.length > LIMITS.groupChecksMax) {
    throw new BalancerError('VALUE_BAD', `${where}: at most ${LIMITS.groupChecksMax} checks`)
  }
  const left = [...known]
  // Whatever kind of array it is: one of a prompt would make another of its kind.
  const checks = Array.from(given, (values) => {
    const check = completeCheck(values, where)
    const at = left.findIndex((each) => isDeepStrictEqual(each, check))
    return at === -1 ? check : (left.splice(at, 1)[0] ?? check)
  })
  return Object.freeze(checks)
}

function completeCheck(given: Partial<CheckValues>, where: string): CheckValues {
  const check = completeValues(CHECK_FIELDS, given, where)
  if (check.type === 'exec' && check.command === '') {
    throw new BalancerError('VALUE_BAD', `${where}: a check of type exec needs a command`)
  }
  return Object.freeze(check)
}
