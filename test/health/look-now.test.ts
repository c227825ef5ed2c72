// Looks that an operator asks for, and what can be seen of the looks that are taken by themselves.
import { expect, onTestFinished, test } from 'vitest'
import { BalancerError } from '../../src/base/errors.ts'
import { HealthWatch, type HealthWatchOptions } from '../../src/health/watch.ts'
import type { CheckValues } from '../../src/model/fields.ts'
import { NO_ADDRESS } from '../../src/model/target.ts'
import { answeringHost, httpAnswer } from '../helpers/answering-host.ts'
import { balancerOf, type GroupOf, targetOf } from '../helpers/balancer-of.ts'
import { eventually } from '../helpers/eventually.ts'
import { refusingAddress, silentHost, type TestHost } from '../helpers/hosts.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

test('a host that is down comes back by one good look, with all timers off', async () => {
  const { host, watch } = await scene({ hosts: { a: (await up(silentHost())).address } })
  host.setHealth('down', 'connection refused')
  expect(await watch.lookNow(host)).toMatchObject({ reason: '' })
  expect(host.health).toBe('up')
})

test('a host that does not accept is taken out, with the reason', async () => {
  const { host, watch } = await scene({ hosts: { a: await refusingAddress() } })
  expect(await watch.lookNow(host)).toMatchObject({ reason: 'connection refused' })
  expect(host).toMatchObject({ health: 'down', reason: 'connection refused' })
})

test('every check of the group is taken, whatever streaks they ask for', async () => {
  const server = await up(answeringHost(httpAnswer(200)))
  const checks = [HTTP, { ...HTTP, path: '/other', status: '204' }]
  const { host, watch } = await scene({ hosts: { a: server.address }, checks })
  expect(await watch.lookNow(host)).toMatchObject({ reason: 'status 200, wanted 204' })
  expect(host.health).toBe('down')
  server.answer = httpAnswer(204)
  expect((await watch.lookNow(host)).reason).toBe('status 204, wanted 200')
})

test('a host that never answers costs its time-out and no more', async () => {
  const { host, watch, balancer } = await scene({
    hosts: { a: (await up(silentHost())).address },
    checks: [{ ...HTTP, timeoutMs: 100 }],
  })
  balancer.configure('hostCheck', { timeoutMs: 100 })
  expect((await watch.lookNow(host)).reason).toBe('no answer within 100ms')
})

test('a host without an address is down for that', async () => {
  const { host, watch } = await scene(
    { hosts: { a: 'x.example:1' } },
    { targetOf: () => undefined },
  )
  expect((await watch.lookNow(host)).reason).toBe(NO_ADDRESS)
})

test('a check that cannot be carried out is refused and changes nothing', async () => {
  const check = { ...HTTP, type: 'exec', command: '/nonexistent/check' } as const
  const { host, watch } = await scene({ hosts: { a: '127.0.0.1:1' }, checks: [check] })
  await expect(watch.lookNow(host)).rejects.toThrow('no such program')
  expect(host.health).toBe('unknown')
})

test('a host that goes while it is looked at is left alone', async () => {
  const server = await up(silentHost())
  const { host, watch, group } = await scene({
    hosts: { a: server.address, b: server.address },
    checks: [{ ...HTTP, timeoutMs: 200 }],
  })
  const looked = watch.lookNow(host)
  group.removeHost('a')
  await expect(looked).rejects.toThrow('was changed or removed')
  await expect(watch.lookNow(host)).rejects.toBeInstanceOf(BalancerError)
})

test('stopping ends it', async () => {
  const server = await up(silentHost())
  const { host, watch } = await scene({
    hosts: { a: server.address },
    checks: [{ ...HTTP, timeoutMs: 60_000 }],
  })
  const looked = watch.lookNow(host)
  await eventually(() => server.accepted > 0, 'it is under way')
  const [outcome] = await Promise.allSettled([looked, watch.stop()])
  expect(outcome).toMatchObject({ reason: { message: expect.stringContaining('stopping') } })
  expect(host.health).toBe('unknown')
})

test('what is seen of a host is kept, oldest first', async () => {
  const server = await up(answeringHost(httpAnswer(503)))
  const { host, watch } = await scene({ hosts: { a: server.address }, checks: [HTTP] })
  expect(watch.checksOf(host)).toMatchObject([
    { check: 'http /', good: 0, bad: 0, rise: 2, fall: 3, results: [] },
    { check: 'clients', bad: 0, nextMs: null },
  ])
  watch.start()
  const check = () => watch.checksOf(host)[0]
  await eventually(() => (check()?.results.length ?? 0) > 0, 'a look was taken')
  expect(check()?.results[0]).toMatchObject({ outcome: 'bad', reason: 'status 503, wanted 200' })
  server.answer = httpAnswer(200)
  await eventually(() => check()?.results.at(-1)?.outcome === 'good', 'a good one came last')
  expect(check()?.nextMs).toBeLessThanOrEqual(100)
})

test('failed connects of clients, heartbeats and probes are seen as well', async () => {
  const { host, watch, balancer } = await scene({
    hosts: { a: await refusingAddress() },
    maxFails: 5,
  })
  watch.hostFailed({ hostId: host.id, code: 'HOST_REFUSED', reason: 'connection refused' })
  expect(watch.checksOf(host)).toMatchObject([{ check: 'clients', bad: 1, fall: 5 }])
  balancer.configure('heartbeat', { enable: true })
  host.setHealth('down', 'x')
  const names = watch.checksOf(host).map(({ check }) => check)
  expect(names).toEqual(['heartbeat', 'probe', 'clients'])
})

const HTTP = {
  type: 'http',
  intervalMs: 100,
  timeoutMs: 2_000,
  rise: 2,
  fall: 3,
  path: '/',
  status: '200',
  match: '',
  command: '',
} as const satisfies CheckValues

/** One host `a`, whose health nobody looks after yet. */
async function scene(main: GroupOf, options: Partial<HealthWatchOptions> = {}) {
  const balancer = await balancerOf({ main })
  const watch = new HealthWatch({ balancer, log: new RecordingLog(), targetOf, ...options })
  onTestFinished(() => watch.stop())
  const group = balancer.service('web').group('main')
  return { balancer, watch, group, host: group.host('a') }
}

async function up<Kind extends TestHost>(starting: Promise<Kind>): Promise<Kind> {
  const host = await starting
  onTestFinished(() => host.close())
  return host
}
