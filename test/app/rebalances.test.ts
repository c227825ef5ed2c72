// Rebalances: whom they end, how many, how fast, and when they stop.
import { expect, onTestFinished, test } from 'vitest'
import { GroupRebalances } from '../../src/app/rebalances.ts'
import { withOrigin } from '../../src/base/origin.ts'
import type { SessionView } from '../../src/model/session-view.ts'
import { Host } from '../../src/model/host.ts'
import { balancerOf } from '../helpers/balancer-of.ts'
import { eventually } from '../helpers/eventually.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { StubEngine } from '../helpers/stub-engine.ts'
import { sessionRow } from '../helpers/stub-process.ts'

/** An engine whose sessions are rows; ending one is counted at its host. */
class RowsEngine extends StubEngine {
  rows: SessionView[] = []
  readonly ended: string[] = []
  onEnded: (row: SessionView) => void = () => {}

  override sessions({ after = 0, limit = 1_000 } = {}): readonly [] {
    return this.rows.filter(({ id }) => id > after).slice(0, limit) as unknown as []
  }

  override killSessions(ids: readonly number[] = [], reason = ''): number {
    const meant = this.rows.filter((row) => ids.includes(row.id))
    this.rows = this.rows.filter((row) => !meant.includes(row))
    for (const row of meant) this.onEnded(row)
    // In the order in which they were asked for.
    this.ended.push(...ids.map((id) => `${reason} ${id}`))
    return meant.length
  }
}

/** Groups `main` (hosts a and b) and `spare`; sessions of `main` are given by how long they idle, by host. */
async function start(idle: Readonly<Record<string, readonly number[]>>) {
  const balancer = await balancerOf({
    main: { hosts: { a: '10.0.0.1:80', b: '10.0.0.2:80' } },
    spare: { hosts: { s: '10.0.0.3:80' } },
  })
  const main = balancer.service('web').group('main')
  const engine = new RowsEngine()
  for (const [host, times] of Object.entries(idle)) {
    for (const idleMs of times)
      engine.rows.push(sessionRow(engine.rows.length + 1, { host, idleMs }))
    Host.countersOf(main.host(host)).open = times.length
  }
  engine.onEnded = ({ host }) => {
    Host.countersOf(main.host(host)).open -= 1
  }
  const log = new RecordingLog()
  const rebalances = new GroupRebalances(engine, log)
  onTestFinished(() => rebalances.stop())
  return { balancer, main, engine, log, rebalances }
}

test('the idlest sessions of the host with too many are ended, within the budget', async () => {
  const { main, engine, log, rebalances } = await start({ a: [5, 90, 10, 70, 30, 1], b: [400] })
  const plan = withOrigin('ssh:alice', () => rebalances.begin(main, { share: 0.3, overMs: 0 }))
  expect(plan).toMatchObject({ most: 2, ended: 0 })
  await eventually(() => rebalances.of(main) === undefined, 'it has ended')
  expect(engine.ended).toEqual(['rebalanced 2', 'rebalanced 4'])
  expect(log.lines.map(({ event, facts }) => [event, facts])).toEqual([
    ['rebalance', { origin: 'ssh:alice', group: 'web/main', most: 2, overMs: 0 }],
    ['rebalance ended', { group: 'web/main', most: 2, ended: 2 }],
  ])
})

test('no host is brought below its share, whatever the budget', async () => {
  const { main, engine, rebalances } = await start({ a: [1, 2, 3, 4, 5, 6], b: [7, 8] })
  expect(rebalances.begin(main, { share: 1, overMs: 0 })).toMatchObject({ most: 2 })
  await eventually(() => rebalances.of(main) === undefined, 'it has ended')
  expect(engine.ended).toEqual(['rebalanced 6', 'rebalanced 5'])
})

test('sessions that are not carried yet, and those of others, are left alone', async () => {
  const { main, engine, rebalances } = await start({ a: [1, 2, 3, 4], b: [] })
  engine.rows.unshift(sessionRow(90, { host: 'a', step: 'connecting', idleMs: 999 }))
  engine.rows.push(
    sessionRow(91, { host: 'a', group: 'spare', idleMs: 999 }),
    sessionRow(92, { host: 'a', service: 'mail', idleMs: 999 }),
  )
  rebalances.begin(main, { share: 1, overMs: 0 })
  await eventually(() => rebalances.of(main) === undefined, 'it has ended')
  expect(engine.ended).toEqual(['rebalanced 4', 'rebalanced 3'])
})

test('more than go in one turn, out of many pages', async () => {
  const { main, engine, rebalances } = await start({
    a: Array.from({ length: 3_000 }, () => 1),
    b: [],
  })
  expect(rebalances.begin(main, { share: 0.4, overMs: 0 })).toMatchObject({ most: 1_200 })
  await eventually(() => rebalances.of(main) === undefined, 'it has ended')
  expect(engine.ended).toHaveLength(1_200)
})

test('it is spread over time, and its progress can be seen', async () => {
  const { main, engine, rebalances } = await start({ a: [1, 2, 3, 4, 5, 6, 7, 8], b: [] })
  rebalances.begin(main, { share: 0.5, overMs: 2_000 })
  expect(engine.ended).toEqual([])
  await eventually(() => engine.ended.length === 2, 'the first half was ended')
  expect(rebalances.of(main)).toMatchObject({ most: 4, ended: 2 })
  await eventually(() => engine.ended.length === 4, 'all were ended')
  await eventually(() => rebalances.of(main) === undefined, 'it has ended')
})

test('a second one replaces the first, and stop ends it', async () => {
  const { main, engine, rebalances, log } = await start({ a: [1, 2, 3, 4], b: [] })
  rebalances.begin(main, { share: 1, overMs: 60_000 })
  rebalances.begin(main, { share: 0.5, overMs: 60_000 })
  expect(rebalances.of(main)).toMatchObject({ most: 2 })
  await log.next('rebalance ended')
  expect(rebalances.of(main)).toMatchObject({ most: 2 })
  expect(rebalances.end(main)).toMatchObject({ most: 2, ended: 0 })
  expect(rebalances.end(main)).toBeUndefined()
  await log.next('rebalance ended', 2)
  expect(engine.ended).toEqual([])
})

test('nothing is begun where no host has too many', async () => {
  const { main, rebalances, log } = await start({ a: [1, 2], b: [3] })
  expect(rebalances.begin(main, { share: 1, overMs: 60_000 })).toMatchObject({ most: 0 })
  expect([rebalances.of(main), log.lines]).toEqual([undefined, []])
})

test('a group that does not serve any more is left alone', async () => {
  const { balancer, main, engine, log, rebalances } = await start({ a: [1, 2, 3, 4], b: [] })
  rebalances.begin(main, { share: 1, overMs: 20 })
  balancer.service('web').enableGroup('spare')
  await log.next('rebalance ended')
  expect(engine.ended).toEqual([])
})

test('a stop of the process ends all of them', async () => {
  const { main, rebalances } = await start({ a: [1, 2, 3, 4], b: [] })
  rebalances.begin(main, { share: 1, overMs: 60_000 })
  await rebalances.stop()
  expect(rebalances.of(main)).toBeUndefined()
})
