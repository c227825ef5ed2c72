// The audit log and the model: who may change what while the log cannot be written, and a line for every change.
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Audit, noteAfterwards } from '../audit/line.ts'
import { BalancerError } from '../base/errors.ts'
import { currentOrigin, isNoted } from '../base/origin.ts'
import { type AccessItem, accessListOf, accessListsOf } from '../model/access-lists.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Change } from '../model/change.ts'

/** Where the audit log is: beside the configuration file. */
export function auditFileOf(config: string): string {
  return join(dirname(config), 'audit.jsonl')
}

/** Everybody who is not Sluice itself. Edits of the file are noted before they are taken over. */
const OPERATORS = /^(?:ssh|web|api):/

/**
 * Asked before each edit. What was noted is carried out to its end; anything else an operator changes (from a timer
 * that was left behind at the prompt, say) waits until the log can be written.
 *
 * @throws BalancerError AUDIT_UNWRITABLE
 */
export function permitChange({ unwritable }: Audit): void {
  if (unwritable === undefined || isNoted() || !OPERATORS.test(currentOrigin())) return
  throw new BalancerError('AUDIT_UNWRITABLE', `${unwritable}; show commands still work`)
}

/** Note changes from now on, those of health left out: the log has them. @returns stops it */
export function auditChanges(balancer: Balancer, audit: Audit): () => void {
  let lists = accessListsOf(balancer)
  return balancer.follow((change) => {
    const before = lists
    lists = accessListsOf(balancer)
    if (change.origin === 'health' || change.field === 'health') return
    const list = accessListOf(change)
    const told = list === undefined ? {} : differing(before[list], lists[list])
    noteAfterwards(audit, of({ ...change, ...told }))
  })
}

/** Names alone would not show who may do more than before, or by which key; the log blanks passwords and hashes. */
function differing(before: readonly AccessItem[], after: readonly AccessItem[]) {
  const without = (items: readonly AccessItem[], others: readonly AccessItem[]) => {
    return items.filter((item) => !others.some((other) => isDeepStrictEqual(item, other)))
  }
  return { from: without(before, after), to: without(after, before) }
}

function of({ origin, action, path, field, from: before, to: after }: Change) {
  const what = field === undefined ? {} : { field }
  return { event: 'change', origin, action, path, ...what, before, after } as const
}
