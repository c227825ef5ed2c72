// The header by which a proxy tells who is really behind a connection: PROXY protocol, versions 1 and 2, read
// and written as in HAProxy's specification (doc/proxy-protocol.txt). Only bytes in and out: no socket, no clock.
// Whether a header is wanted is a setting of the listener; it is never guessed from the bytes (section 5).
import { isIPv4, isIPv6 } from 'node:net'
import { formatIpBytes, ipBytes } from './address.ts'
import { LIMITS } from './limits.ts'

/** One end of the connection that is described. */
export interface ProxyEnd {
  /** IPv4 or IPv6, in its shortest form; an IPv4 address in IPv6 clothes is given as IPv4. */
  readonly ip: string
  readonly port: number
}

export type ProxyHeader =
  /** All bytes so far fit; more are needed. */
  | { readonly state: 'incomplete' }
  /** No more bytes can make it right: the connection must be closed. */
  | { readonly state: 'invalid'; readonly reason: string }
  /** `length` bytes are the header. Without `source` the connection's own addresses count. */
  | {
      readonly state: 'complete'
      readonly length: number
      readonly source?: ProxyEnd
      readonly destination?: ProxyEnd
    }

/** What a proxy sends for a connection of its own, such as a check: LOCAL, no addresses (section 2.2). */
export function formatLocalProxyHeader(): Buffer {
  return Buffer.concat([V2_SIGNATURE, Buffer.from([V2_LOCAL, V2_UNSPEC, 0, 0])])
}

/**
 * The header for a relayed connection. An end that has no IP address (a Unix socket) makes it `UNKNOWN` in
 * version 1 and LOCAL in version 2: a receiver may refuse an unspecified family, and HAProxy 2.6 does, but
 * must accept LOCAL. An IPv4 end beside an IPv6 end is written as `::ffff:0:0/96`.
 */
export function formatProxyHeader(
  version: 'v1' | 'v2',
  source: ProxyEnd | undefined,
  destination: ProxyEnd | undefined,
): Buffer {
  const [from, to] = sameFamily(bytesOf(source), bytesOf(destination))
  if (from.length === 0 || to.length === 0) {
    return version === 'v1' ? Buffer.from('PROXY UNKNOWN\r\n') : formatLocalProxyHeader()
  }
  const ports = [source?.port ?? 0, destination?.port ?? 0] as const
  return version === 'v1' ? formatV1(from, to, ports) : formatV2(from, to, ports)
}

/** Read the header at the beginning of `bytes`; what follows it is the client's. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (bytes.length === 0) return INCOMPLETE
  return bytes[0] === V2_SIGNATURE[0] ? parseV2(bytes) : parseV1(bytes)
}

const INCOMPLETE = { state: 'incomplete' } as const

// Section 2.1: the human-readable version.

const V1_STARTS = ['PROXY TCP4 ', 'PROXY TCP6 ', 'PROXY UNKNOWN ', 'PROXY UNKNOWN\r']
const V1_LINE = /^PROXY TCP([46]) (\S+) (\S+) (\d+) (\d+)$/
/** No sign, no zero in front: that could be read as octal (section 2.1). */
const V1_PORT = /^(?:0|[1-9]\d{0,4})$/

function parseV1(bytes: Buffer): ProxyHeader {
  const text = bytes.toString('latin1', 0, LIMITS.proxyV1BytesMax)
  // A wrong start is refused at its first wrong byte, without waiting for a line end that may never come.
  if (!V1_STARTS.some((start) => start.startsWith(text.slice(0, start.length)))) {
    return invalid(
      'it starts neither with "PROXY TCP4 ", "PROXY TCP6 " or "PROXY UNKNOWN" nor with version 2',
    )
  }
  const end = text.indexOf('\n')
  if (end < 0 && text.length < LIMITS.proxyV1BytesMax) return INCOMPLETE
  if (end < 0) return invalid(`the line does not end within ${LIMITS.proxyV1BytesMax} bytes`)
  if (text[end - 1] !== '\r') return invalid('the line does not end with CR LF')
  return parseV1Line(text.slice(0, end - 1), end + 1)
}

function parseV1Line(line: string, length: number): ProxyHeader {
  // Whatever stands behind UNKNOWN must be ignored.
  if (line.startsWith('PROXY UNKNOWN')) return { state: 'complete', length }
  const [, family, from = '', to = '', fromPort = '', toPort = ''] = V1_LINE.exec(line) ?? []
  if (family === undefined)
    return invalid('the line is not two addresses and two ports with single blanks')
  const fits = family === '4' ? isIPv4 : isPlainIpv6
  if (!fits(from) || !fits(to)) return invalid(`an address is not a valid IPv${family} address`)
  if (!isPort(fromPort) || !isPort(toPort))
    return invalid('a port is not a whole number from 0 to 65535')
  const source = { ip: formatIp(ipBytes(from)), port: Number(fromPort) }
  return {
    state: 'complete',
    length,
    source,
    destination: { ip: formatIp(ipBytes(to)), port: Number(toPort) },
  }
}

