// The PROXY header against the vectors of HAProxy's specification, against truncation at every byte and against
// bytes changed at random.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import {
  formatLocalProxyHeader,
  formatProxyHeader,
  type ProxyHeader,
  parseProxyHeader,
} from '../../src/base/proxy-header.ts'

const SIGNATURE = '0d0a0d0a000d0a515549540a'
const FULL = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
const CLIENT = { ip: '203.0.113.9', port: 51_234 }
const FRONT = { ip: '198.51.100.1', port: 443 }
const CLIENT6 = { ip: '2001:db8::9', port: 51_234 }
const FRONT6 = { ip: '2001:db8::1', port: 443 }

const TCP4 = '11'
const TCP4_BLOCK = 'cb007109' + 'c6336401' + 'c822' + '01bb'

/** Well-formed headers of every kind. */
const GOOD: Readonly<Record<string, Buffer>> = {
  'the longest TCP4 line': Buffer.from(
    'PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n',
  ),
  'the longest TCP6 line': Buffer.from(`PROXY TCP6 ${FULL} ${FULL} 65535 65535\r\n`),
  'the short UNKNOWN line': Buffer.from('PROXY UNKNOWN\r\n'),
  'the 107 bytes of the worst case': Buffer.from(`PROXY UNKNOWN ${FULL} ${FULL} 65535 65535\r\n`),
  'a version 2 header for IPv4': v2('21', TCP4, TCP4_BLOCK),
  'a version 2 header for IPv6': formatProxyHeader('v2', CLIENT6, FRONT6),
  'a version 2 header with extensions': v2('21', TCP4, `${TCP4_BLOCK}0300040000000004000100`),
  'a version 2 header for Unix sockets': v2('21', '31', '00'.repeat(216)),
  'a version 2 header for datagrams': v2('21', '12', TCP4_BLOCK),
  'a version 2 header without a family': v2('21', '00', ''),
  'a LOCAL header': formatLocalProxyHeader(),
  'a LOCAL header that carries addresses': v2('20', TCP4, TCP4_BLOCK),
}

describe('what is accepted', () => {
  test.each(Object.entries(GOOD))('%s is read to its last byte and no further', (_, bytes) => {
    expect(parse(bytes)).toMatchObject({ state: 'complete', length: bytes.length })
    const more = Buffer.concat([bytes, Buffer.from('\r\nGET / HTTP/1.1\r\n')])
    expect(parse(more)).toEqual(parse(bytes))
  })

  test.each(Object.entries(GOOD))('%s is incomplete at every byte before its last', (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(parse(bytes.subarray(0, length)), `${length} bytes`).toEqual({ state: 'incomplete' })
    }
  })

  test('the figures of the specification hold', () => {
    const lengths = Object.values(GOOD).slice(0, 4)
    expect(lengths.map((bytes) => bytes.length)).toEqual([56, 104, 15, 107])
    expect(formatLocalProxyHeader().toString('hex')).toBe(`${SIGNATURE}20000000`)
  })

  test('a line names both ends', () => {
    expect(parse('PROXY TCP4 203.0.113.9 198.51.100.1 51234 443\r\n')).toEqual({
      state: 'complete',
      length: 47,
      source: CLIENT,
      destination: FRONT,
    })
  })

  test('version 2 names both ends', () => {
    const length = 28
    expect(parse(v2('21', TCP4, TCP4_BLOCK))).toEqual({
      state: 'complete',
      length,
      source: CLIENT,
      destination: FRONT,
    })
  })

  test('IPv6 addresses come in their short form, IPv4 in IPv6 clothes as IPv4', () => {
    expect(parse('PROXY TCP6 2001:0DB8:0:0:0:0:0:9 ::ffff:10.0.0.1 1 0\r\n')).toMatchObject({
      source: { ip: '2001:db8::9', port: 1 },
      destination: { ip: '10.0.0.1', port: 0 },
    })
  })

  test.each(['UNKNOWN', 'Unix', 'datagrams', 'without a family', 'LOCAL'])(
    'where it says %s the addresses of the connection itself count',
    (kind) => {
      const headers = Object.entries(GOOD).filter(([name]) => name.includes(kind))
      expect(headers).not.toEqual([])
      for (const [, bytes] of headers)
        expect(parse(bytes)).toEqual({ state: 'complete', length: bytes.length })
    },
  )

  test('whatever stands behind UNKNOWN is ignored', () => {
    expect(parse('PROXY UNKNOWN \xff\0 junk\rjunk\r\nrest')).toEqual({
      state: 'complete',
      length: 28,
    })
  })
})

