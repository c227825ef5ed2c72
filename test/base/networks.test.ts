// Networks as operators write them, and who is in one.
import { expect, test } from 'vitest'
import { Networks, parseNetwork } from '../../src/base/networks.ts'

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['10.0.0.0/08', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['::1', '::1'],
])('%s is a network', (given, network) => {
  expect(parseNetwork(given)).toBe(network)
})

test.each([
  '',
  'web',
  '10.0.0',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '::/129',
  '10.0.0.0/-1',
])('%j is none', (given) => {
  expect(parseNetwork(given)).toBeUndefined()
})

test('an address is in a list where it is in one of its networks', () => {
  const networks = new Networks(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'])
  const inside = ['10.255.0.1', '192.0.2.7', '2001:db8:1::1']
  const outside = ['11.0.0.1', '192.0.2.8', '2001:db9::1', '::1']
  expect(inside.filter((ip) => !networks.has(ip))).toEqual([])
  expect(outside.filter((ip) => networks.has(ip))).toEqual([])
})