function formatV1(from: Uint8Array, to: Uint8Array, ports: readonly [number, number]): Buffer {
  const family = from.length === 4 ? 'TCP4' : 'TCP6'
  return Buffer.from(
    `PROXY ${family} ${formatIpBytes(from)} ${formatIpBytes(to)} ${ports.join(' ')}\r\n`,
  )
}

function isPort(text: string): boolean {
  return V1_PORT.test(text) && Number(text) <= 65_535
}

// A zone (`%eth0`) means something only on the machine where it was written.
function isPlainIpv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

// Section 2.2: the binary version.

const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const V2_FIXED_BYTES = 16
const V2_LOCAL = 0x20
const V2_PROXY = 0x21
const V2_UNSPEC = 0x00
const V2_TCP4 = 0x11
const V2_TCP6 = 0x21
/** Bytes of the address block of each family: unspecified, IPv4, IPv6, Unix. */
const V2_ADDRESS_BYTES = [0, 12, 36, 216]
const V2_TRANSPORT_MAX = 2

function parseV2(bytes: Buffer): ProxyHeader {
  const seen = bytes.subarray(0, V2_SIGNATURE.length)
  if (!seen.equals(V2_SIGNATURE.subarray(0, seen.length)))
    return invalid('the signature of version 2 is wrong')
  const [command, family] = [bytes[12], bytes[13]]
  const fault = faultOfCommand(command) ?? faultOfFamily(command, family)
  if (fault !== undefined) return invalid(fault)
  if (command === undefined || family === undefined || bytes.length < V2_FIXED_BYTES)
    return INCOMPLETE
  const length = V2_FIXED_BYTES + bytes.readUInt16BE(14)
  if (length > LIMITS.proxyV2BytesMax)
    return invalid(`it is ${length} bytes long, ${LIMITS.proxyV2BytesMax} are accepted`)
  if (bytes.length < length) return INCOMPLETE
  return command === V2_LOCAL
    ? { state: 'complete', length }
    : parseV2Addresses(bytes.subarray(0, length), family)
}

function faultOfCommand(command: number | undefined): string | undefined {
  if (command === undefined || command === V2_LOCAL || command === V2_PROXY) return undefined
  return command >> 4 === 2
    ? `the command ${command & 15} is unknown`
    : `the version is ${command >> 4}, not 2`
}

// LOCAL ignores the family; for PROXY, values without a meaning must be refused.
function faultOfFamily(
  command: number | undefined,
  family: number | undefined,
): string | undefined {
  if (family === undefined || command === V2_LOCAL) return undefined
  const known = family >> 4 < V2_ADDRESS_BYTES.length && (family & 15) <= V2_TRANSPORT_MAX
  return known
    ? undefined
    : `the address family 0x${family.toString(16).padStart(2, '0')} is unknown`
}

// What is valid but not TCP (datagrams, Unix sockets, unspecified) falls back to the connection's own
// addresses, as the specification lets a receiver do. Extensions behind the addresses are skipped.
function parseV2Addresses(header: Buffer, family: number): ProxyHeader {
  const needed = V2_ADDRESS_BYTES[family >> 4] ?? 0
  const block = header.subarray(V2_FIXED_BYTES)
  const { length } = header
  if (block.length < needed)
    return invalid(`the addresses take ${needed} bytes, the header has ${block.length}`)
  if (family !== V2_TCP4 && family !== V2_TCP6) return { state: 'complete', length }
  const size = (needed - 4) / 2
  const source = { ip: formatIp(block.subarray(0, size)), port: block.readUInt16BE(2 * size) }
  const to = block.subarray(size, 2 * size)
  return {
    state: 'complete',
    length,
    source,
    destination: { ip: formatIp(to), port: block.readUInt16BE(2 * size + 2) },
  }
}

function formatV2(from: Uint8Array, to: Uint8Array, ports: readonly [number, number]): Buffer {
  const tail = Buffer.alloc(4)
  tail.writeUInt16BE(ports[0], 0)
  tail.writeUInt16BE(ports[1], 2)
  const block = Buffer.concat([from, to, tail])
  const family = from.length === 4 ? V2_TCP4 : V2_TCP6
  return Buffer.concat([V2_SIGNATURE, Buffer.from([V2_PROXY, family, 0, block.length]), block])
}

// Addresses of both versions.

const MAPPED_PREFIX = Buffer.from('00000000000000000000ffff', 'hex')

function bytesOf(end: ProxyEnd | undefined): Uint8Array {
  return end === undefined ? new Uint8Array(0) : ipBytes(end.ip)
}

// A header has one family for both ends.
function sameFamily(from: Uint8Array, to: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (from.length === to.length) return [from, to]
  return [asIpv6(from), asIpv6(to)]
}

function asIpv6(bytes: Uint8Array): Uint8Array {
  return bytes.length === 4 ? Buffer.concat([MAPPED_PREFIX, bytes]) : bytes
}

function formatIp(bytes: Uint8Array): string {
  const mapped = bytes.length === 16 && MAPPED_PREFIX.equals(bytes.subarray(0, 12))
  return formatIpBytes(mapped ? bytes.subarray(12) : bytes)
}

function invalid(reason: string): ProxyHeader {
  return { state: 'invalid', reason }
}