describe('what is refused', () => {
  test.each([
    ['a lower-case keyword', 'proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n'],
    ['a lower-case family', 'PROXY tcp4 1.1.1.1 2.2.2.2 1 2\r\n'],
    ['an unknown family', 'PROXY TCP5'],
    ['a word behind UNKNOWN without a blank', 'PROXY UNKNOWNS\r\n'],
    ['two blanks', 'PROXY TCP4  1.1.1.1 2.2.2.2 1 2\r\n'],
    ['a tab', 'PROXY TCP4 1.1.1.1\t2.2.2.2 1 2\r\n'],
    ['a blank at the end', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2 \r\n'],
    ['a missing port', 'PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n'],
    ['a zero in front of an address part', 'PROXY TCP4 01.1.1.1 2.2.2.2 1 2\r\n'],
    ['an address part above 255', 'PROXY TCP4 256.1.1.1 2.2.2.2 1 2\r\n'],
    ['three address parts', 'PROXY TCP4 1.1.1 2.2.2.2 1 2\r\n'],
    ['IPv6 addresses as TCP4', 'PROXY TCP4 ::1 ::2 1 2\r\n'],
    ['IPv4 addresses as TCP6', 'PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n'],
    ['a zone', 'PROXY TCP6 fe80::1%eth0 ::2 1 2\r\n'],
    ['a host name', 'PROXY TCP4 localhost 2.2.2.2 1 2\r\n'],
    ['a zero in front of a port', 'PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n'],
    ['a sign in front of a port', 'PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n'],
    ['a port above 65535', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 65536\r\n'],
    ['a line that ends with LF alone', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n'],
    ['a line that ends with CR alone', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\rX\r\n'],
    ['an ordinary request', 'GET / HTTP/1.1\r\n'],
    ['a greeting of TLS', '\x16\x03\x01'],
    ['107 bytes without a line end', `PROXY UNKNOWN ${'x'.repeat(93)}`],
    ['a line end behind the 107th byte', `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`],
  ])('version 1: %s', (_, line) => {
    expect(parse(line)).toMatchObject({
      state: 'invalid',
      reason: expect.stringMatching(/\w+ \w+/),
    })
  })

  test.each([
    ['the wrong version', v2('11', TCP4, TCP4_BLOCK), 'the version is 1, not 2'],
    ['an unknown command', v2('22', TCP4, TCP4_BLOCK), 'the command 2 is unknown'],
    ['an unknown family', v2('21', '41', '00'.repeat(216)), 'the address family 0x41 is unknown'],
    ['an unknown transport', v2('21', '13', TCP4_BLOCK), 'the address family 0x13 is unknown'],
    [
      'too few bytes for IPv4',
      v2('21', TCP4, '00'.repeat(11)),
      'the addresses take 12 bytes, the header has 11',
    ],
    [
      'too few bytes for IPv6',
      v2('21', '21', TCP4_BLOCK),
      'the addresses take 36 bytes, the header has 12',
    ],
    [
      'too few bytes for Unix sockets',
      v2('21', '31', TCP4_BLOCK),
      'the addresses take 216 bytes, the header has 12',
    ],
    ['a wrong signature', Buffer.from('\r\n\r\nX'), 'the signature of version 2 is wrong'],
  ])('version 2: %s', (_, bytes, reason) => {
    expect(parse(bytes)).toEqual({ state: 'invalid', reason })
  })

  test('version 2: more bytes than the limit, before they were sent', () => {
    const most = LIMITS.proxyV2BytesMax - 16
    expect(parse(v2('20', '00', '00'.repeat(most)))).toMatchObject({ state: 'complete' })
    expect(parse(v2('20', '00', '00'.repeat(most + 1)).subarray(0, 16))).toEqual({
      state: 'invalid',
      reason: `it is ${LIMITS.proxyV2BytesMax + 1} bytes long, ${LIMITS.proxyV2BytesMax} are accepted`,
    })
  })

  test('a wrong start is refused at its first wrong byte', () => {
    expect(parse('PROXZ').state).toBe('invalid')
    expect(parse('PROX').state).toBe('incomplete')
  })
})

describe('what is sent', () => {
  test('a client and a front address of one family are named', () => {
    expect(formatProxyHeader('v1', CLIENT, FRONT).toString()).toBe(
      'PROXY TCP4 203.0.113.9 198.51.100.1 51234 443\r\n',
    )
    expect(formatProxyHeader('v1', CLIENT6, FRONT6).toString()).toBe(
      'PROXY TCP6 2001:db8::9 2001:db8::1 51234 443\r\n',
    )
    expect(formatProxyHeader('v2', CLIENT, FRONT)).toEqual(v2('21', TCP4, TCP4_BLOCK))
  })

  test('a client on a Unix socket is UNKNOWN in version 1 and LOCAL in version 2', () => {
    const nobody = { ip: '', port: 0 }
    expect(formatProxyHeader('v1', nobody, nobody).toString()).toBe('PROXY UNKNOWN\r\n')
    expect(formatProxyHeader('v1', CLIENT, undefined).toString()).toBe('PROXY UNKNOWN\r\n')
    expect(formatProxyHeader('v2', undefined, FRONT)).toEqual(v2('20', '00', ''))
  })

  test('ends of two families are both written as IPv6', () => {
    expect(formatProxyHeader('v1', CLIENT, FRONT6).toString()).toBe(
      'PROXY TCP6 ::ffff:cb00:7109 2001:db8::1 51234 443\r\n',
    )
  })

  test('what is written is read back', () => {
    const end = fc.record({ ip: fc.oneof(fc.ipV4(), hexIpv6()), port: fc.nat(65_535) })
    fc.assert(
      fc.property(fc.constantFrom('v1', 'v2'), end, end, (version, source, destination) => {
        const bytes = formatProxyHeader(version, source, destination)
        const read = parse(bytes)
        expect(read).toEqual({ state: 'complete', length: bytes.length, source, destination })
      }),
    )
  })
})

describe('hostile bytes', () => {
  test('never make it throw, and never make it read more than there is', () => {
    const good = fc.constantFrom(...Object.values(GOOD))
    const edits = fc.array(fc.tuple(fc.nat(240), fc.nat(255)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(good, edits, fc.nat(260), (bytes, changes, cut) => {
        const mutant = Buffer.from(bytes.subarray(0, cut))
        for (const [at, value] of changes) if (at < mutant.length) mutant[at] = value
        expectSane(mutant, parse(mutant))
      }),
      { numRuns: 5_000 },
    )
  })

  test('of any kind never make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) =>
        expectSane(bytes, parse(Buffer.from(bytes))),
      ),
    )
  })
})

function expectSane(bytes: Uint8Array, header: ProxyHeader): void {
  const { length, source } = header.state === 'complete' ? header : { length: 0 }
  expect(length).toBeLessThanOrEqual(bytes.length)
  expect(source?.port ?? 0).toBeLessThanOrEqual(65_535)
}

/** An IPv6 address in its shortest form that is no IPv4 address in disguise. */
function hexIpv6(): fc.Arbitrary<string> {
  const group = fc.integer({ min: 0, max: 0xffff })
  const groups = fc.array(group, { minLength: 7, maxLength: 7 })
  return groups.map((rest) => shortest(`2001:${rest.map((value) => value.toString(16)).join(':')}`))
}

function shortest(ip: string): string {
  return new URL(`http://[${ip}]/`).hostname.slice(1, -1)
}

function v2(command: string, family: string, block: string): Buffer {
  const length = (block.length / 2).toString(16).padStart(4, '0')
  return Buffer.from(`${SIGNATURE}${command}${family}${length}${block}`, 'hex')
}

function parse(given: string | Buffer): ProxyHeader {
  return parseProxyHeader(typeof given === 'string' ? Buffer.from(given, 'latin1') : given)
}
