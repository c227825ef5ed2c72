// Another name or another place for what goes on: one change, and nothing else is another.
import { describe, expect, test } from 'vitest'
import { Balancer } from '../../src/model/balancer.ts'
import type { Change } from '../../src/model/change.ts'
import { Host } from '../../src/model/host.ts'

async function start() {
  const ports = { open: async () => '127.0.0.1:80', close: async () => {} }
  const balancer = new Balancer({ ports, now: () => 0 })
  const web = await balancer.addService('web')
  await web.listen('127.0.0.1:80')
  const main = web.addGroup('main')
  for (const name of ['a', 'b', 'c']) main.addHost(name, '10.0.0.1:80')
  web.addGroup('spare')
  await balancer.addService('mail')
  const changes: Change[] = []
  balancer.follow((change) => changes.push(change))
  return { balancer, web, main, changes }
}

test('a host keeps its place, its number, its counters and its health', async () => {
  const { balancer, main, changes } = await start()
  const host = main.host('b')
  Host.countersOf(host).open = 3
  host.setHealth('up', '')
  changes.length = 0
  expect(main.renameHost('b', 'two')).toBe(host)
  expect(main.hostList.map(({ name }) => name)).toEqual(['a', 'two', 'c'])
  expect(host.describe()).toMatchObject({ name: 'two', health: 'up', open: 3 })
  expect(host.path).toBe('web/main/two')
  expect(balancer.find('web/main/two')).toBe(host)
  expect(Object.keys(main.hosts)).toEqual(['a', 'two', 'c'])
  expect(changes).toMatchObject([{ path: 'web/main/b', field: 'name', from: 'b', to: 'two' }])
  host.weight = 5
  expect(changes.at(-1)).toMatchObject({ path: 'web/main/two', field: 'weight' })
})

test('a host that stands elsewhere is the same host', async () => {
  const { main, changes } = await start()
  const [a, b, c] = main.hostList
  main.moveHost('c', { before: 'a' })
  expect(main.hostList).toEqual([c, a, b])
  expect(Object.keys(main.hosts)).toEqual(['c', 'a', 'b'])
  main.moveHost('a')
  expect(main.hostList).toEqual([c, b, a])
  expect(changes).toMatchObject([
    { action: 'set', path: 'web/main/c', field: 'before', from: '', to: 'a' },
    { action: 'set', path: 'web/main/a', field: 'before', from: 'b', to: '' },
  ])
})

test('a host that stands there already is not moved', async () => {
  const { main, changes } = await start()
  main.moveHost('a', { before: 'b' })
  main.moveHost('b', { before: 'b' })
  main.moveHost('c')
  expect(main.hostList.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect(changes).toEqual([])
  expect(() => main.moveHost('a', { before: 'd' })).toThrow('no host d in web/main')
})

test('a group that serves goes on serving under its new name', async () => {
  const { web, main, changes } = await start()
  web.renameGroup('main', 'first')
  expect(web.enabledGroup).toBe('first')
  expect(web.servingGroup).toBe(main)
  expect(main.enabled).toBe(true)
  expect(web.groupList.map(({ name }) => name)).toEqual(['first', 'spare'])
  expect(changes).toMatchObject([{ path: 'web/main', field: 'name', from: 'main', to: 'first' }])
})

test('a service takes its listeners, groups and hosts along', async () => {
  const { balancer, web, changes } = await start()
  web.pause()
  changes.length = 0
  balancer.renameService('web', 'www')
  expect(balancer.serviceList.map(({ path }) => path)).toEqual(['www', 'mail'])
  expect(balancer.listenerList.map(({ path }) => path)).toEqual(['www/listen/127.0.0.1:80'])
  expect(balancer.hostList[0]?.path).toBe('www/main/a')
  expect(web.paused).toBe(true)
  expect(changes).toMatchObject([{ path: 'web', field: 'name', from: 'web', to: 'www' }])
})

test('the name that is there already changes nothing', async () => {
  const { main, changes } = await start()
  main.renameHost('a', 'a')
  expect(changes).toEqual([])
})

describe('refused, and nothing changes:', () => {
  test.each([
    ['a host to a taken name', 'web/main already has a host b', 'host', 'b'],
    ['a host to a bad name', 'a name is', 'host', 'x/y'],
    ['a group to a taken name', 'web already has a group spare', 'group', 'spare'],
    ['a group to a reserved name', 'listen is reserved', 'group', 'listen'],
    ['a service to a taken name', 'the balancer already has a service mail', 'service', 'mail'],
    ['a service to an empty name', 'a name is', 'service', ''],
  ])('%s', async (_, sentence, kind, to) => {
    const { balancer, web, main, changes } = await start()
    const before = JSON.stringify(balancer.snapshot())
    const rename = () => {
      if (kind === 'host') main.renameHost('a', to)
      else if (kind === 'group') web.renameGroup('main', to)
      else balancer.renameService('web', to)
    }
    expect(rename).toThrow(sentence)
    expect(JSON.stringify(balancer.snapshot())).toBe(before)
    expect(changes).toEqual([])
  })

  test('what is not there', async () => {
    const { main } = await start()
    expect(() => main.renameHost('aa', 'x')).toThrow('no host aa in web/main, did you mean a?')
  })

  test('what was removed with its owner', async () => {
    const { balancer, main } = await start()
    await balancer.removeService('web')
    expect(() => main.renameHost('a', 'x')).toThrow('was removed')
  })
})
