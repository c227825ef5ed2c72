// What clients' own connects do to a host's health, and what is logged about it.
import { expect, onTestFinished, test } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import { HealthWatch } from '../../src/health/watch.ts'
import { Host } from '../../src/model/host.ts'
import { balancerOf, type GroupOf, targetOf } from '../helpers/balancer-of.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

const HOSTS = { a: '10.0.0.1:80', b: '10.0.0.2:80' }

test('one failed connect takes a host out, with its reason, as the work of health', async () => {
  const { balancer, fail, host } = await scene()
  const changes: Change[] = []
  balancer.follow((change) => changes.push(change))
  fail('a')
  expect(host('a')).toMatchObject({ health: 'down', reason: 'connection refused', ready: false })
  expect(changes).toMatchObject([
    { origin: 'health', path: 'web/main/a', field: 'health', from: 'unknown', to: 'down' },
  ])
})

test('as many as maxFails in a row take it out, each host counting for itself', async () => {
  const { fail, host } = await scene({ maxFails: 3 })
  fail('a', 'b', 'a', 'b')
  expect(host('a').health).toBe('unknown')
  fail('a')
  expect([host('a').health, host('b').health]).toEqual(['down', 'unknown'])
})

test('a session that the host took in between begins the count anew', async () => {
  const { fail, host } = await scene({ maxFails: 2 })
  fail('a')
  Host.countersOf(host('a')).total += 1
  fail('a')
  expect(host('a').health).toBe('unknown')
  fail('a')
  expect(host('a').health).toBe('down')
})

test('with maxFails 0 clients never take a host out', async () => {
  const { fail, host } = await scene({ maxFails: 0 })
  fail('a', 'a', 'a')
  expect(host('a').health).toBe('unknown')
})

test('maxFails may be changed at any time', async () => {
  const { balancer, fail, host } = await scene({ maxFails: 5 })
  fail('a', 'a')
  balancer.service('web').group('main').maxFails = 3
  fail('a')
  expect(host('a').health).toBe('down')
})

test('a failure that is our own fault is not held against the host', async () => {
  const { watch, host } = await scene()
  watch.hostFailed({ hostId: host('a').id, code: 'LOCAL_LIMIT', reason: 'too many open files' })
  expect(host('a').health).toBe('unknown')
})

test('a host that is down and accepted a client of the last resort is up again', async () => {
  const { fail, watch, host } = await scene()
  fail('a')
  watch.hostAnswered(host('a').id)
  expect(host('a')).toMatchObject({ health: 'up', reason: '' })
})

test('where the group has checks, accepting is not enough', async () => {
  const { fail, watch, host } = await scene({ checks: [CHECK] })
  fail('a')
  watch.hostAnswered(host('a').id)
  expect(host('a').health).toBe('down')
})

test('events of a host that was removed meanwhile are passed over', async () => {
  const { balancer, watch, host } = await scene()
  const { id } = host('a')
  balancer.service('web').group('main').removeHost('a')
  watch.hostFailed({ hostId: id, code: 'HOST_REFUSED', reason: 'connection refused' })
  watch.hostAnswered(id)
  watch.hostAnswered(-1)
})

test('a host that was added later is known', async () => {
  const { balancer, fail, host } = await scene()
  balancer.service('web').group('main').addHost('c', '10.0.0.3:80')
  fail('c')
  expect(host('c').health).toBe('down')
})

test('each change of health is one line', async () => {
  const { fail, watch, host, log } = await scene()
  const facts = { service: 'web', group: 'main', host: 'a', address: '10.0.0.1:80' }
  fail('a', 'a')
  watch.hostAnswered(host('a').id)
  watch.hostAnswered(host('a').id)
  host('a').address = '10.0.0.9:80'
  expect(log.lines).toEqual([
    { level: 'warn', event: 'host down', facts: { ...facts, reason: 'connection refused' } },
    { level: 'info', event: 'host up', facts },
  ])
})

test('PANIC is logged once when the last wanted host is down, and once when it is over', async () => {
  const { fail, watch, host, log } = await scene()
  fail('a')
  expect(log.of('PANIC')).toEqual([])
  fail('b')
  const facts = { service: 'web', group: 'main', enabled: true, hosts: ['a', 'b'] }
  expect(log.of('PANIC')).toEqual([{ level: 'error', event: 'PANIC', facts }])
  watch.hostAnswered(host('b').id)
  watch.hostAnswered(host('a').id)
  expect(log.of('panic is over')).toEqual([{ level: 'info', event: 'panic is over', facts }])
  expect(log.of('PANIC')).toHaveLength(1)
})

test('a panic also begins and ends by what operators do', async () => {
  const { balancer, fail, host, log } = await scene()
  fail('a')
  host('b').drain()
  expect(log.of('PANIC')).toHaveLength(1)
  balancer.service('web').group('main').addHost('c', '10.0.0.3:80')
  expect(log.of('panic is over')).toHaveLength(1)
  host('c').weight = 0
  expect(log.of('PANIC')).toHaveLength(2)
})

test('after a stop nothing is logged any more', async () => {
  const { watch, host, log } = await scene()
  await watch.stop()
  host('a').setHealth('down', 'refused')
  expect(log.lines).toEqual([])
})

const CHECK = {
  type: 'http',
  intervalMs: 5_000,
  timeoutMs: 2_000,
  rise: 2,
  fall: 3,
  path: '/',
  status: '200',
  match: '',
  command: '',
} as const

async function scene(values: Omit<GroupOf, 'hosts'> = {}) {
  const balancer = await balancerOf({ main: { hosts: HOSTS, ...values } })
  const log = new RecordingLog()
  const watch = new HealthWatch({ balancer, log, targetOf })
  onTestFinished(() => watch.stop())
  const host = (name: string) => balancer.service('web').group('main').host(name)
  const fail = (...names: string[]) => {
    for (const name of names) {
      watch.hostFailed({
        hostId: host(name).id,
        code: 'HOST_REFUSED',
        reason: 'connection refused',
      })
    }
  }
  return { balancer, log, watch, host, fail }
}
