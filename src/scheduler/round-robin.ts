// Round-robin: each host in turn, in file order, whatever its weight.
import type { Weighed } from './contract.ts'
import type { CycleRule } from './rule.ts'

export function roundRobin(hosts: readonly Weighed[]): CycleRule {
  return { kind: 'cycle', order: Uint32Array.from(hosts.keys()) }
}
