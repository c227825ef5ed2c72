// A wanted configuration onto the live balancer: in place, the smallest set of verbs, all or nothing.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import { applySnapshot } from '../../../src/config/compare/apply.ts'
import { readDocument } from '../../../src/config/read/read.ts'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import type { Change } from '../../../src/model/change.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'
import { Host } from '../../../src/model/host.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'
import { tickingClock, turnsDuring } from '../../helpers/step-clock.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { snapshotAndEdited } from '../../helpers/snapshots.ts'

function snapshotOf(text: string): BalancerSnapshot {
  const result = readDocument(text, 'c')
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.document.snapshot
}

const WEB = `<config>
  <service name="web">
    <listen ip="127.0.0.1:80" />
    <group name="main" enable="1">
      <host name="a" ip="10.0.0.1:80" />
      <host name="b" ip="10.0.0.2:80" />
    </group>
    <group name="spare"><host name="x" ip="10.0.0.9:80" /></group>
  </service>
  <admin><user name="alice" access="full" /></admin>
</config>`

async function running(text = WEB) {
  const ports = new FakePorts()
  const balancer = new Balancer({ ports })
  await applySnapshot(balancer, snapshotOf(text))
  const changes: Change[] = []
  balancer.follow((change) => changes.push(change))
  ports.calls.length = 0
  return { balancer, ports, changes, web: balancer.service('web') }
}

test('a balancer becomes what the document says', async () => {
  const { balancer, ports } = await running()
  expect(sameSnapshot(balancer.snapshot(), snapshotOf(WEB))).toBe(true)
  expect([...ports.held]).toEqual(['127.0.0.1:80'])
})

test('a changed weight is one change with origin file, and everything else keeps its identity', async () => {
  const { balancer, ports, changes, web } = await running()
  const before = [web, web.group('main'), ...web.group('main').hostList, ...web.listenerList]
  await applySnapshot(balancer, snapshotOf(WEB.replace('10.0.0.2:80"', '10.0.0.2:80" weight="5"')))
  expect(changes).toMatchObject([
    { origin: 'file', action: 'set', path: 'web/main/b', field: 'weight', from: 1, to: 5 },
  ])
  const after = [
    balancer.service('web'),
    web.group('main'),
    ...web.group('main').hostList,
    ...web.listenerList,
  ]
  expect(after.every((object, index) => object === before[index])).toBe(true)
  expect(ports.calls).toEqual([])
})

test('what already holds changes nothing', async () => {
  const { balancer, changes } = await running()
  expect(await applySnapshot(balancer, snapshotOf(WEB))).toEqual([])
  expect(changes).toEqual([])
})

test('hosts that stay keep their counters when others come and go', async () => {
  const { balancer, web } = await running()
  Host.countersOf(web.group('main').host('b')).total = 7
  await applySnapshot(balancer, snapshotOf(WEB.replace('name="a"', 'name="new"')))
  const hosts = web.group('main').hostList
  expect(hosts.map(({ name, counters }) => [name, counters.total])).toEqual([
    ['new', 0],
    ['b', 7],
  ])
})

test('a host at another place keeps its identity and its counters', async () => {
  const { balancer, changes, web } = await running()
  const [a, b] = web.group('main').hostList
  const [one, other] = WEB.match(/<host name="[ab]".*\/>/g) ?? []
  const swapped = WEB.replace(`${one}`, '').replace(`${other}`, `${other}${one}`)
  await applySnapshot(balancer, snapshotOf(swapped))
  expect(web.group('main').hostList).toEqual([b, a])
  expect(changes).toMatchObject([{ action: 'set', path: 'web/main/b', field: 'before', to: 'a' }])
})

test('what somebody sets while a long document is rehearsed stays as it is set', async () => {
  const { balancer, web } = await running()
  tickingClock()
  const hosts = Array.from({ length: 50 }, (_, at) => `<host name="n${at}" ip="10.1.0.${at}:80"/>`)
  const wanted = WEB.replace('10.0.0.1:80"', '10.0.0.1:80" weight="5"').replace(
    '<group name="spare">',
    `<group name="spare">${hosts.join('')}`,
  )
  const applied = applySnapshot(balancer, snapshotOf(wanted))
  withOrigin('ssh:alice', () => {
    web.group('main').host('a').weight = 7
    web.group('main').host('b').weight = 8
  })
  await applied
  expect(web.group('main').hostList.map(({ weight }) => weight)).toEqual([7, 8])
  expect(web.group('spare').hostList).toHaveLength(51)
})

test('many hosts come, change and go in turns', async () => {
  const { balancer } = await running()
  tickingClock()
  const hosts = Array.from(
    { length: 500 },
    (_, at) => `<host name="n${at}" ip="10.1.0.1:${at + 1}"/>`,
  )
  const many = WEB.replace('<group name="spare">', `<group name="spare">${hosts.join('')}`)
  for (const text of [many, many.replaceAll('<host ', '<host weight="5" '), WEB]) {
    expect(await turnsDuring(applySnapshot(balancer, snapshotOf(text)))).toBeGreaterThan(100)
    expect(sameSnapshot(balancer.snapshot(), snapshotOf(text))).toBe(true)
  }
})

test('a listener that cannot be opened leaves everything as it was', async () => {
  const { balancer, ports, web } = await running()
  const before = balancer.snapshot()
  ports.taken.add('127.0.0.1:82')
  const wanted = WEB.replace(
    '<listen ip="127.0.0.1:80" />',
    '<listen ip="*:80"/><listen ip="127.0.0.1:81"/><listen ip="127.0.0.1:82"/>',
  ).replace('<host name="a"', '<host weight="9" name="a"')
  const listener = web.listener('127.0.0.1:80')
  await expect(applySnapshot(balancer, snapshotOf(wanted))).rejects.toMatchObject({
    code: 'PORT_TAKEN',
  })
  expect(sameSnapshot(balancer.snapshot(), before)).toBe(true)
  expect([...ports.held]).toEqual(['127.0.0.1:80'])
  // Nobody asked for its port before the one that failed.
  expect(listener.state).toBe('open')
})

