// Routing tables and listeners as the native engine takes them: in columns, so that ten thousand hosts are a few arrays.
import type { TableRule } from '../../scheduler/rule.ts'
import { type RowNumber, ROWS_PER_CHUNK } from '../counter-rows.ts'
import type { ListenerTable, RoutingTable, TableHost } from '../table.ts'
import type { NativeListener, NativeTable } from './addon.ts'
import type { RowsOf } from './shared-counters.ts'

const READY = 1
const SUSPECT = 2
/** The order of ProxyVersion in native/core/table.h. */
const PROXIES: readonly RoutingTable['proxy'][] = ['none', 'v1', 'v2']

/** Where a listener is, as the system knows it. */
export type ListenPlace = Pick<NativeListener, 'place' | 'port'>

/** @param rows those of the hosts' counters, in the order of the hosts, and that of the service */
export function nativeTable(table: RoutingTable, rows: RowsOf<readonly RowNumber[]>): NativeTable {
  const { service, group, maxSessions, retries, connectTimeoutMs, idleTimeoutMs } = table
  const { rule, hosts, queue, queueTimeoutMs, hold, proxy, accessLog } = table
  return {
    service,
    ...serviceRowOf(rows),
    group,
    rule: tableRuleOf(table),
    ask: rule.kind === 'ask',
    askMs: rule.kind === 'ask' ? rule.deadlineMs : 0,
    hostIds: Float64Array.from(hosts, ({ id }) => id),
    hostNames: hosts.map(({ name }) => name),
    targetPlaces: hosts.map(placeOf),
    targetPorts: Uint16Array.from(hosts, portOf),
    hostFlags: Uint8Array.from(hosts, flagsOf),
    hostLimits: Uint32Array.from(hosts, (host) => host.maxSessions),
    hostRows: Uint32Array.from(rows.own.flatMap((row) => [chunkOf(row), row % ROWS_PER_CHUNK])),
    maxSessions,
    retries,
    connectTimeoutMs,
    idleTimeoutMs,
    queue,
    queueTimeoutMs,
    hold,
    proxy: PROXIES.indexOf(proxy),
    accessLog,
  }
}

export function nativeListener(
  table: ListenerTable,
  { place, port }: ListenPlace,
  rows: RowsOf<RowNumber>,
): NativeListener {
  const { id, service, address, maxSessions, allow, deny, proxy } = table
  return {
    id,
    service,
    ...serviceRowOf(rows),
    name: address,
    place,
    port,
    maxSessions,
    chunk: chunkOf(rows.own),
    row: rows.own % ROWS_PER_CHUNK,
    allow,
    deny,
    proxy: proxy === 'require',
  }
}

function tableRuleOf({ rule }: RoutingTable): TableRule {
  return rule.kind === 'ask' ? rule.fallback : rule
}

function placeOf({ target }: TableHost): string {
  if (target === undefined) return ''
  return 'path' in target ? `unix:${target.path}` : target.host
}

function portOf({ target }: TableHost): number {
  return target === undefined || 'path' in target ? 0 : target.port
}

function flagsOf({ ready, suspect }: TableHost): number {
  return (ready ? READY : 0) | (suspect ? SUSPECT : 0)
}

function serviceRowOf({ service }: RowsOf<unknown>) {
  return { serviceChunk: chunkOf(service), serviceRow: service % ROWS_PER_CHUNK }
}

function chunkOf(row: RowNumber): number {
  return Math.floor(row / ROWS_PER_CHUNK)
}
