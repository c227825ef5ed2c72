// Metrics of groups, of their hosts, and of the looks that are taken at them.
import type { CheckView } from '../../model/check-view.ts'
import { HOST_INTENTS } from '../../model/fields.ts'
import type { Group } from '../../model/group.ts'
import { HOST_HEALTHS, type Host } from '../../model/host.ts'
import { type Metric, metricsOf, stateOf } from './metric.ts'

const group = metricsOf<Group>(['service', 'group'], ({ groups }) => groups)
const host = metricsOf<Host>(['service', 'group', 'host'], ({ hosts }) => hosts)
const check = metricsOf<CheckView>(['service', 'group', 'host', 'check'], ({ checks }) => checks)

export const GROUP_METRICS: readonly Metric[] = [
  group.one(
    'sluice_group_enabled',
    'gauge',
    '1 where it is the group of its service that gets clients, else 0.',
    ({ enabled }) => enabled,
  ),
  group.one('sluice_group_hosts', 'gauge', 'Hosts.', ({ hostList }) => hostList.length),
  group.one(
    'sluice_group_hosts_ready',
    'gauge',
    'Hosts that may be given a new session.',
    ({ hostList }) => hostList.filter(({ ready }) => ready).length,
  ),
  group.one(
    'sluice_group_panic',
    'gauge',
    '1 while every host that is wanted is down, so that all of them are tried as a last resort, else 0.',
    ({ panic }) => panic,
  ),
  group.one(
    'sluice_group_clients_waiting',
    'gauge',
    'Clients that wait for a host.',
    ({ waiting }) => waiting,
  ),
  group.one(
    'sluice_group_clients_waiting_max',
    'gauge',
    'Clients that may wait while every host is at its limit.',
    ({ queue }) => queue,
  ),
  group.one(
    'sluice_group_sessions_max',
    'gauge',
    'Sessions that the group may have at once; 0 sets no limit.',
    ({ maxSessions }) => maxSessions,
  ),
]

export const HOST_METRICS: readonly Metric[] = [
  host.split(
    'sluice_host_intent',
    'gauge',
    'What is wanted of it: 1 for the word that is true, 0 for the others.',
    'intent',
    stateOf(HOST_INTENTS, ({ intent }) => intent),
  ),
  host.split(
    'sluice_host_health',
    'gauge',
    'What was last seen of it: 1 for the word that is true, 0 for the others.',
    'health',
    stateOf(HOST_HEALTHS, ({ health }) => health),
  ),
  host.one(
    'sluice_host_ready',
    'gauge',
    '1 where it may be given a new session (enabled, not down, weight above 0, below its limit), else 0.',
    ({ ready }) => ready,
  ),
  host.one('sluice_host_weight', 'gauge', 'Its share of new sessions.', ({ weight }) => weight),
  host.one(
    'sluice_host_sessions_open',
    'gauge',
    'Sessions now, those still connecting included.',
    ({ counters }) => counters.open,
  ),
  host.one(
    'sluice_host_sessions_total',
    'counter',
    'Sessions that were connected to it.',
    ({ counters }) => counters.total,
  ),
  host.one(
    'sluice_host_connects_failed_total',
    'counter',
    'Connects that failed.',
    ({ counters }) => counters.failed,
  ),
  host.split(
    'sluice_host_bytes_total',
    'counter',
    'Bytes of sessions that ended, by who sent them.',
    'from',
    {
      client: ({ counters }) => counters.bytesFromClient,
      host: ({ counters }) => counters.bytesFromHost,
    },
  ),
  host.one(
    'sluice_host_sessions_max',
    'gauge',
    'Sessions that it may have at once; 0 sets no limit of its own.',
    ({ maxSessions }) => maxSessions,
  ),
]

const IN_A_ROW = 'that the last looks came to, one after the other.'

export const CHECK_METRICS: readonly Metric[] = [
  check.split(
    'sluice_check_results_total',
    'counter',
    'Looks, by how they ended: blind where none was possible, for a fault of Sluice or its machine.',
    'result',
    {
      good: ({ totals }) => totals.good,
      bad: ({ totals }) => totals.bad,
      blind: ({ totals }) => totals.blind,
    },
  ),
  check.one('sluice_check_good_in_a_row', 'gauge', `Good results ${IN_A_ROW}`, ({ good }) => good),
  check.one('sluice_check_bad_in_a_row', 'gauge', `Bad results ${IN_A_ROW}`, ({ bad }) => bad),
  check.one(
    'sluice_check_blind',
    'gauge',
    '1 where the last look was not possible, for a fault of Sluice or its machine, else 0.',
    ({ results }) => results.at(-1)?.outcome === 'blind',
  ),
  check.one(
    'sluice_check_last_duration_seconds',
    'gauge',
    'How long the last look took; nothing before the first one.',
    ({ results }) => secondsOf(results.at(-1)?.tookMs),
  ),
  check.one(
    'sluice_check_last_timestamp_seconds',
    'gauge',
    'When the last result was there; nothing before the first one.',
    ({ results }) => secondsOf(results.at(-1)?.time),
  ),
]

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000
}
