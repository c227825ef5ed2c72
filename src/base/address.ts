// Addresses as operators write them, taken apart once and put together one way.
// No name is looked up here; see resolver.ts.
import { isIP, isIPv4, isIPv6 } from 'node:net'

export interface TcpAddress {
  readonly kind: 'tcp'
  /** An IPv4 or IPv6 address without brackets, a host name, or '' for all interfaces. */
  readonly host: string
  /** 0 to 65535; 0 lets the system choose a port to listen on. */
  readonly port: number
}

export interface UnixAddress {
  readonly kind: 'unix'
  /** Path of the socket. */
  readonly path: string
}

export type Address = TcpAddress | UnixAddress

/** What is accepted, in the words every refusal uses. */
export const ADDRESS_FORM = 'ip:port, [ipv6]:port, name:port or unix:/path'

/** Longest path that fits into a Unix socket address on Linux, in bytes. */
const UNIX_PATH_BYTES_MAX = 107

const EVERY_INTERFACE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::'])

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i

/**
 * Take an address apart: `10.0.0.1:80`, `[2001:db8::7]:80`, `db.example:5432`, `*:80`, `:80`, `unix:/path`.
 *
 * A missing port is 0, as txLoadBalancer read it. Undefined where the text is none of these.
 */
export function parseAddress(text: string): Address | undefined {
  const trimmed = text.trim()
  if (trimmed.startsWith('unix:')) return parseUnixPath(trimmed.slice('unix:'.length))
  const { host, port } = splitHostAndPort(trimmed)
  if (host === undefined || port === undefined) return undefined
  if (host === '' || host === '*') return { kind: 'tcp', host: '', port }
  if (isIP(host) !== 0) return { kind: 'tcp', host, port }
  // What looks like numbers and dots is a mistyped IPv4 address, not a host name.
  if (/^[\d.]+$/.test(host) || !HOST_NAME.test(host)) return undefined
  return { kind: 'tcp', host: host.toLowerCase(), port }
}

/** One way to write an address: the way it is shown, logged and used in paths. */
export function formatAddress(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  const host = address.host === '' ? '*' : address.host
  return host.includes(':') ? `[${host}]:${address.port}` : `${host}:${address.port}`
}

/** Does a host that is listened on mean all addresses of this machine? */
export function isEveryInterface(host: string): boolean {
  return EVERY_INTERFACE.has(host)
}

/**
 * Can one be listened on only while the other is not? Only what the addresses themselves tell; false where one
 * of them is no address.
 */
export function addressesClash(a: string, b: string): boolean {
  const [one, other] = [parseAddress(a), parseAddress(b)]
  if (one === undefined || other === undefined) return false
  if (one.kind === 'unix' || other.kind === 'unix')
    return formatAddress(one) === formatAddress(other)
  if (one.port !== other.port || one.port === 0) return false
  return one.host === other.host || [one, other].some(({ host }) => EVERY_INTERFACE.has(host))
}

/** Does it name a host that must be looked up before connecting? */
export function needsLookup(address: Address): boolean {
  return address.kind === 'tcp' && isIP(address.host) === 0
}

/** `::ffff:10.0.0.1` is `10.0.0.1` that came in through an IPv6 socket; everything else stays. */
export function plainIp(ip: string): string {
  return ip.startsWith('::ffff:') && isIPv4(ip.slice(7)) ? ip.slice(7) : ip
}

/** Is it an address of this machine's loopback? */
export function isLoopback(ip: string): boolean {
  const plain = plainIp(ip)
  return plain === '::1' || plain === 'localhost' || (isIPv4(plain) && plain.startsWith('127.'))
}

/**
 * The 4 or 16 bytes of an IP address; no bytes where it is none (a client on a Unix socket).
 * Zones (`fe80::1%eth0`) are left out.
 */
export function ipBytes(ip: string): Uint8Array {
  const plain = plainIp(ip)
  if (isIPv4(plain)) return Uint8Array.from(plain.split('.'), Number)
  const [unzoned = ''] = plain.split('%')
  return isIPv6(unzoned) ? ipv6Bytes(unzoned) : new Uint8Array(0)
}

/** The text of 4 or 16 address bytes; IPv6 in the short form of RFC 5952 where the system prints it. */
export function formatIpBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return Array.from(bytes).join('.')
  const groups: string[] = []
  for (let i = 0; i < 16; i += 2) {
    groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16))
  }
  return shortestIpv6(groups)
}

function parseUnixPath(path: string): UnixAddress | undefined {
  const fits = path !== '' && Buffer.byteLength(path) <= UNIX_PATH_BYTES_MAX && !path.includes('\0')
  return fits ? { kind: 'unix', path } : undefined
}

function splitHostAndPort(text: string): { host?: string; port?: number } {
  if (text.startsWith('[')) {
    const end = text.indexOf(']')
    const host = text.slice(1, end)
    if (end < 0 || !isIPv6(host)) return {}
    const rest = text.slice(end + 1)
    return rest === ''
      ? { host, port: 0 }
      : { host, ...portOf(rest.startsWith(':') ? rest.slice(1) : '') }
  }
  const colon = text.lastIndexOf(':')
  if (colon < 0) return text === '' ? {} : { host: text, port: 0 }
  const host = text.slice(0, colon)
  return host.includes(':') ? {} : { host, ...portOf(text.slice(colon + 1)) }
}

function portOf(text: string): { port?: number } {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? { port } : {}
}

function ipv6Bytes(ip: string): Uint8Array {
  const [head = '', tail] = ip.split('::')
  const before = ipv6Groups(head)
  const after = tail === undefined ? [] : ipv6Groups(tail)
  const groups = [
    ...before,
    ...Array.from({ length: 8 - before.length - after.length }, () => 0),
    ...after,
  ]
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))
}

// The groups on one side of `::`; a dotted IPv4 tail counts as two groups.
function ipv6Groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [(a << 8) | b, (c << 8) | d]
  })
}

// RFC 5952, section 4.2: the longest run of two or more zero groups becomes `::`, the first one of equals.
function shortestIpv6(groups: readonly string[]): string {
  let start = -1
  let length = 1
  for (let i = 0; i < groups.length; i++) {
    let run = 0
    while (groups[i + run] === '0') run++
    if (run > length) {
      start = i
      length = run
    }
  }
  if (start < 0) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}
