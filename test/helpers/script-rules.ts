// Pick rules of every kind for the tables of scripts, chance aside: two engines draw differently.
import type { TableHost } from '../../src/engine/table.ts'
import type { PickRule, TableRule } from '../../src/scheduler/rule.ts'
import { inOrder } from './engine-rig.ts'
import type { TableStep } from './script-steps.ts'

/** @param askMs deadline of a function */
export function ruleOf(
  kind: TableStep['rule'],
  hosts: readonly TableHost[],
  askMs: number,
): PickRule {
  const weights = Uint32Array.from(hosts, ({ weight }) => weight)
  const fallback = inOrder(hosts.length) as TableRule
  const asked = { kind: 'ask', deadlineMs: askMs, fallback } as const
  switch (kind) {
    case 'cycle':
      return {
        kind,
        order: Uint32Array.from(hosts.flatMap(({ weight }, i) => Array(weight).fill(i))),
      }
    case 'least':
      return { kind, weights, tie: 'order' }
    case 'oldest':
      return { kind: 'least', weights, tie: 'oldest-close' }
    case 'hash':
      return {
        kind,
        slots: Uint16Array.from(
          { length: hosts.length === 0 ? 0 : 13 },
          (_, i) => i % hosts.length,
        ),
      }
    case 'names':
      return { ...asked, ask: async (question) => question.hosts.at(-1)?.name }
    case 'throws':
      return {
        ...asked,
        ask: async () => {
          throw new Error('no')
        },
      }
    case 'never':
      return { ...asked, ask: () => new Promise(() => {}) }
  }
}
