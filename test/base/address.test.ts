// Addresses: every way to write one, the one way to print it, and what is none.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressesClash,
  formatAddress,
  formatIpBytes,
  ipBytes,
  isLoopback,
  needsLookup,
  parseAddress,
  plainIp,
} from '../../src/base/address.ts'
import { randomly, seed } from '../helpers/seed.ts'

test.each([
  ['10.0.0.1:80', '10.0.0.1:80'],
  [' 10.0.0.1:80 ', '10.0.0.1:80'],
  ['[2001:db8::7]:80', '[2001:db8::7]:80'],
  ['[fe80::1%eth0]:80', '[fe80::1%eth0]:80'],
  ['DB.Example:5432', 'db.example:5432'],
  ['db.example.:53', 'db.example.:53'],
  ['my_host:1', 'my_host:1'],
  ['*:80', '*:80'],
  [':80', '*:80'],
  ['10.0.0.1:65535', '10.0.0.1:65535'],
  ['10.0.0.1:007', '10.0.0.1:7'],
  ['unix:/run/x.sock', 'unix:/run/x.sock'],
  ['unix:/run/a b:0', 'unix:/run/a b:0'],
  // A missing port is 0, as in txLoadBalancer.
  ['127.0.0.1', '127.0.0.1:0'],
  ['localhost', 'localhost:0'],
  ['[::1]', '[::1]:0'],
  ['*', '*:0'],
])('%j is %j', (text, formatted) => {
  const address = parseAddress(text)
  if (address === undefined) throw new Error('not understood')
  expect(formatAddress(address)).toBe(formatted)
})

test.each([
  '',
  ':',
  '10.0.0.1:',
  '10.0.0.1:65536',
  '10.0.0.1:-1',
  '10.0.0.1:8o',
  '10.0.0.1: 80',
  '10.0.0.300:80',
  '10.0.0:80',
  '2001:db8::7',
  '::1',
  '::1:80',
  '[::1]80',
  '[::1]:',
  '[::1',
  '[10.0.0.1]:80',
  '[db.example]:80',
  'a b:80',
  '-a:80',
  'a..b:80',
  `${'a'.repeat(64)}:80`,
  `${'a.'.repeat(130)}b:80`,
  'http://db:80',
  'user@db:80',
  'unix:',
  `unix:/${'x'.repeat(107)}`,
  'unix:/a\0b',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined()
})

test('a path of a Unix socket is as long as the system allows, in bytes', () => {
  expect(parseAddress(`unix:/${'x'.repeat(106)}`)).toHaveProperty('path')
  expect(parseAddress(`unix:/${'ä'.repeat(53)}`)).toHaveProperty('path')
  expect(parseAddress(`unix:/${'ä'.repeat(54)}`)).toBeUndefined()
})

test(`what is printed is read again as the same (seed ${seed})`, () => {
  const host = fc.oneof(
    fc.ipV4(),
    fc.ipV6().map((ip) => `[${ip}]`),
    fc.domain(),
    fc.constant('*'),
  )
  fc.assert(
    fc.property(host, fc.nat({ max: 65_535 }), (name, port) => {
      const address = parseAddress(`${name}:${port}`)
      if (address === undefined) throw new Error(`${name}:${port} is not understood`)
      expect(address).toMatchObject({ kind: 'tcp', port })
      expect(parseAddress(formatAddress(address))).toEqual(address)
    }),
    randomly(),
  )
})

test(`no text makes it throw (seed ${seed})`, () => {
  const pieces = fc.constantFrom(...'[ ] : . * % / unix: 1 255 a ä - _ ::'.split(' '), ' ', '\0')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const address = parseAddress(parts.join(''))
      expect(address && parseAddress(formatAddress(address))).toEqual(address)
    }),
    randomly(2_000),
  )
})

describe('IP addresses', () => {
  test.each([
    ['10.0.0.1', [10, 0, 0, 1]],
    ['::ffff:10.0.0.1', [10, 0, 0, 1]],
    ['::1', [...Array<number>(15).fill(0), 1]],
    ['2001:db8::7', [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 7]],
    ['64:ff9b::192.0.2.33', [0, 0x64, 0xff, 0x9b, ...Array<number>(8).fill(0), 192, 0, 2, 33]],
    ['fe80::1%eth0', [0xfe, 0x80, ...Array<number>(13).fill(0), 1]],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ['', []],
    ['db.example', []],
  ])('the bytes of %j are %j', (ip, bytes) => {
    expect([...ipBytes(ip)]).toEqual(bytes)
  })

  test.each([
    ['2001:0db8:0000:0000:0000:0000:0000:0007', '2001:db8::7'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%s is written %s', (ip, short) => {
    expect(formatIpBytes(ipBytes(ip))).toBe(short)
  })

  test(`bytes make the address that they came from (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        fc.pre(!formatIpBytes(bytes).startsWith('::ffff:'))
        expect(ipBytes(formatIpBytes(bytes))).toEqual(Uint8Array.from(bytes))
      }),
      randomly(),
    )
  })

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['128.0.0.1', false],
    ['127.example', false],
    ['::2', false],
    ['', false],
  ])('%j is of the loopback: %s', (ip, loopback) => {
    expect(isLoopback(ip)).toBe(loopback)
  })

  test('one that came in through an IPv6 socket is the plain one', () => {
    expect(['::ffff:10.0.0.1', '::ffff:a00:1', '::1'].map(plainIp)).toEqual([
      '10.0.0.1',
      '::ffff:a00:1',
      '::1',
    ])
  })
})

test.each([
  ['db.example:1', true],
  ['localhost:1', true],
  ['10.0.0.1:1', false],
  ['[::1]:1', false],
  ['unix:/x', false],
])('%s must be looked up: %s', (text, wanted) => {
  const address = parseAddress(text)
  expect(address !== undefined && needsLookup(address)).toBe(wanted)
})

test.each([
  ['127.0.0.1:80', '0.0.0.0:80', true],
  ['[::1]:80', '*:80', true],
  ['127.0.0.1:80', '[::]:80', true],
  ['127.0.0.1:80', ' 127.0.0.1:80', true],
  ['unix:/a', 'unix:/a', true],
  ['127.0.0.1:80', '127.0.0.2:80', false],
  ['127.0.0.1:80', '*:81', false],
  ['*:0', '*:0', false],
  ['unix:/a', 'unix:/b', false],
  ['unix:/a', '*:80', false],
  ['', '*:80', false],
])('%j and %j clash: %s', (a, b, clash) => {
  expect([addressesClash(a, b), addressesClash(b, a)]).toEqual([clash, clash])
})
