// What is called otherwise in a document is renamed, not removed and added: it keeps its identity and its sessions.
import { expect, test } from 'vitest'
import { applySnapshot } from '../../../src/config/compare/apply.ts'
import { diffSnapshots } from '../../../src/config/compare/diff.ts'
import type { Difference } from '../../../src/config/compare/difference.ts'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { requireDocument } from '../../../src/config/read/read.ts'
import { Host } from '../../../src/model/host.ts'
import { portlessBalancer } from '../../../src/model/rehearsal.ts'

const host = (name: string, number: number, more = '') =>
  `<host ${name === '' ? '' : `name="${name}"`} ip="10.0.0.${number}:80" ${more}/>`

const group = (name: string, hosts: readonly string[], more = '') =>
  `<group name="${name}" ${more}>${hosts.join('')}</group>`

const service = (name: string, groups: readonly string[], port = 80) =>
  `<service name="${name}"><listen ip="127.0.0.1:${port}"/>${groups.join('')}</service>`

const web = (hosts: readonly string[]) => service('web', [group('main', hosts, 'enable="1"')])

function snapshotOf(services: string) {
  return requireDocument(`<config>${services}</config>`, 'c').snapshot
}

function lineOf(difference: Difference): string {
  const { action, path } = difference
  if (action !== 'set') return `${action} ${path}`
  return `${path} ${difference.field} ${String(difference.from)} -> ${String(difference.to)}`
}

/** The differences, after they were carried out. */
async function carriedOut(from: string, to: string) {
  const balancer = portlessBalancer()
  await applySnapshot(balancer, snapshotOf(from))
  const before = new Map(balancer.hostList.map((one) => [one.address, one]))
  const differences = await applySnapshot(balancer, snapshotOf(to))
  expect(sameSnapshot(balancer.snapshot(), snapshotOf(to))).toBe(true)
  const kept = balancer.hostList.filter((one) => before.get(one.address) === one)
  return { lines: differences.map(lineOf), kept: kept.map(({ path }) => path), balancer }
}

test('a host under another name is renamed', async () => {
  const { lines, kept } = await carriedOut(
    web([host('a', 1), host('b', 2)]),
    web([host('c', 1, 'weight="5"'), host('b', 2)]),
  )
  expect(lines).toEqual(['web/main/a name a -> c', 'web/main/c weight 1 -> 5'])
  expect(kept).toEqual(['web/main/c', 'web/main/b'])
})

test('a renamed host keeps its open sessions and its counters', async () => {
  const balancer = portlessBalancer()
  await applySnapshot(balancer, snapshotOf(web([host('a', 1)])))
  const a = balancer.service('web').group('main').host('a')
  Host.countersOf(a).open = 3
  Host.countersOf(a).total = 7
  await applySnapshot(balancer, snapshotOf(web([host('b', 1)])))
  const b = balancer.service('web').group('main').host('b')
  expect(b).toBe(a)
  expect([b.counters.open, b.counters.total, b.id]).toEqual([3, 7, a.id])
})

test('a host that keeps its name and has another address is not renamed', async () => {
  const { lines } = await carriedOut(web([host('a', 1)]), web([host('a', 2)]))
  expect(lines).toEqual(['web/main/a address 10.0.0.1:80 -> 10.0.0.2:80'])
})

test('two hosts that change their names exchange their addresses', async () => {
  const { lines } = await carriedOut(
    web([host('a', 1), host('b', 2)]),
    web([host('b', 1), host('a', 2)]),
  )
  expect(lines).toContain('web/main/b address 10.0.0.2:80 -> 10.0.0.1:80')
  expect(lines.filter((line) => line.includes(' name '))).toEqual([])
})

test('names that are handed on along a chain are safe one by one', async () => {
  const { lines } = await carriedOut(
    web([host('a', 1), host('b', 2), host('c', 3)]),
    web([host('b', 1), host('c', 2), host('d', 3)]),
  )
  expect(lines.filter((line) => line.includes(' name '))).toEqual([])
})

test('an address that several hosts have does not tell which one was renamed', async () => {
  const { lines } = await carriedOut(
    web([host('a', 1), host('b', 1)]),
    web([host('b', 1), host('c', 1)]),
  )
  expect(lines).toEqual(['add web/main/c', 'remove web/main/a'])
})

test('hosts without a name are called by their places, also when one comes in front', async () => {
  const { lines, kept } = await carriedOut(
    web([host('', 1), host('', 2)]),
    web([host('', 9), host('', 1), host('', 2)]),
  )
  expect(lines).toEqual([
    'add web/main/host.2',
    'web/main/host.0 address 10.0.0.1:80 -> 10.0.0.9:80',
    'web/main/host.1 address 10.0.0.2:80 -> 10.0.0.1:80',
  ])
  expect(kept).toEqual([])
})

test('a host that gets a name is renamed', async () => {
  const { lines } = await carriedOut(web([host('', 1)]), web([host('a', 1)]))
  expect(lines).toEqual(['web/main/host.0 name host.0 -> a'])
})

test('service, group and host are renamed from the top, and what follows has the new paths', async () => {
  const { lines, kept, balancer } = await carriedOut(
    service('web', [group('main', [host('a', 1), host('b', 2)], 'enable="1"')]),
    service('www', [group('blue', [host('a', 1), host('c', 2, 'weight="2"')], 'enable="1"')]),
  )
  expect(lines).toEqual([
    'web name web -> www',
    'www/main name main -> blue',
    'www/blue/b name b -> c',
    'www/blue/c weight 1 -> 2',
  ])
  expect(kept).toEqual(['www/blue/a', 'www/blue/c'])
  expect(balancer.service('www').enabledGroup).toBe('blue')
})

test('of groups that come, the one that went is the one with which it has most hosts in common', async () => {
  const { lines } = await carriedOut(
    service('web', [
      group('a', [host('x', 1), host('y', 2), host('z', 3)], 'enable="1"'),
      group('b', [host('x', 3), host('y', 4)]),
    ]),
    service('web', [
      group('c', [host('x', 3), host('y', 4)]),
      group('d', [host('x', 1), host('y', 2), host('z', 3)], 'enable="1"'),
    ]),
  )
  expect(lines).toEqual(['web/b name b -> c', 'web/a name a -> d'])
})

test('a group that has next to nothing in common is another one', async () => {
  const { lines } = await carriedOut(
    service('web', [group('a', [host('x', 1), host('y', 2), host('z', 3)], 'enable="1"')]),
    service('web', [group('b', [host('x', 1), host('y', 8), host('z', 9)], 'enable="1"')]),
  )
  expect(lines).toEqual(['add web/b', 'web enabledGroup a -> b', 'remove web/a'])
})

test('a service that loses its last group stays, also under another name', async () => {
  const { lines } = await carriedOut(
    service('web', [group('main', [host('a', 1)], 'enable="1"')]),
    service('www', []),
  )
  expect(lines).toEqual(['web name web -> www', 'remove www/main'])
})

test('the same host at another place is found whatever else is renamed', () => {
  const from = snapshotOf(web([host('a', 1), host('b', 2), host('c', 3)]))
  const to = snapshotOf(web([host('c', 3), host('d', 1), host('b', 2)]))
  expect(diffSnapshots(from, to).map(lineOf)).toEqual([
    'web/main/a name a -> d',
    'web/main/c before  -> d',
  ])
})
