// Whatever was removed refuses every edit, so that nobody believes to have changed something.
import { describe, expect, test } from 'vitest'
import type { Balancer } from '../../src/model/balancer.ts'
import { followedBalancer } from '../helpers/followed.ts'

describe.each([
  ['a host', 'web/main/a', async (lb: Balancer) => lb.service('web').group('main').removeHost('a')],
  [
    'a host of a removed group',
    'web/spare/s',
    async (lb: Balancer) => lb.service('web').removeGroup('spare'),
  ],
  ['a host of a removed service', 'web/main/a', async (lb: Balancer) => lb.removeService('web')],
])('%s that was removed', (_, path, remove) => {
  test.each(['weight', 'intent', 'maxSessions', 'address'])('keeps its %s', async (field) => {
    const { balancer, changes } = await followedBalancer()
    const host = balancer.find(path) as unknown as Record<string, unknown>
    await remove(balancer)
    changes.length = 0
    const value = { weight: 5, intent: 'draining', maxSessions: 5, address: '10.0.0.8:80' }[field]
    const before = host[field]
    expect(() => Object.assign(host, { [field]: value })).toThrow(
      /was removed and cannot be changed/,
    )
    expect([host[field], changes]).toEqual([before, []])
  })
})

test('a group that was removed refuses its verbs and fields', async () => {
  const { balancer, changes } = await followedBalancer()
  const spare = balancer.service('web').group('spare')
  balancer.service('web').removeGroup('spare')
  changes.length = 0
  const refusal = /web\/spare was removed and cannot be changed/
  expect(() => spare.addHost('t', '10.0.0.8:80')).toThrow(refusal)
  expect(() => spare.removeHost('s')).toThrow(refusal)
  expect(() => Object.assign(spare, { scheduler: 'random' })).toThrow(refusal)
  expect(() => Object.assign(spare, { checks: [{ type: 'tcp' }] })).toThrow(refusal)
  expect(() => Object.assign(spare, { ask: () => 's' })).toThrow(refusal)
  expect(spare.snapshot()).toMatchObject({
    scheduler: 'leastconns',
    checks: [],
    hosts: [{ name: 's' }],
  })
  expect(changes).toEqual([])
})

test('a service that was removed refuses its verbs and fields', async () => {
  const { balancer, ports, changes } = await followedBalancer()
  const web = balancer.service('web')
  await balancer.removeService('web')
  changes.length = 0
  const refusal = /web was removed and cannot be changed/
  expect(() => Object.assign(web, { accessLog: true })).toThrow(refusal)
  expect(() => web.addGroup('more')).toThrow(refusal)
  expect(() => web.enableGroup('spare')).toThrow(refusal)
  expect(() => web.removeGroup('spare')).toThrow(refusal)
  await expect(web.listen('127.0.0.1:8181')).rejects.toThrow(refusal)
  expect([Object.keys(web.groups), web.enabledGroup, changes]).toEqual([
    ['main', 'spare'],
    'main',
    [],
  ])
  expect([...ports.held]).toEqual([])
})

test('a listener that was closed refuses its fields', async () => {
  const { balancer, changes } = await followedBalancer()
  const listener = balancer.service('web').listener('127.0.0.1:8080')
  await balancer.service('web').closeListener('127.0.0.1:8080')
  changes.length = 0
  expect(() => Object.assign(listener, { maxSessions: 5 })).toThrow(/was removed/)
  expect([listener.maxSessions, listener.state, listener.bound, changes]).toEqual([
    0,
    'closed',
    '',
    [],
  ])
})

test('its name may be given anew, to another object', async () => {
  const { balancer } = await followedBalancer()
  const main = balancer.service('web').group('main')
  const old = main.host('a')
  main.removeHost('a')
  const fresh = main.addHost('a', '10.0.0.1:80')
  expect(fresh).not.toBe(old)
  expect(fresh.id).not.toBe(old.id)
  fresh.weight = 7
  expect(old.weight).toBe(1)
})
