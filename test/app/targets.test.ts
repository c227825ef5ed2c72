// Where hosts are reached: addresses as they are, names as the system knows them.
import { expect, onTestFinished, test } from 'vitest'
import { Targets } from '../../src/app/targets.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { NO_ADDRESS } from '../../src/model/target.ts'
import { eventually } from '../helpers/eventually.ts'
import { FakePorts } from '../helpers/fake-ports.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

async function start() {
  const balancer = new Balancer({ ports: new FakePorts() })
  const main = (await balancer.addService('web')).addGroup('main')
  const changed: string[] = []
  const targets = new Targets({
    balancer,
    log: new RecordingLog(),
    onChange: () => changed.push('changed'),
  })
  onTestFinished(() => targets.stop())
  return { balancer, main, targets, changed }
}

test.each([
  ['10.0.0.1:80', { host: '10.0.0.1', port: 80, family: 4 }],
  ['[2001:db8::7]:8080', { host: '2001:db8::7', port: 8_080, family: 6 }],
  ['[fe80::1%eth0]:80', { host: 'fe80::1%eth0', port: 80, family: 6 }],
  ['unix:/run/app.sock', { path: '/run/app.sock' }],
])('%s is reached without a look-up', async (address, target) => {
  const { main, targets } = await start()
  expect(targets.of(main.addHost('a', address))).toEqual(target)
})

test('a name has an address from soon after its host was added, without being started', async () => {
  const { main, targets, changed } = await start()
  const host = main.addHost('a', 'localhost:80')
  expect(targets.of(host)).toBeUndefined()
  const target = await eventually(() => targets.of(host), 'localhost has an address')
  expect(target).toMatchObject({ port: 80 })
  expect([
    { host: '127.0.0.1', family: 4 },
    { host: '::1', family: 6 },
  ]).toContainEqual({
    host: 'host' in target ? target.host : '',
    family: 'family' in target ? target.family : 0,
  })
  expect(changed).toEqual(['changed'])
})

test('a host that moves to a name is reached there, one that moves away is not', async () => {
  const { main, targets } = await start()
  const host = main.addHost('a', '10.0.0.1:80')
  host.address = 'localhost:81'
  await eventually(() => targets.of(host), 'localhost has an address')
  host.address = '10.0.0.2:82'
  expect(targets.of(host)).toEqual({ host: '10.0.0.2', port: 82, family: 4 })
})

test('a host that a check found without an address is free again with the next one', async () => {
  const { main, targets } = await start()
  const [host, other] = [main.addHost('a', 'localhost:80'), main.addHost('b', 'localhost:80')]
  host.setHealth('down', NO_ADDRESS)
  other.setHealth('down', 'connection refused')
  await eventually(() => targets.of(host), 'localhost has an address')
  expect([host.health, other.health]).toEqual(['unknown', 'down'])
})

test('hosts that came before are settled before a port is opened', async () => {
  const { main, targets } = await start()
  const host = main.addHost('a', 'localhost:80')
  await targets.settled()
  expect(targets.of(host)).toMatchObject({ port: 80 })
})

test('after the end no name is looked up any more', async () => {
  const { main, targets, changed } = await start()
  targets.start()
  await targets.stop()
  const host = main.addHost('a', 'localhost:80')
  await targets.settled()
  expect([targets.of(host), changed]).toEqual([undefined, []])
})
