// What the schedulers of PythonDirector and txLoadBalancer did, at the level of model, scheduler and picker.
// The numbers are those of spec/pythondirector.md, section 9.
import { expect, test } from 'vitest'
import { TableCompiler } from '../../src/app/tables.ts'
import { createPicker } from '../../src/engine/node/pickers.ts'
import type { TableHost } from '../../src/engine/table.ts'
import type { Balancer } from '../../src/model/balancer.ts'
import type { Service } from '../../src/model/service.ts'
import { type GroupOf, balancerOf, targetOf } from '../helpers/balancer-of.ts'
import { PickBench } from '../helpers/pick-bench.ts'

const FOUR = { a: '10.0.0.10:80', b: '10.0.0.10:9', c: '10.0.0.9:80', d: '10.0.0.8:80' }

test('P1: round robin takes hosts in file order and begins again', async () => {
  const { serve } = await startWith('roundrobin')
  expect(serve(9)).toBe('abcdabcda')
})

test('P2: a host that is removed in the middle of a round skips nobody', async () => {
  const { serve, service } = await startWith('roundrobin')
  expect(serve(2)).toBe('ab')
  service.group('main').removeHost('c')
  expect(serve(4)).toBe('dabd')
})

test('P3: leastconns spreads held sessions evenly, ties in file order', async () => {
  const { hold } = await startWith('leastconns')
  expect(hold(6)).toBe('abcdab')
})

test('P3: leastconns gives one client at a time always to the first host', async () => {
  const { serve } = await startWith('leastconns')
  expect(serve(5)).toBe('aaaaa')
})

test('P4: leastconnsrr gives one client at a time to each host in turn', async () => {
  const { serve } = await startWith('leastconnsrr')
  expect(serve(9)).toBe('abcdabcda')
})

test('P5: a dead host leaves the rotation, is seen with the reason, and keeps its totals', async () => {
  const { serve, service } = await startWith('roundrobin')
  serve(4)
  const b = service.group('main').host('b')
  b.setHealth('down', 'connection refused')
  expect(serve(4)).toBe('acda')
  expect(b.describe()).toMatchObject({ ready: false, reason: 'connection refused', total: 1 })
})

test('P6: when all are dead the last resort is all of them, and one that is back serves alone', async () => {
  const { serve, service } = await startWith('roundrobin')
  const main = service.group('main')
  for (const host of main.hostList) host.setHealth('down', 'connection refused')
  expect(main.panic).toBe(true)
  expect(serve(4)).toBe('abcd')
  main.host('c').setHealth('up', '')
  expect(main.panic).toBe(false)
  expect(serve(3)).toBe('ccc')
})

test('P7: a host that is back has its old place and its totals', async () => {
  const { serve, service } = await startWith('roundrobin')
  serve(4)
  const a = service.group('main').host('a')
  a.setHealth('down', 'connection refused')
  expect(serve(3)).toBe('bcd')
  a.setHealth('up', '')
  expect(serve(4)).toBe('abcd')
  expect(a.counters.total).toBe(2)
})

test('P9: the last host of the serving group is kept, that of another group is not', async () => {
  const { balancer, service } = await startWith('roundrobin', {
    spare: { hosts: { s: '10.0.0.7:80' } },
  })
  for (const name of ['a', 'b', 'c']) service.group('main').removeHost(name)
  expect(() => service.group('main').removeHost('d')).toThrow(/last host of the enabled group/)
  service.group('spare').removeHost('s')
  expect(balancer.find('web/spare')).toHaveProperty('hostList', [])
})

test('P10: sessions stay counted on hosts that were removed, and on groups that serve no more', async () => {
  const { hold, service } = await startWith('leastconns', {
    spare: { hosts: { s: '10.0.0.7:80' } },
  })
  hold(8)
  const [a, b] = [service.group('main').host('a'), service.group('main').host('b')]
  service.group('main').removeHost('a')
  service.enableGroup('spare')
  expect([a.counters.open, b.counters.open]).toEqual([2, 2])
  expect(hold(1)).toBe('s')
})

test('T1: every host is found by its path and its name, and begins with zero counts', async () => {
  const { balancer, service } = await startWith('leastc')
  for (const name of ['a', 'b', 'c', 'd']) {
    const host = service.group('main').host(name)
    expect(balancer.find(`web/main/${name}`)).toBe(host)
    expect(host.counters.toJSON()).toMatchObject({ open: 0, total: 0, failed: 0 })
  }
})

test('T2: a pick counts one open session on the host, and nothing else', async () => {
  const { hold, service } = await startWith('leastc')
  expect(hold(1)).toBe('a')
  expect(service.group('main').host('a').counters).toMatchObject({ open: 1, failed: 0 })
  expect(service.group('main').host('b').counters).toMatchObject({ open: 0, total: 0, failed: 0 })
})

test('T4: round robin of four hosts repeats each four', async () => {
  const { serve } = await startWith('roundr')
  expect(serve(10)).toBe('abcdabcdab')
})

test('T5: eight held sessions are two on each of four hosts', async () => {
  const { hold, service } = await startWith('leastc')
  hold(8)
  expect(service.group('main').hostList.map((host) => host.counters.open)).toEqual([2, 2, 2, 2])
})

test('T6: a host is enabled and of weight 1 unless said otherwise', async () => {
  const { service } = await startWith('leastc')
  expect(service.group('main').host('a')).toMatchObject({
    weight: 1,
    intent: 'enabled',
    ready: true,
  })
})

test('T7: two services, one with two groups of which one serves', async () => {
  const { balancer, service } = await startWith('leastc', { test: { hosts: { t: '10.0.0.7:80' } } })
  const dns = await balancer.addService('dns')
  const corp = dns.addGroup('corp')
  for (const name of ['x', 'y']) corp.addHost(name, `10.0.1.${name === 'x' ? 1 : 2}:53`)
  expect(service.groupList.map(({ name, enabled }) => [name, enabled])).toEqual([
    ['main', true],
    ['test', false],
  ])
  expect(dns.servingGroup?.hostList).toHaveLength(2)
})

interface Started {
  readonly balancer: Balancer
  readonly service: Service
  /** Serve so many clients one after the other. @returns the names of their hosts */
  readonly serve: (count: number) => string
  /** Serve so many clients that stay. */
  readonly hold: (count: number) => string
}

/** A service whose group `main` has four hosts, and a picker that gets a new table before every pick. */
async function startWith(
  scheduler: string,
  others: Readonly<Record<string, GroupOf>> = {},
): Promise<Started> {
  const main = { scheduler: scheduler as 'random', hosts: FOUR }
  const balancer = await balancerOf({ main, ...others })
  const service = balancer.service('web')
  const compiler = new TableCompiler((host) => ({ ...targetOf(host), family: 4 }) as const)
  const bench = new PickBench((rule, slots) => createPicker(rule, slots))
  const open = (): TableHost => {
    const table = compiler.compile(service)
    if (table === undefined || table.rule.kind === 'ask') throw new Error('no table')
    bench.use(table.rule, table.hosts)
    const host = bench.open()
    if (host === undefined) throw new Error('nobody was picked')
    host.counters.total += 1
    return host
  }
  const serveOne = () => {
    const host = open()
    bench.close(host)
    return host.name
  }
  const namesOf = (count: number, one: () => string) => Array.from({ length: count }, one).join('')
  return {
    balancer,
    service,
    serve: (count) => namesOf(count, serveOne),
    hold: (count) => namesOf(count, () => open().name),
  }
}
