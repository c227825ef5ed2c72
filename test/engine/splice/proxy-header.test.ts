// The native PROXY header against the TypeScript one: the same accepted, the same refused, after the same byte; the
// same bytes written.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatIpBytes } from '../../../src/base/address.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import {
  formatProxyHeader,
  type ProxyEnd,
  parseProxyHeader,
} from '../../../src/base/proxy-header.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { addonMissing, nativeIpBytes, spliceTwins } from '../../helpers/splice-twins.ts'

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

describe.skipIf(addonMissing)('the native PROXY header', () => {
  test(`is written as TypeScript writes it (SEED=${seed})`, () => {
    fc.assert(
      fc.property(version(), end(), end(), (kind, source, destination) => {
        const native = spliceTwins().formatProxyHeader(kind, source, destination)
        expect(native.toString('latin1')).toBe(
          formatProxyHeader(kind, source, destination).toString('latin1'),
        )
      }),
      randomly(5_000),
    )
  })

  test(`is decided on after the same byte where it is well-formed (SEED=${seed})`, () => {
    fc.assert(fc.property(written(), sameAtEveryByte), randomly(300))
  })

  test(`is decided on after the same byte where it was changed (SEED=${seed})`, () => {
    fc.assert(
      fc.property(mutated(fc.oneof(written(), v1(), v2())), sameAtEveryByte),
      randomly(3_000),
    )
  })

  test(`is decided on after the same byte where it is made of its words (SEED=${seed})`, () => {
    fc.assert(fc.property(fc.oneof(v1(), v2()), sameAtEveryByte), randomly(3_000))
  })

  test(`is decided on after the same byte where it is anything (SEED=${seed})`, () => {
    fc.assert(fc.property(bytes(0, 300), sameAtEveryByte), randomly(500))
  })

  test('has the same limits', () => {
    const line = Buffer.from(`PROXY UNKNOWN ${'x'.repeat(LIMITS.proxyV1BytesMax)}`)
    sameAtEveryByte(line)
    const most = LIMITS.proxyV2BytesMax - 16
    for (const length of [most, most + 1, 65_535]) {
      const fixed = Buffer.from([0x20, 0, length >> 8, length & 255])
      const header = Buffer.concat([SIGNATURE, fixed, Buffer.alloc(length)])
      for (const cut of [16, 17, header.length - 1, header.length]) same(header.subarray(0, cut))
    }
  })
})

function sameAtEveryByte(given: Uint8Array): void {
  for (let length = 0; length <= given.length; length++) same(given.subarray(0, length))
}

function same(given: Uint8Array): void {
  const header = parseProxyHeader(Buffer.from(given))
  const expected = header.state === 'complete' ? header : { state: header.state, length: 0 }
  const native = spliceTwins().parseProxyHeader(given, LIMITS.proxyV2BytesMax)
  // An expectation for each byte would take most of the time.
  if (isDeepStrictEqual(native, expected)) return
  expect(native, `of ${JSON.stringify(Buffer.from(given).toString('latin1'))}`).toEqual(expected)
}

function bytes(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength })
}

function version(): fc.Arbitrary<'v1' | 'v2'> {
  return fc.constantFrom('v1', 'v2')
}

function end(): fc.Arbitrary<ProxyEnd | undefined> {
  const odd = fc.constantFrom('', '::', '::ffff:10.0.0.1', '::ffff:0:0:1', '1:0:0:2::3', '0.0.0.0')
  const ip = fc.oneof(fc.ipV4(), fc.ipV6(), odd).map(shortest)
  return fc.option(fc.record({ ip, port: fc.nat(65_535) }), { nil: undefined, freq: 10 })
}

/** As a ProxyEnd has it, '' where there is none. */
function shortest(ip: string): string {
  return ip === '' ? '' : formatIpBytes(nativeIpBytes(ip))
}

function written(): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(version(), end(), end(), bytes(0, 3))
    .map(([kind, source, destination, more]) =>
      Buffer.concat([formatProxyHeader(kind, source, destination), more]),
    )
}

/** Version 1 out of words that a line may have, and now and then one that it may not. */
function v1(): fc.Arbitrary<Uint8Array> {
  const ipv4 = mostly(fc.ipV4(), '01.2.3.4', '1.2.3', '256.1.1.1', '::1', '', '1.2.3.4%lo')
  const odd6 = [
    '::1%lo',
    '::1%',
    '1::2::3',
    '12345::',
    '1.2.3.4',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:7::',
  ]
  const ipv6 = mostly(fc.ipV6(), ...odd6)
  const valid = fc.oneof(fc.constantFrom('0', '65535'), fc.nat(65_535).map(String))
  const port = mostly(valid, '65536', '01', '', '00', '1e1', '+1', '99999999999', '1 1')
  const line = fc.oneof(
    fc.tuple(fc.constant('PROXY TCP4'), ipv4, ipv4, port, port),
    fc.tuple(fc.constant('PROXY TCP6'), ipv6, ipv6, port, port),
    fc.tuple(fc.constantFrom('PROXY UNKNOWN', 'PROXY TCP4 ', 'PROXY'), ipv4, port),
  )
  const lineEnd = mostly(fc.constant('\r\n'), '\n', '\r', '\r\r\n', ' \r\n', '')
  return fc
    .tuple(line, lineEnd)
    .map(([words, last]) => Buffer.from(`${words.join(' ')}${last}x`, 'latin1'))
}

function mostly(usual: fc.Arbitrary<string>, ...odd: string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 8, arbitrary: usual }, fc.constantFrom(...odd))
}

/** Version 2 whose command, family and length are mostly, but not always, right. */
function v2(): fc.Arbitrary<Uint8Array> {
  const command = fc.oneof(fc.constantFrom(0x20, 0x21, 0x21), fc.nat(255))
  const family = fc.oneof(fc.constantFrom(0x00, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32), fc.nat(255))
  const length = fc.constantFrom(0, 11, 12, 13, 35, 36, 37, 215, 216, 217)
  return fc
    .tuple(command, family, length, bytes(0, 230))
    .map(([first, second, block, rest]) =>
      Buffer.concat([SIGNATURE, Buffer.from([first, second, block >> 8, block & 255]), rest]),
    )
}

function mutated(texts: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const value = fc.oneof(
    fc.constantFrom(...Buffer.from(' \r\n:.%0159afP\t\0', 'latin1')),
    fc.nat(255),
  )
  const edit = fc.tuple(fc.nat(120), fc.nat(2), value)
  return fc.tuple(texts, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) => {
    const changed = [...text]
    for (const [at, removed, byte] of edits) changed.splice(at, removed, byte)
    return Uint8Array.from(changed)
  })
}
