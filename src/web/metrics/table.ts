// Every metric that is given out, in the order of the answer and of docs/metrics.md. Names are stable: a metric that is
// of no use any more is taken away with a word in the change log, and never means something else.
import type { Metric } from './metric.ts'
import { CHECK_METRICS, GROUP_METRICS, HOST_METRICS } from './table-hosts.ts'
import { CONFIGURATION_METRICS, ENGINE_METRICS, PROCESS_METRICS } from './table-process.ts'
import { SESSION_METRICS } from './table-sessions.ts'
import { LISTENER_METRICS, SERVICE_METRICS } from './table-services.ts'

/** By what they tell of. */
export const METRICS: Readonly<Record<string, readonly Metric[]>> = {
  services: [...SERVICE_METRICS, ...SESSION_METRICS],
  listeners: LISTENER_METRICS,
  groups: GROUP_METRICS,
  hosts: HOST_METRICS,
  checks: CHECK_METRICS,
  engine: ENGINE_METRICS,
  configuration: CONFIGURATION_METRICS,
  process: PROCESS_METRICS,
}
