// Weighted least connections: the host with the fewest open sessions for its weight, counting the one that
// is to come, so that of two idle hosts the heavier is taken (the name txLoadBalancer reserved as `weightlc`).
import type { Weighed } from './contract.ts'
import type { LeastRule } from './rule.ts'

export function weightedLeastConnections(hosts: readonly Weighed[]): LeastRule {
  return {
    kind: 'least',
    weights: Uint32Array.from(hosts, (host) => host.weight),
    tie: 'oldest-close',
  }
}
