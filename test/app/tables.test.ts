// From the model to routing tables: what intent, health, panic and names make of a host, and when a rule is
// compiled again.
import { describe, expect, test } from 'vitest'
import { TableCompiler, listenerTableOf } from '../../src/app/tables.ts'
import { LIMITS } from '../../src/base/limits.ts'
import type { RoutingTable } from '../../src/engine/table.ts'
import { Host } from '../../src/model/host.ts'
import { Listener } from '../../src/model/listener.ts'
import { targetOf } from '../helpers/balancer-of.ts'
import { followedBalancer } from '../helpers/followed.ts'

async function start() {
  const { balancer } = await followedBalancer()
  const unknown = new Set<Host>()
  const compiler = new TableCompiler((host) =>
    unknown.has(host) ? undefined : ({ ...targetOf(host), family: 4 } as const),
  )
  const web = balancer.service('web')
  const main = web.group('main')
  const table = (): RoutingTable => {
    const compiled = compiler.compile(web)
    if (compiled === undefined) throw new Error('there is no table')
    return compiled
  }
  const ready = () =>
    table()
      .hosts.filter((host) => host.ready)
      .map((host) => host.name)
      .join('')
  return { balancer, unknown, compiler, web, main, table, ready }
}

test('a table has every setting of the serving group', async () => {
  const { web, main, table } = await start()
  const settings = {
    maxSessions: 7,
    retries: 3,
    connectTimeoutMs: 1_000,
    idleTimeoutMs: 0,
    queue: 5,
    queueTimeoutMs: 2_000,
    proxy: 'v2',
  } as const
  Object.assign(main, settings)
  web.accessLog = true
  expect(table()).toMatchObject({ ...settings, service: 'web', group: 'main', accessLog: true })
})

test('hosts stand in file order, with the counters of the model', async () => {
  const { main, table } = await start()
  main.addHost('0', '10.0.0.7:80', { before: 'b', weight: 9, maxSessions: 4 })
  const { hosts } = table()
  expect(hosts.map(({ name }) => name).join('')).toBe('a0bc')
  expect(hosts[1]).toMatchObject({
    id: main.host('0').id,
    address: '10.0.0.7:80',
    weight: 9,
    maxSessions: 4,
    target: { host: '10.0.0.7', port: 80 },
  })
  expect(hosts[1]?.counters).toBe(Host.countersOf(main.host('0')))
})

test('the serving group decides; without a group there is no table', async () => {
  const { balancer, compiler, web, table } = await start()
  web.enableGroup('spare')
  expect(table()).toMatchObject({ group: 'spare', hosts: [{ name: 's' }] })
  expect(compiler.compile(await balancer.addService('dns'))).toBeUndefined()
})

test('generations count up', async () => {
  const { table } = await start()
  const first = table().generation
  expect([table().generation, table().generation]).toEqual([first + 1, first + 2])
})

test('who waits is told to the group that the table is of', async () => {
  const { web, main, table } = await start()
  const { onWaiting } = table()
  web.enableGroup('spare')
  onWaiting(3)
  expect([main.waiting, web.group('spare').waiting]).toEqual([3, 0])
})

describe('a host is ready', () => {
  test('while it is wanted and not down; draining, disabled, weight 0 and down hosts are not', async () => {
    const { main, ready } = await start()
    main.addHost('d', '10.0.0.4:80')
    expect(ready()).toBe('abcd')
    main.host('a').drain()
    main.host('b').disable()
    main.host('c').weight = 0
    expect(ready()).toBe('d')
    main.host('a').enable()
    main.host('a').setHealth('down', 'refused')
    expect(ready()).toBe('d')
    main.host('a').setHealth('up', '')
    expect(ready()).toBe('ad')
  })

  test('also when it is full, for that is the matter of the engine', async () => {
    const { main, ready } = await start()
    main.host('a').maxSessions = 1
    Host.countersOf(main.host('a')).open = 1
    expect([main.host('a').ready, ready()]).toEqual([false, 'abc'])
  })

  test('never while its name has no address', async () => {
    const { main, unknown, ready, table } = await start()
    unknown.add(main.host('b'))
    expect(ready()).toBe('ac')
    expect(table().hosts[1]).toMatchObject({ target: undefined, ready: false })
  })

  test('in a panic when it is wanted, and it is suspect then', async () => {
    const { main, unknown, ready, table } = await start()
    main.host('a').disable()
    unknown.add(main.host('b'))
    for (const host of main.hostList) host.setHealth('down', 'refused')
    expect(ready()).toBe('c')
    expect(table().hosts.map(({ suspect }) => suspect)).toEqual([true, true, true])
  })
})

describe('a rule is compiled', () => {
  test('once, while hosts, weights and scheduler stay', async () => {
    const { main, table } = await start()
    const { rule } = table()
    main.host('a').drain()
    main.host('b').setHealth('down', 'refused')
    main.host('c').maxSessions = 5
    main.host('c').address = '10.0.0.8:80'
    main.retries = 1
    expect(table().rule).toBe(rule)
  })

  test('once for each group, however often another one serves in between', async () => {
    const { web, table } = await start()
    const { rule } = table()
    web.enableGroup('spare')
    expect(table().rule).not.toBe(rule)
    web.enableGroup('main')
    expect(table().rule).toBe(rule)
  })

  test.each([
    ['a weight changes', (main: Main) => Object.assign(main.host('b'), { weight: 5 })],
    ['the scheduler changes', (main: Main) => Object.assign(main, { scheduler: 'roundrobin' })],
    ['a host comes', (main: Main) => main.addHost('d', '10.0.0.4:80')],
    ['a host goes', (main: Main) => main.removeHost('b')],
    [
      'a host is another one of the same name',
      (main: Main) => {
        main.removeHost('c')
        main.addHost('c', '10.0.0.3:80')
      },
    ],
  ])('again when %s', async (_, change) => {
    const { main, table } = await start()
    const { rule } = table()
    change(main)
    expect(table().rule).not.toBe(rule)
  })

  test('by the scheduler that the group names', async () => {
    const { main, table } = await start()
    main.scheduler = 'weightr' as 'weightedrandom'
    expect(table().rule).toEqual({ kind: 'chance', cumulative: Float64Array.of(1, 2, 3), draws: 1 })
  })

  test('around an ask function, with the scheduler as its fallback', async () => {
    const { main, table } = await start()
    const { rule } = table()
    main.ask = () => 'a'
    const asking = { kind: 'ask', ask: main.ask, deadlineMs: LIMITS.askMs, fallback: rule }
    expect(table().rule).toEqual(asking)
    main.ask = undefined
    expect(table().rule).toBe(rule)
  })
})

test('the table of a listener has its settings and its counters', async () => {
  const { balancer, web } = await start()
  const listener = web.listener('127.0.0.1:8080')
  Object.assign(listener, { maxSessions: 5, proxy: 'require', allow: '10.0.0.0/8', deny: '::1' })
  expect(listenerTableOf(listener)).toEqual({
    id: listener.id,
    service: 'web',
    engine: 'auto',
    address: '127.0.0.1:8080',
    maxSessions: 5,
    proxy: 'require',
    allow: ['10.0.0.0/8'],
    deny: ['::1'],
    counters: Listener.countersOf(listener),
  })
  expect(balancer.find(listener.path)).toBe(listener)
})

type Main = Awaited<ReturnType<typeof start>>['main']
