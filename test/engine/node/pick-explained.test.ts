// Picks explained from a table and counters alone say what a route would say that serves by them.
import { expect, test } from 'vitest'
import { explainPick, explainTable } from '../../../src/engine/node/pick-explained.ts'
import { Route } from '../../../src/engine/node/route.ts'
import type { RoutingTable, TableHost } from '../../../src/engine/table.ts'
import type { PickRule, TableRule } from '../../../src/scheduler/rule.ts'
import { hostAt, inOrder } from '../../helpers/engine-rig.ts'

const CLIENT = { clientIp: '192.0.2.7', tried: undefined }
const QUIET = { waiting: 0, paused: false, place: 0 }

const RULES: readonly TableRule[] = [
  inOrder(3) as TableRule,
  { kind: 'chance', cumulative: Float64Array.of(1, 3, 4), draws: 1 },
  { kind: 'least', weights: Uint32Array.of(1, 2, 1), tie: 'oldest-close' },
  { kind: 'hash', slots: Uint16Array.of(0, 1, 2, 1, 0, 2, 1) },
]

test.each(RULES)('the same is said for a rule of the kind $kind', (rule) => {
  const table = tableOf(threeHosts(), rule)
  const route = new Route(() => 0.5)
  route.use(table)
  for (let turn = 0; turn < 2; turn++) route.pick(CLIENT)?.acquire()
  const place = explainPick(route, undefined)?.place ?? 0
  for (const clientIp of [undefined, '192.0.2.7', '2001:db8::1']) {
    const moment = { ...QUIET, table, open: 0, place: Math.max(0, place) }
    expect(explainTable(moment, clientIp)).toEqual(explainPick(route, clientIp))
  }
})

test('where a function is asked first, its fallback is explained', () => {
  const ask = async () => 'b'
  const fallback = inOrder(3) as TableRule
  const table = tableOf(threeHosts(), { kind: 'ask', ask, deadlineMs: 1, fallback })
  const moment = { ...QUIET, table, open: 0, place: 2 }
  expect(explainTable(moment, undefined)).toMatchObject({ ask: true, rule: 'cycle', next: 'c' })
})

test('a group at its limit has nobody who is next, and what waits is told', () => {
  const table = { ...tableOf(threeHosts(), inOrder(3)), maxSessions: 5 }
  const moment = { table, open: 5, waiting: 7, paused: true, place: 1 }
  expect(explainTable(moment, undefined)).toMatchObject({
    next: '',
    open: 5,
    maxSessions: 5,
    waiting: 7,
    paused: true,
  })
})

test('a place of an earlier, longer round is the first of this one', () => {
  const table = tableOf(threeHosts(), inOrder(3))
  const moment = { ...QUIET, table, open: 0, place: 3 }
  expect(explainTable(moment, undefined)).toMatchObject({ place: 0, next: 'a' })
})

function threeHosts(): readonly TableHost[] {
  return ['a', 'b', 'c'].map((name) => hostAt('10.0.0.1:80', { name }))
}

function tableOf(hosts: readonly TableHost[], rule: PickRule): RoutingTable {
  return {
    service: 'web',
    engine: 'auto',
    group: 'main',
    generation: 1,
    rule,
    hosts,
    maxSessions: 0,
    retries: 255,
    connectTimeoutMs: 5_000,
    idleTimeoutMs: 60_000,
    queue: 16,
    queueTimeoutMs: 5_000,
    hold: 0,
    proxy: 'none',
    accessLog: false,
    onWaiting: () => {},
  }
}
