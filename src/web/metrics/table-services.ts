// Metrics of services and of their listeners.
import type { Listener } from '../../model/listener.ts'
import { type Metric, metricsOf } from './metric.ts'
import type { CountedService } from './scene.ts'

const service = metricsOf<CountedService>(['service'], ({ services }) => services)
const listener = metricsOf<Listener>(['service', 'listener'], ({ listeners }) => listeners)

export const SERVICE_METRICS: readonly Metric[] = [
  service.one(
    'sluice_service_sessions_open',
    'gauge',
    'Sessions now, those still connecting included.',
    ({ totals }) => totals.open,
  ),
  service.one(
    'sluice_service_sessions_total',
    'counter',
    'Sessions that were connected to a host.',
    ({ totals }) => totals.total,
  ),
  service.one(
    'sluice_service_sessions_failed_total',
    'counter',
    'Sessions that ended without reaching a host.',
    ({ totals }) => totals.failed,
  ),
  service.split(
    'sluice_service_bytes_total',
    'counter',
    'Bytes of sessions that ended, by who sent them.',
    'from',
    {
      client: ({ totals }) => totals.bytesFromClient,
      host: ({ totals }) => totals.bytesFromHost,
    },
  ),
  service.one(
    'sluice_service_clients_waiting',
    'gauge',
    'Clients that wait for a host or for the end of a pause.',
    (each) => each.service.servingGroup?.waiting ?? 0,
  ),
  service.one(
    'sluice_service_hosts_ready',
    'gauge',
    'Hosts of the enabled group that may be given a new session.',
    (each) => each.service.servingGroup?.hostList.filter(({ ready }) => ready).length ?? 0,
  ),
  service.one(
    'sluice_service_paused',
    'gauge',
    '1 while new clients are held, else 0.',
    (each) => each.service.paused,
  ),
]

export const LISTENER_METRICS: readonly Metric[] = [
  listener.one(
    'sluice_listener_accepting',
    'gauge',
    '1 while the port is open, else 0.',
    ({ state }) => state === 'open',
  ),
  listener.one(
    'sluice_listener_sessions_open',
    'gauge',
    'Sessions now, those still connecting included.',
    ({ counters }) => counters.open,
  ),
  listener.one(
    'sluice_listener_sessions_total',
    'counter',
    'Sessions that were connected to a host.',
    ({ counters }) => counters.total,
  ),
  listener.one(
    'sluice_listener_sessions_failed_total',
    'counter',
    'Sessions that ended without reaching a host.',
    ({ counters }) => counters.failed,
  ),
  listener.split(
    'sluice_listener_bytes_total',
    'counter',
    'Bytes of sessions that ended, by who sent them.',
    'from',
    {
      client: ({ counters }) => counters.bytesFromClient,
      host: ({ counters }) => counters.bytesFromHost,
    },
  ),
  listener.one(
    'sluice_listener_sessions_max',
    'gauge',
    'Sessions that may be open at once; 0 sets no limit.',
    ({ maxSessions }) => maxSessions,
  ),
]
