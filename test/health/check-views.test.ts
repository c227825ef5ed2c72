// How many looks there were, by how they ended, for as long as a host is there.
import { expect, onTestFinished, test } from 'vitest'
import { HealthWatch } from '../../src/health/watch.ts'
import type { CheckValues } from '../../src/model/fields.ts'
import { Host } from '../../src/model/host.ts'
import { answeringHost, httpAnswer } from '../helpers/answering-host.ts'
import { balancerOf, targetOf } from '../helpers/balancer-of.ts'
import { eventually } from '../helpers/eventually.ts'
import { refusingAddress, silentHost, type TestHost } from '../helpers/hosts.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

const HTTP = { type: 'http', intervalMs: 100, path: '/', status: '200' } as const
const NONE = { good: 0, bad: 0, blind: 0 }

test('looks are counted by how they ended, and what was kept of them is no more than that', async () => {
  const server = await up(answeringHost(httpAnswer(503)))
  const { totals, view } = await scene(server.address, [HTTP])
  expect(totals('http /')).toEqual(NONE)
  await eventually(() => totals('http /').bad >= 2, 'two looks were bad')
  server.answer = httpAnswer(200)
  await eventually(() => totals('http /').good >= 2, 'two looks were good')
  const { good, bad } = totals('http /')
  expect(view('http /')?.results).toHaveLength(good + bad)
})

test('a look that was not possible is neither good nor bad', async () => {
  const check = { type: 'exec', intervalMs: 100, command: '/nonexistent/check' } as const
  const { totals } = await scene('127.0.0.1:1', [check])
  const name = `exec ${check.command}`
  await eventually(() => totals(name).blind >= 2, 'two looks were not possible')
  expect(totals(name)).toMatchObject({ good: 0, bad: 0 })
})

test('the probe goes on counting when the host is down another time', async () => {
  const server = await up(silentHost())
  const { balancer, host, totals } = await scene(server.address)
  balancer.configure('hostCheck', { intervalMs: 100, rise: 1 })
  for (const good of [0, 1, 2]) {
    host.setHealth('down', 'connection refused')
    expect(totals('probe')).toEqual({ ...NONE, good })
    await eventually(() => host.health === 'up', 'the probe brings it back')
  }
})

test('a check that was changed counts anew, and the others go on', async () => {
  const server = await up(answeringHost(httpAnswer(200)))
  const other = { ...HTTP, path: '/other' }
  const { group, totals } = await scene(server.address, [HTTP, other])
  await eventually(() => totals('http /').good > 0 && totals('http /other').good > 0, 'both looked')
  const before = totals('http /').good
  group.checks = [HTTP, { ...other, intervalMs: 3_600_000 }]
  expect(totals('http /').good).toBeGreaterThanOrEqual(before)
  expect(totals('http /other')).toEqual(NONE)
  await eventually(() => totals('http /').good > before, 'the first one goes on')
})

test('of clients those are counted that the host took, and those that it did not', async () => {
  const { host, totals } = await scene(await refusingAddress())
  Object.assign(Host.countersOf(host), { total: 7, failed: 2 })
  expect(totals('clients')).toEqual({ good: 7, bad: 2, blind: 0 })
})

/** One host `a`, looked after. */
async function scene(address: string, checks: readonly Partial<CheckValues>[] = []) {
  const balancer = await balancerOf({ main: { hosts: { a: address } } })
  const watch = new HealthWatch({ balancer, log: new RecordingLog(), targetOf })
  onTestFinished(() => watch.stop())
  watch.start()
  const group = balancer.service('web').group('main')
  group.checks = checks
  const host = group.host('a')
  const view = (name: string) => watch.checksOf(host).find(({ check }) => check === name)
  return { balancer, group, host, view, totals: (name: string) => view(name)?.totals ?? NONE }
}

async function up<Kind extends TestHost>(starting: Promise<Kind>): Promise<Kind> {
  const host = await starting
  onTestFinished(() => host.close())
  return host
}
