// Least connections, ties in turn: among equals the host whose last close is oldest, one that never had a
// session first. With one client at a time this is a rotation (PythonDirector's `leastconnsrr`,
// txLoadBalancer's `leastc`).
import type { Weighed } from './contract.ts'
import type { LeastRule } from './rule.ts'

export function leastConnectionsRoundRobin(hosts: readonly Weighed[]): LeastRule {
  return { kind: 'least', weights: new Uint32Array(hosts.length).fill(1), tie: 'oldest-close' }
}
