// Metrics of the whole: what runs, its engine, its configuration, who is logged in, and what the process takes of the
// machine. The names of the last ones are those that all exporters use.
import { cpuUsage, memoryUsage, version as nodeVersion } from 'node:process'
import { descriptorsMax } from '../../base/descriptors.ts'
import type { Process } from '../../commands/context.ts'
import type { EngineThreadView } from '../../model/engine-view.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../../model/fields.ts'
import type { Labelled } from './labels.ts'
import { type Metric, metricsOf } from './metric.ts'
import type { Scene } from './scene.ts'

const whole = metricsOf<Scene>([], (scene) => [{ thing: scene, labels: {} }])
const build = metricsOf<Process>(['version', 'engine', 'node'], ({ process }) => {
  const { version, engine } = process
  return [{ thing: process, labels: { version, engine: engine.name, node: nodeVersion } }]
})
const thread = metricsOf<EngineThreadView>(['thread'], ({ process }) => {
  return process.engine.threads.map((each) => ({
    thing: each,
    labels: { thread: `${each.thread}` },
  }))
})
const role = metricsOf<number>(['role'], operatorsByRole)

export const ENGINE_METRICS: readonly Metric[] = [
  build.one(
    'sluice_build_info',
    'gauge',
    'Always 1: which version runs, with which engine, on which Node.js.',
    () => 1,
  ),
  whole.one(
    'sluice_sessions_open',
    'gauge',
    'Sessions now, of all services.',
    ({ process }) => process.sessionCount,
  ),
  whole.one(
    'sluice_engine_events_lost_total',
    'counter',
    'Reports of the engine that were dropped because the control plane was busy; traffic and counters are not touched.',
    ({ process }) => process.engine.eventsLost,
  ),
  whole.one(
    'sluice_engine_exceptions',
    'gauge',
    'Services that another engine serves than most, or that ask for another one from the next start on.',
    ({ process }) => process.engine.exceptions.length,
  ),
  thread.one(
    'sluice_engine_thread_sessions',
    'gauge',
    'Sessions that a thread of the engine carries now; the node engine has no threads.',
    ({ sessions }) => sessions,
  ),
  thread.one(
    'sluice_engine_thread_accepted_total',
    'counter',
    'Clients that it accepted.',
    ({ accepted }) => accepted,
  ),
  thread.one(
    'sluice_engine_thread_bytes_total',
    'counter',
    'Bytes that it moved in both directions, of open sessions too.',
    ({ bytesMoved }) => bytesMoved,
  ),
  thread.one(
    'sluice_engine_thread_turns_total',
    'counter',
    'Turns of its loop.',
    ({ turns }) => turns,
  ),
  thread.one(
    'sluice_engine_thread_pipes',
    'gauge',
    'Kernel pipes that it has.',
    ({ pipes }) => pipes,
  ),
  thread.one(
    'sluice_engine_thread_pipes_in_use',
    'gauge',
    'Kernel pipes that carry a session now.',
    ({ pipesInUse }) => pipesInUse,
  ),
]

export const CONFIGURATION_METRICS: readonly Metric[] = [
  whole.one(
    'sluice_config_revision',
    'gauge',
    'Number of the newest revision; 0 where none is kept.',
    ({ process }) => process.document().revision,
  ),
  whole.one(
    'sluice_config_unsaved',
    'gauge',
    '1 while running changes are not in the file, else 0.',
    ({ process }) => process.document().unsaved !== undefined,
  ),
  whole.one(
    'sluice_config_read_only',
    'gauge',
    '1 where the file is never written, else 0.',
    ({ process }) => process.document().readOnly,
  ),
  whole.one(
    'sluice_config_conflicts',
    'gauge',
    'Values that the file and the running system both changed to something else.',
    ({ process }) => process.conflicts.paths.length,
  ),
  whole.one(
    'sluice_config_candidates',
    'gauge',
    'Operators who have edits that are not in effect.',
    ({ process }) => process.candidates.list().length,
  ),
  whole.one(
    'sluice_config_commit_pending',
    'gauge',
    '1 while a commit waits to be confirmed, else 0.',
    ({ process }) => process.confirmations.pending !== undefined,
  ),
  whole.one(
    'sluice_config_changes_total',
    'counter',
    'Changes of the running system: by operators, by the file, and of the health of hosts.',
    ({ process }) => process.balancer.changeNumber,
  ),
  role.one('sluice_operators_logged_in', 'gauge', 'Log-ins that are open.', (count) => count),
  whole.one(
    'sluice_audit_writable',
    'gauge',
    '1 while the audit log can be written, else 0: then changes are refused.',
    ({ process }) => process.audit.unwritable === undefined,
  ),
]

export const PROCESS_METRICS: readonly Metric[] = [
  whole.one(
    'process_cpu_user_seconds_total',
    'counter',
    'CPU time spent in user mode.',
    () => cpuUsage().user / 1e6,
  ),
  whole.one(
    'process_cpu_system_seconds_total',
    'counter',
    'CPU time spent in the kernel.',
    () => cpuUsage().system / 1e6,
  ),
  whole.one('process_cpu_seconds_total', 'counter', 'CPU time spent in all.', () => {
    const { user, system } = cpuUsage()
    return (user + system) / 1e6
  }),
  whole.one(
    'process_start_time_seconds',
    'gauge',
    'When the process started, since 1970.',
    ({ process }) => process.startedAt / 1_000,
  ),
  whole.one(
    'process_resident_memory_bytes',
    'gauge',
    'Memory in use.',
    ({ process }) => process.usage().rssBytes,
  ),
  whole.one(
    'process_threads',
    'gauge',
    'Threads; nothing where the system does not say.',
    ({ process }) => {
      return process.usage().threads || undefined
    },
  ),
  whole.one(
    'process_open_fds',
    'gauge',
    'Open files and sockets; nothing where the system does not say.',
    (scene) => scene.descriptorsOpen,
  ),
  whole.one('process_max_fds', 'gauge', 'Files and sockets that may be open.', () =>
    descriptorsMax(),
  ),
  whole.one(
    'nodejs_eventloop_lag_p99_seconds',
    'gauge',
    'How late the event loop is, the worst of 99 in 100 looks of the last one or two minutes.',
    ({ process }) => process.usage().loopDelayP99Ms / 1_000,
  ),
  whole.one(
    'nodejs_heap_size_total_bytes',
    'gauge',
    'Memory that JavaScript has reserved.',
    () => memoryUsage().heapTotal,
  ),
  whole.one(
    'nodejs_heap_size_used_bytes',
    'gauge',
    'Memory that JavaScript objects take.',
    () => memoryUsage().heapUsed,
  ),
  whole.one(
    'nodejs_external_memory_bytes',
    'gauge',
    'Memory outside of the heap that JavaScript objects hold.',
    () => memoryUsage().external,
  ),
]

function operatorsByRole({ process }: Scene): readonly Labelled<number>[] {
  const logins = process.operators.list()
  const countOf = (wanted: OperatorRole) => logins.filter((login) => login.role === wanted).length
  return OPERATOR_ROLES.map((each) => ({ thing: countOf(each), labels: { role: each } }))
}
