// From where a key may be used: the list in `from="…"` of a key and in `source-address` of a certificate.
// Compares addresses, never names: a name server does not decide who gets in.
import { ipBytes, plainIp } from '../../base/address.ts'
import { Networks, parseNetwork } from '../../base/networks.ts'

export interface AddressPatterns {
  /** Is one pattern met, and none that stands behind a `!`? */
  matches(ip: string): boolean
}

/** The form that every refusal names. */
const FORM =
  'addresses, networks (10.0.0.0/8, 2001:db8::/32) or patterns (10.1.*), separated by commas'

/** `10.0.0.0/8,!10.0.0.1,2001:db8::*`, or what is wrong with it. */
export function parseAddressPatterns(text: string): AddressPatterns | string {
  const patterns: { readonly denied: boolean; readonly meets: Meets }[] = []
  for (const part of text.split(',').map((each) => each.trim())) {
    const denied = part.startsWith('!')
    const meets = parsePattern(denied ? part.slice(1) : part)
    if (typeof meets === 'string') return `${JSON.stringify(part)} ${meets}; ${FORM} are accepted`
    patterns.push({ denied, meets })
  }
  return {
    matches(ip) {
      const met = patterns.filter(({ meets }) => meets(ip))
      return met.length > 0 && !met.some(({ denied }) => denied)
    },
  }
}

/** Networks alone, as a certificate names them, without patterns and `!`. */
export function parseNetworks(text: string): AddressPatterns | string {
  if (/[*?!]/.test(text)) return `${JSON.stringify(text)} holds more than addresses and networks`
  return parseAddressPatterns(text)
}

type Meets = (ip: string) => boolean

function parsePattern(pattern: string): Meets | string {
  const network = parseNetwork(pattern)
  if (network !== undefined) return namesMachine(network) ?? isIn(network)
  if (pattern !== '' && /^[\da-f:.*?]+$/i.test(pattern) && /[*?]/.test(pattern)) {
    return matchesWildcards(pattern)
  }
  return pattern === '' ? 'is nothing' : 'is no address or network, and names are not looked up'
}

/** `10.1.2.3/8` may mean the machine or the network; as in OpenSSH it means neither. */
function namesMachine(network: string): string | undefined {
  const [ip = '', bits] = network.split('/')
  if (bits === undefined) return undefined
  const machine = ipBytes(ip).some((byte, index) => (byte & ~maskOf(Number(bits), index)) !== 0)
  return machine ? 'names a machine within the network' : undefined
}

function isIn(network: string): Meets {
  const networks = new Networks([network])
  return (ip) => networks.has(ip)
}

/** The bits of one byte of an address that belong to a network of `bits`. */
function maskOf(bits: number, index: number): number {
  const ones = Math.min(8, Math.max(0, bits - index * 8))
  return (0xff << (8 - ones)) & 0xff
}

function matchesWildcards(pattern: string): Meets {
  const source = pattern
    .toLowerCase()
    .replaceAll('.', '\\.')
    // A row of stars would make the expression try every way to share the text among them.
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${source}$`)
  return (ip) => expression.test(plainIp(ip).toLowerCase())
}
