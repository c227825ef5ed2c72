// The engine follows the model: one table for each turn of the event loop in which something changed.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Traffic, portsOf } from '../../src/app/traffic.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { targetOf } from '../helpers/balancer-of.ts'
import { StubEngine } from '../helpers/stub-engine.ts'

async function start() {
  const engine = new StubEngine()
  const balancer = new Balancer({
    ports: portsOf(
      () => engine,
      async () => {},
    ),
  })
  const traffic = new Traffic({
    balancer,
    engine,
    targetOf: (host) => ({ ...targetOf(host), family: 4 }) as const,
  })
  const web = await balancer.addService('web')
  const main = web.addGroup('main')
  for (const name of ['a', 'b']) main.addHost(name, '10.0.0.1:80')
  await nextTurn()
  engine.told.length = 0
  const told = async (edit: () => unknown) => {
    await edit()
    await nextTurn()
    return engine.told.splice(0)
  }
  return { engine, balancer, traffic, web, main, told }
}

test('many changes of one turn are one table, with all of them in it', async () => {
  const { engine, main, told } = await start()
  const edits = () => {
    for (let i = 0; i < 100; i++) main.addHost(`h${i}`, '10.0.0.1:80')
    main.host('a').drain()
    main.scheduler = 'roundrobin'
  }
  expect(await told(edits)).toEqual(['table web'])
  expect(engine.tables.get('web')).toMatchObject({ rule: { kind: 'cycle' } })
  expect(engine.tables.get('web')?.hosts).toHaveLength(102)
  expect(engine.tables.get('web')?.hosts[0]).toMatchObject({ name: 'a', ready: false })
})

test('changes of another turn are another table', async () => {
  const { main, told } = await start()
  expect(await told(() => main.host('a').drain())).toEqual(['table web'])
  expect(await told(() => main.host('a').enable())).toEqual(['table web'])
})

test('a service gets a table of its own, and another one is left alone', async () => {
  const { balancer, told } = await start()
  const add = async () => {
    const dns = await balancer.addService('dns')
    dns.addGroup('corp').addHost('x', '10.0.0.2:53')
  }
  expect(new Set(await told(add))).toEqual(new Set(['no table dns', 'table dns']))
})

test('health is felt, and so is the switch to another group', async () => {
  const { engine, web, main, told } = await start()
  expect(await told(() => main.host('a').setHealth('down', 'refused'))).toEqual(['table web'])
  expect(engine.tables.get('web')?.hosts[0]).toMatchObject({ ready: false, suspect: true })
  const change = () => {
    web.addGroup('spare')
    web.enableGroup('spare')
  }
  expect(await told(change)).toEqual(['table web'])
  expect(engine.tables.get('web')).toMatchObject({ group: 'spare', hosts: [] })
})

test('a pause holds clients in every table until it is over', async () => {
  const { engine, web, main, told } = await start()
  const held = () => engine.tables.get('web')?.hold ?? -1
  expect(held()).toBe(0)
  expect(await told(() => web.pause())).toEqual(['table web'])
  expect(held()).toBeGreaterThan(0)
  const others = () => {
    main.removeHost('a')
    web.addGroup('spare')
    web.enableGroup('spare')
  }
  expect(await told(others)).toEqual(['table web'])
  expect(held()).toBeGreaterThan(0)
  expect(await told(() => web.resume())).toEqual(['table web'])
  expect(held()).toBe(0)
})

test('a service that is removed is closed and has no table any more', async () => {
  const { engine, balancer, web, told } = await start()
  await web.listen('127.0.0.1:8080')
  await told(() => {})
  const remove = () => balancer.removeService('web')
  expect(await told(remove)).toEqual(['close 127.0.0.1:8080', 'no table web'])
  expect([engine.tables.size, engine.listeners.size]).toEqual([0, 0])
})

test('listeners are opened, updated and closed without a new table', async () => {
  const { engine, web, told } = await start()
  expect(await told(() => web.listen('127.0.0.1:80'))).toEqual(['open web 127.0.0.1:80'])
  const set = () => Object.assign(web.listener('127.0.0.1:80'), { maxSessions: 5 })
  expect(await told(set)).toEqual(['update web 127.0.0.1:80'])
  expect([...engine.listeners.values()]).toMatchObject([{ maxSessions: 5 }])
  const move = () => web.moveListener('127.0.0.1:80', '127.0.0.1:81')
  expect(await told(move)).toEqual(['open web 127.0.0.1:81', 'close 127.0.0.1:80'])
  expect([...engine.listeners.values()]).toMatchObject([{ maxSessions: 5 }])
})

test('settings and operators are nothing to an engine', async () => {
  const { balancer, told } = await start()
  const change = () => {
    balancer.configure('hostCheck', { rise: 3 })
    balancer.setUsers([{ name: 'alice' }])
  }
  expect(await told(change)).toEqual([])
})

test('a service named settings is served like any other', async () => {
  const { engine, balancer, told } = await start()
  const add = async () => {
    const service = await balancer.addService('settings')
    service.addGroup('ssh').addHost('x', '10.0.0.2:22')
  }
  await told(add)
  expect(engine.tables.get('settings')).toMatchObject({ group: 'ssh', hosts: [{ name: 'x' }] })
  await told(() => balancer.removeService('settings'))
  expect(engine.tables.has('settings')).toBe(false)
})

test('a refresh makes every table anew, and after the end nothing is made', async () => {
  const { balancer, traffic, main, told } = await start()
  const dns = await balancer.addService('dns')
  dns.addGroup('corp')
  await told(() => {})
  expect(await told(() => traffic.refresh())).toEqual(['table web', 'table dns'])
  traffic.stop()
  expect(await told(() => main.host('a').drain())).toEqual([])
})

test('a name goes to the engine at once, and the table behind it has the new one', async () => {
  const { balancer, engine, web, main, told } = await start()
  const edits = () => {
    main.host('a').weight = 2
    balancer.renameService('web', 'www')
    web.renameGroup('main', 'first')
    main.renameHost('a', 'one')
  }
  expect(await told(edits)).toEqual(['service web is www', 'group www/main is first', 'table www'])
  expect(engine.tables.get('www')).toMatchObject({ service: 'www', group: 'first' })
  expect(engine.tables.get('www')?.hosts[0]).toMatchObject({ name: 'one', weight: 2 })
})

test('a service that takes the old name in the same turn has a table of its own', async () => {
  const { balancer, told } = await start()
  const edits = async () => {
    balancer.renameService('web', 'www')
    await balancer.addService('web')
  }
  expect(await told(edits)).toEqual(['service web is www', 'table www', 'no table web'])
})
