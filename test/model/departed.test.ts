// What was removed while sessions were open at it, and comes back: its figures go on.
import { beforeEach, expect, test } from 'vitest'
import { Balancer } from '../../src/model/balancer.ts'
import { Counters } from '../../src/model/counters.ts'
import { Departed } from '../../src/model/departed.ts'
import type { Group } from '../../src/model/group.ts'
import { Host } from '../../src/model/host.ts'
import { Journal } from '../../src/model/journal.ts'
import { Listener } from '../../src/model/listener.ts'
import { withOrigin } from '../../src/base/origin.ts'

const LISTEN = '127.0.0.1:8080'
let balancer: Balancer
let main: Group

beforeEach(async () => {
  balancer = new Balancer({ ports: { open: async () => LISTEN, close: async () => {} } })
  const web = await balancer.addService('web')
  main = web.addGroup('main')
  main.addHost('a', '10.0.0.1:80')
  await web.listen(LISTEN)
  Host.countersOf(main.host('a')).open = 3
  Listener.countersOf(web.listener(LISTEN)).open = 3
})

test('a removal that is undone finds its open sessions again', async () => {
  const journal = new Journal(balancer)
  journal.start()
  const before = Host.countersOf(main.host('a'))
  await withOrigin('ssh:op', () => balancer.removeService('web'))
  before.open -= 1
  await withOrigin('ssh:op', () => journal.undo(journal.lastOf('ssh:op')?.number ?? 0))
  const web = balancer.service('web')
  expect(web.group('main').host('a').counters.open).toBe(2)
  expect(web.listener(LISTEN).counters.open).toBe(3)
  before.open -= 1
  expect(web.group('main').host('a').counters.open).toBe(1)
  journal.stop()
})

test.each([
  ['the same host', 'a', '10.0.0.1:80', 3],
  ['another machine under the old name', 'a', '10.0.0.2:80', 0],
  ['the same machine under another name', 'b', '10.0.0.1:80', 0],
])('%s that is added after a removal', (_what, name, address, open) => {
  main.removeHost('a', { force: true })
  expect(main.addHost(name, address).counters.open).toBe(open)
})

test('figures belong to one host alone', () => {
  main.removeHost('a', { force: true })
  main.addHost('a', '10.0.0.1:80')
  main.renameHost('a', 'b')
  expect(main.addHost('a', '10.0.0.1:80').counters.open).toBe(0)
  expect(main.host('b').counters.open).toBe(3)
})

test('only those with open sessions are remembered', () => {
  const departed = new Departed()
  for (let place = 0; place < 1_000; place++) {
    const counters = new Counters()
    departed.keep(`${place}`, counters)
    counters.open = 1
    departed.keep(`${place}`, counters)
    counters.open = 0
    expect(departed.take(`${place}`)).toBeUndefined()
    departed.keep(`again ${place}`, Object.assign(counters, { open: 1 }))
    counters.open = 0
  }
  expect(departed.size).toBeLessThanOrEqual(64)
})
