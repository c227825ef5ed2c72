// The table of checks by their name in the XML, and how the checks of a group become one look.
import type { CheckValues, GroupValues } from '../model/fields.ts'
import { type Check, type CheckMaker, withDeadline } from './check.ts'
import { execCheck } from './exec.ts'
import { httpCheck } from './http.ts'
import { tcpCheck } from './tcp.ts'

/** A name without a check, or the reverse, does not compile. */
const CHECKS = {
  tcp: tcpCheck,
  http: httpCheck,
  exec: execCheck,
} as const satisfies Record<CheckValues['type'], CheckMaker>

/** One `<check>` as a look with its deadline. @throws BalancerError VALUE_BAD where it cannot work */
export function checkOf(values: CheckValues, proxy: GroupValues['proxy']): Check {
  return withDeadline(CHECKS[values.type]({ ...values, proxy }), values.timeoutMs)
}

/** A plain connect with a deadline. */
export function connectOf(proxy: GroupValues['proxy'], timeoutMs: number): Check {
  return withDeadline(tcpCheck({ proxy }), timeoutMs)
}

/** All of them, one after the other; good when every one is. */
export function inTurn(checks: readonly Check[]): Check {
  return async (subject, signal) => {
    for (const check of checks) await check(subject, signal)
  }
}
