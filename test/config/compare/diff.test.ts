// The differences of two configurations, and the order in which they may be carried out one by one.
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { diffSnapshots } from '../../../src/config/compare/diff.ts'
import type { Difference } from '../../../src/config/compare/difference.ts'
import { readDocument } from '../../../src/config/read/read.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'

function snapshotOf(text: string): BalancerSnapshot {
  const result = readDocument(`<config>${text}</config>`, 'c')
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.document.snapshot
}

/** `set web/main/a weight 1 -> 5`, one line for each. */
function linesOf(from: string, to: string): string[] {
  return diffSnapshots(snapshotOf(from), snapshotOf(to)).map(lineOf)
}

function lineOf(difference: Difference): string {
  const { action, path } = difference
  if (action === 'add') return `add ${path}${difference.before && ` before ${difference.before}`}`
  if (action === 'remove') return `remove ${path}`
  return `set ${path} ${difference.field} ${String(difference.from)} -> ${String(difference.to)}`
}

const host = (name: string, more = '') => `<host name="${name}" ip="10.0.0.1:80" ${more}/>`

const service = (hosts: string, { name = 'web', listen = '127.0.0.1:80', groups = '' } = {}) =>
  `<service name="${name}"><listen ip="${listen}"/><group name="main" enable="1">${hosts}</group>${groups}</service>`

test('two equal configurations have no difference, in whatever order their services stand', () => {
  const [web, dns] = [service(host('a')), service(host('a'), { name: 'dns', listen: ':53' })]
  expect(linesOf(web + dns, dns + web)).toEqual([])
})

test('one changed value is one difference', () => {
  expect(linesOf(service(host('a')), service(host('a', 'weight="5"')))).toEqual([
    'set web/main/a weight 1 -> 5',
  ])
})

test('a host whose address changed is not another host', () => {
  const moved = host('a').replace('10.0.0.1', '10.0.0.2')
  expect(linesOf(service(host('a')), service(moved))).toEqual([
    'set web/main/a address 10.0.0.1:80 -> 10.0.0.2:80',
  ])
})

test('hosts come before hosts go, each at its place', () => {
  const from = service(host('a') + host('b'))
  const to = service(host('new') + host('b') + host('c') + host('d'))
  expect(linesOf(from, to)).toEqual([
    'add web/main/new before b',
    'add web/main/c',
    'add web/main/d',
    'remove web/main/a',
  ])
})

test('a host at another place is moved, and as few of them as can be', () => {
  const from = service(host('a') + host('b') + host('c') + host('d'))
  const to = service(host('b') + host('c') + host('a') + host('d'))
  expect(linesOf(from, to)).toEqual(['set web/main/a before b -> d'])
})

test('in a group that is full, hosts go before hosts come', () => {
  const hosts = Array.from({ length: LIMITS.groupHostsMax }, (_, at) => host(`h${at}`))
  const address = (text: string) => text.replace('10.0.0.1', '10.0.0.2')
  const to = [...hosts.slice(1), address(host('new'))]
  expect(linesOf(service(hosts.join('')), service(to.join('')))).toEqual([
    'remove web/main/h0',
    'add web/main/new',
  ])
})

test('what makes hosts ready comes before the port that waits for them, what takes them away after it', () => {
  const to = service(host('a', 'weight="0"') + host('b'), { listen: '127.0.0.1:81' })
  expect(linesOf(service(host('a') + host('b', 'state="disabled"')), to)).toEqual([
    'set web/main/b intent disabled -> enabled',
    'add web/listen/127.0.0.1:81',
    'remove web/listen/127.0.0.1:80',
    'set web/main/a weight 1 -> 0',
  ])
})

test('what is said twice of a host makes it ready last, and keeps it from it first', () => {
  const [off, none] = ['state="disabled"', 'weight="0"'].map((more) => service(host('a', more)))
  expect(linesOf(`${off}`, `${none}`)).toEqual([
    'set web/main/a weight 1 -> 0',
    'set web/main/a intent disabled -> enabled',
  ])
})

test('two services that swap their ports give each up just before the other takes it', () => {
  const at = (name: string, port: number) =>
    service(host('a'), { name, listen: `127.0.0.1:${port}` })
  expect(linesOf(at('web', 80) + at('mail', 81), at('web', 81) + at('mail', 80))).toEqual([
    'remove mail/listen/127.0.0.1:81',
    'add web/listen/127.0.0.1:81',
    'remove web/listen/127.0.0.1:80',
    'add mail/listen/127.0.0.1:80',
  ])
})

test('a group is enabled when it is there, and before the other one goes', () => {
  const spare = `<group name="spare" enable="1">${host('x')}</group>`.replace('.1:', '.2:')
  const from = service(host('a'))
  const to = from.replace(/<group.*<\/group>/, spare)
  expect(linesOf(from, to)).toEqual([
    'add web/spare',
    'set web enabledGroup main -> spare',
    'remove web/main',
  ])
})

test('a new port is opened before the old one is closed', () => {
  expect(linesOf(service(host('a')), service(host('a'), { listen: '127.0.0.1:81' }))).toEqual([
    'add web/listen/127.0.0.1:81',
    'remove web/listen/127.0.0.1:80',
  ])
})

test('a port that a new listener needs is closed first', () => {
  expect(linesOf(service(host('a')), service(host('a'), { listen: '*:80' }))).toEqual([
    'remove web/listen/127.0.0.1:80',
    'add web/listen/*:80',
  ])
})

test('a new service takes over the port of one that goes', () => {
  const other = service(host('a').replace('.1:', '.2:'), { name: 'dns', listen: ':53' })
  const from = service(host('a')) + other
  const to = other.replace('</group>', '</group><listen ip="127.0.0.1:80"/>')
  expect(linesOf(from, to)).toEqual([
    'remove web/listen/127.0.0.1:80',
    'add dns/listen/127.0.0.1:80',
    'remove web',
  ])
})

test('a service that loses its last group stays', () => {
  const bare = '<service name="web"><listen ip="127.0.0.1:80"/></service>'
  expect(linesOf(service(host('a')), bare)).toEqual(['remove web/main'])
})

test('tokens are compared field by field', () => {
  const token = (name: string, digit: string, more = '') =>
    `<token name="${name}" hash="sha256:${digit.repeat(64)}" ${more}/>`
  const from = `<admin>${token('a', '1')}${token('b', '2')}</admin>`
  const to = `<admin>${token('b', '2', 'access="full"')}${token('c', '1')}</admin>`
  expect(linesOf(from, to)).toEqual([
    'add settings/tokens/c',
    'set settings/tokens/b access readonly -> full',
    'remove settings/tokens/a',
  ])
  expect(linesOf(from, from.replace('2222', '3222'))).toHaveLength(1)
  expect(
    linesOf(to, `<admin>${token('c', '1')}${token('b', '2', 'access="full"')}</admin>`),
  ).toEqual([])
})

test('operators and settings are compared field by field', () => {
  const from = '<admin><user name="a"/><user name="b"><key>k 1</key></user></admin>'
  const to =
    '<admin><user name="b" access="full"><key>k 2</key></user><user name="c"/></admin><logging level="debug"/>'
  expect(linesOf(from, to)).toEqual([
    'add settings/users/c',
    'set settings/users/b access readonly -> full',
    'set settings/users/b keys k 1 -> k 2',
    'remove settings/users/a',
    'set settings/logging level info -> debug',
  ])
})
