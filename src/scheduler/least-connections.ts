// Least connections: the host with the fewest open sessions; among equals the first in file order, so
// that a service with little traffic keeps one host busy and the others free.
import type { Weighed } from './contract.ts'
import type { LeastRule } from './rule.ts'

export function leastConnections(hosts: readonly Weighed[]): LeastRule {
  return { kind: 'least', weights: new Uint32Array(hosts.length).fill(1), tie: 'order' }
}
