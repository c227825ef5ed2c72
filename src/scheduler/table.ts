// The schedulers by name. A name without an implementation, or the reverse, does not compile.
import type { SchedulerName } from '../model/scheduler-names.ts'
import type { Scheduler } from './contract.ts'
import { leastConnections } from './least-connections.ts'
import { leastConnectionsRoundRobin } from './least-connections-round-robin.ts'
import { random } from './random.ts'
import { roundRobin } from './round-robin.ts'
import { sticky } from './sticky.ts'
import { twoChoices } from './two-choices.ts'
import { weightedLeastConnections } from './weighted-least-connections.ts'
import { weightedRandom } from './weighted-random.ts'
import { weightedRoundRobin } from './weighted-round-robin.ts'

export const SCHEDULERS = {
  random,
  roundrobin: roundRobin,
  leastconns: leastConnections,
  leastconnsrr: leastConnectionsRoundRobin,
  weightedrandom: weightedRandom,
  weightedroundrobin: weightedRoundRobin,
  weightedleastconns: weightedLeastConnections,
  twochoices: twoChoices,
  sticky,
} satisfies Record<SchedulerName, Scheduler>
