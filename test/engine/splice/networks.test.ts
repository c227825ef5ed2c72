// Whoever is let in or refused is so on both engines: native addresses and networks against the TypeScript ones.
import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatIpBytes, ipBytes } from '../../../src/base/address.ts'
import { Networks, parseNetwork } from '../../../src/base/networks.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { addonMissing, asIpv6, nativeIpBytes, spliceTwins } from '../../helpers/splice-twins.ts'

describe.skipIf(addonMissing)('native addresses', () => {
  test(`are written as TypeScript writes them (SEED=${seed})`, () => {
    const { formatIp } = spliceTwins()
    fc.assert(
      fc.property(ipOfBytes(), (bytes) => {
        expect(formatIp(bytes)).toBe(formatIpBytes(bytes))
      }),
      randomly(5_000),
    )
  })

  test(`are read where Node says that they are addresses (SEED=${seed})`, () => {
    const { parseIp } = spliceTwins()
    fc.assert(
      fc.property(addressLike(), (text) => {
        const [unzoned = ''] = text.split('%')
        const expected = text.includes('%') && isIP(unzoned) !== 6 ? [] : nativeIpBytes(unzoned)
        expect([...parseIp(text)], `of ${JSON.stringify(text)}`).toEqual([...expected])
      }),
      randomly(20_000),
    )
  })
})

describe.skipIf(addonMissing)('native networks', () => {
  test(`have the addresses that TypeScript's have (SEED=${seed})`, () => {
    fc.assert(
      fc.property(
        fc.array(network(), { maxLength: 20 }),
        fc.array(address(), { minLength: 10, maxLength: 30 }),
        (networks, addresses) => {
          const list = new Networks(networks)
          const has = spliceTwins().networksOf(networks)
          const native = addresses.filter((ip) => has?.(ip))
          expect(native).toEqual(addresses.filter((ip) => list.has(ip)))
        },
      ),
      randomly(2_000),
    )
  })

  test(`have the borders of each network and not what is beside them (SEED=${seed})`, () => {
    fc.assert(
      fc.property(network(), (text) => {
        const list = new Networks([text])
        const has = spliceTwins().networksOf([text])
        for (const ip of borders(text)) expect(has?.(ip), `${ip} in ${text}`).toBe(list.has(ip))
      }),
      randomly(2_000),
    )
  })

  test(`can be read where TypeScript takes them (SEED=${seed})`, () => {
    const { networksOf } = spliceTwins()
    const bits = fc.constantFrom('', '/', '/0', '/8', '/032', '/33', '/128', '/129', '/-1', '/8/8')
    fc.assert(
      fc.property(addressLike(), bits, (text, suffix) => {
        const given = `${text}${suffix}`
        // What stands in a table has passed parseNetwork.
        if (parseNetwork(given) === undefined && given.includes('%')) return
        const taken = networksOf([given]) !== undefined
        expect(taken, `of ${JSON.stringify(given)}`).toBe(parseNetwork(given) !== undefined)
      }),
      randomly(5_000),
    )
  })

  test('of thousands are as exact as one', () => {
    const networks = Array.from({ length: 5_000 }, (_, i) => `10.${i >> 8}.${i & 255}.128/25`)
    const has = spliceTwins().networksOf(networks)
    const list = ['10.0.0.127', '10.0.0.128', '10.19.135.255', '10.19.136.128', '10.18.0.200']
    expect(list.filter((ip) => has?.(ip))).toEqual(['10.0.0.128', '10.19.135.255', '10.18.0.200'])
  })
})

/** Bytes of which many are 0, so that runs of all lengths come up; some in IPv6 clothes. */
function ipOfBytes(): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(255))
  const of = (length: number) =>
    fc.array(byte, { minLength: length, maxLength: length }).map((bytes) => Uint8Array.from(bytes))
  return fc.oneof(of(4), of(16), of(4).map(asIpv6))
}

/** Addresses near each other, so that networks have some of them. */
function address(): fc.Arbitrary<string> {
  const near = fc.constantFrom(
    '10.0.0.1',
    '10.0.1.255',
    '10.128.0.0',
    '::1',
    '2001:db8::',
    'fe80::1',
  )
  return fc.oneof(near, ipOfBytes().map(formatIpBytes), fc.ipV4(), fc.ipV6())
}

function network(): fc.Arbitrary<string> {
  return fc
    .tuple(address(), fc.nat(128), fc.boolean())
    .map(([ip, bits, alone]) => (alone ? ip : `${ip}/${isIP(ip) === 4 ? bits % 33 : bits}`))
}

/** The first and the last address of a network, and those beside them. */
function borders(text: string): string[] {
  const [ip = '', bits] = text.split('/')
  const bytes = isIP(ip) === 4 ? ipBytes(ip) : asIpv6(ipBytes(ip))
  const all = bytes.length * 8
  const size = 1n << BigInt(all - Number(bits ?? all))
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const first = value - (value % size)
  const most = (1n << BigInt(all)) - 1n
  return [first - 1n, first, first + size - 1n, first + size]
    .filter((each) => each >= 0n && each <= most)
    .map((each) => formatIpBytes(bytesOf(each, bytes.length)))
}

function bytesOf(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) =>
    Number((value >> BigInt(8 * (length - 1 - i))) & 255n),
  )
}

/** Texts that are addresses, nearly addresses, or neither. */
function addressLike(): fc.Arbitrary<string> {
  const group = fc.constantFrom(
    '0',
    '1',
    'ffff',
    '00ab',
    'FFFF',
    '12345',
    '',
    'g',
    '1.2.3.4',
    '0x1',
  )
  const part = fc.constantFrom('0', '1', '255', '256', '01', '00', '', ' 1', '+1', '1e1')
  const edit = fc.tuple(fc.nat(40), fc.constantFrom(':', '.', '::', '%lo', '\0', ' ', '0', 'f'))
  return fc.oneof(
    address(),
    fc.array(group, { minLength: 2, maxLength: 9 }).map((groups) => groups.join(':')),
    fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.')),
    fc.tuple(address(), edit).map(([ip, [at, text]]) => `${ip.slice(0, at)}${text}${ip.slice(at)}`),
  )
}