test('going back leaves alone what an operator changed while the ports were being opened', async () => {
  const { balancer, ports, web } = await running()
  ports.taken.add('127.0.0.1:82')
  let opened = 0
  ports.open = async (listener) => {
    if (opened++ === 0)
      withOrigin('ssh:alice', () => {
        web.group('main').host('b').weight = 7
        web.group('spare').addHost('y', '10.0.0.8:80')
      })
    return FakePorts.prototype.open.call(ports, listener)
  }
  const wanted = WEB.replace(
    '<listen ip="127.0.0.1:80" />',
    '<listen ip="127.0.0.1:80"/><listen ip="127.0.0.1:81"/><listen ip="127.0.0.1:82"/>',
  ).replace('<service', '<service name="first"><group name="g" enable="1"/></service><service')
  await expect(applySnapshot(balancer, snapshotOf(wanted))).rejects.toMatchObject({
    code: 'PORT_TAKEN',
  })
  expect(web.group('main').host('b').weight).toBe(7)
  expect(web.group('spare').hostList.map(({ name }) => name)).toEqual(['x', 'y'])
  expect(balancer.serviceList.map(({ name }) => name)).toEqual(['web'])
  expect([...ports.held]).toEqual(['127.0.0.1:80'])
})

test('what came and went again does not open its port once more on the way back', async () => {
  const { balancer, ports } = await running()
  ports.taken.add('127.0.0.1:82')
  const both = '<listen ip="127.0.0.1:81"/><listen ip="127.0.0.1:82"/>'
  const wanted = WEB.replace('<admin>', `<service name="dns">${both}</service><admin>`)
  await expect(applySnapshot(balancer, snapshotOf(wanted))).rejects.toMatchObject({
    code: 'PORT_TAKEN',
  })
  const opened = ports.calls.filter((call) => call === 'open 127.0.0.1:81')
  expect(opened).toHaveLength(1)
})

test('a new service whose port is taken leaves everything as it was', async () => {
  const { balancer, ports } = await running()
  ports.taken.add('127.0.0.1:53')
  const wanted = WEB.replace(
    '<admin>',
    '<service name="dns"><listen ip="127.0.0.1:53"/><group name="g" enable="1"><host ip="a:1"/></group></service><admin>',
  )
  await expect(applySnapshot(balancer, snapshotOf(wanted))).rejects.toMatchObject({
    code: 'PORT_TAKEN',
  })
  expect(balancer.serviceList.map(({ name }) => name)).toEqual(['web'])
})

test('a value that the model refuses touches nothing live', async () => {
  const { balancer, changes } = await running()
  const good = snapshotOf(WEB.replace('127.0.0.1:80', '127.0.0.1:81'))
  const [user] = good.users
  const twice = {
    ...good,
    users: [
      { ...user, name: 'bob' },
      { ...user, name: 'bob' },
    ],
  }
  await expect(applySnapshot(balancer, twice as never)).rejects.toMatchObject({
    code: 'NAME_TAKEN',
  })
  const heavy = JSON.parse(JSON.stringify(good).replace('"weight":1', '"weight":1000'))
  await expect(applySnapshot(balancer, heavy)).rejects.toMatchObject({ code: 'VALUE_BAD' })
  expect(changes).toEqual([])
})

test('a port can go from one service to another', async () => {
  const { balancer, ports } = await running()
  const other = WEB.replace('name="web"', 'name="www"').replaceAll('10.0.0.', '10.0.1.')
  await applySnapshot(balancer, snapshotOf(other))
  expect(balancer.serviceList.map(({ name }) => name)).toEqual(['www'])
  expect(ports.calls).toEqual(['close 127.0.0.1:80', 'open 127.0.0.1:80'])
})

test('the last host of the enabled group can be removed by the file', async () => {
  const { balancer, web } = await running()
  await applySnapshot(balancer, snapshotOf(WEB.replace(/<host name="[ab]".*\/>/g, '')))
  expect(web.group('main').hostList).toEqual([])
})

test(`any configuration can become any other (seed ${seed})`, async () => {
  const holds = async ([from, to]: readonly [BalancerSnapshot, BalancerSnapshot]) => {
    const balancer = new Balancer({ ports: new FakePorts() })
    await applySnapshot(balancer, from)
    expect(sameSnapshot(balancer.snapshot(), from)).toBe(true)
    await applySnapshot(balancer, to)
    expect(sameSnapshot(balancer.snapshot(), to)).toBe(true)
  }
  await fc.assert(fc.asyncProperty(snapshotAndEdited, holds), randomly(300))
})

test(`whatever was done when a port does not open is undone (seed ${seed})`, async () => {
  const holds = async (
    [from, to]: readonly [BalancerSnapshot, BalancerSnapshot],
    opened: number,
  ) => {
    const ports = new FakePorts()
    const balancer = new Balancer({ ports })
    await applySnapshot(balancer, from)
    const before = balancer.snapshot()
    let left = opened
    ports.open = async (listener) => {
      if (left-- === 0) throw new BalancerError('PORT_TAKEN', listener.address)
      return FakePorts.prototype.open.call(ports, listener)
    }
    const refused = await applySnapshot(balancer, to).then(
      () => false,
      () => true,
    )
    expect(!refused || sameSnapshot(balancer.snapshot(), before)).toBe(true)
  }
  const property = fc.asyncProperty(snapshotAndEdited, fc.nat(3), holds)
  await fc.assert(property, randomly(300))
})
