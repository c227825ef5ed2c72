// What a document keeps of a balancer is all that is needed to make it again.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Balancer } from '../../src/model/balancer.ts'
import type { SettingName } from '../../src/model/setting-fields.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'
import { Host } from '../../src/model/host.ts'
import { FakePorts } from '../helpers/fake-ports.ts'
import { randomly, seed } from '../helpers/seed.ts'
import { anySnapshot } from '../helpers/snapshots.ts'

test(`a snapshot made into a balancer is the same snapshot again (seed ${seed})`, async () => {
  const holds = async (snapshot: BalancerSnapshot) => {
    const once = (await balancerFrom(snapshot)).snapshot()
    expect(sorted(once)).toEqual(sorted(snapshot))
    expect((await balancerFrom(once)).snapshot()).toEqual(once)
    expect(JSON.parse(JSON.stringify(once))).toEqual(once)
  }
  await fc.assert(fc.asyncProperty(anySnapshot, holds), randomly(150))
})

test('a snapshot has no counters, no health and no functions', async () => {
  const balancer = new Balancer({ ports: new FakePorts() })
  const main = (await balancer.addService('web')).addGroup('main')
  const before = JSON.stringify(balancer.snapshot())
  main.addHost('a', '10.0.0.1:80')
  const withHost = balancer.snapshot()
  main.host('a').setHealth('down', 'refused')
  Host.countersOf(main.host('a')).total = 9
  main.ask = () => 'a'
  expect(balancer.snapshot()).toEqual(withHost)
  expect(JSON.stringify(balancer.snapshot())).not.toBe(before)
})

async function balancerFrom(snapshot: BalancerSnapshot): Promise<Balancer> {
  const balancer = new Balancer({ ports: new FakePorts() })
  for (const { name, ...values } of snapshot.services) await balancer.addService(name, values)
  balancer.setUsers(snapshot.users)
  balancer.setTokens(snapshot.tokens)
  for (const name of Object.keys(snapshot.settings) as SettingName[])
    balancer.configure(name, snapshot.settings[name] as never)
  return balancer
}

// Names like 7 come first in a record, so that services and groups may change places; hosts never do.
function sorted(snapshot: BalancerSnapshot): unknown {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  const services = snapshot.services.map((service) => ({
    ...service,
    groups: service.groups.toSorted(byName),
    listeners: service.listeners.toSorted((a, b) => (a.address < b.address ? -1 : 1)),
  }))
  return { ...snapshot, services: services.toSorted(byName) }
}
