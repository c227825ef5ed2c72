// Networks as operators write them, and who is in one. Compares addresses; no name is looked up.
import { BlockList, isIP, isIPv6 } from 'node:net'
import { plainIp } from './address.ts'

/** What is accepted, in the words every refusal uses. */
export const NETWORK_FORM = 'an IP address or a network (10.0.0.0/8, 2001:db8::/32)'

/** `10.1.2.3`, `10.0.0.0/8` or `2001:db8::/32`; undefined where it is none of these. */
export function parseNetwork(given: string): string | undefined {
  const [ip = '', bits, ...rest] = given.split('/')
  const family = isIP(ip)
  if (family === 0 || rest.length > 0) return undefined
  if (bits === undefined) return ip
  const fits = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  return fits ? `${ip}/${Number(bits)}` : undefined
}

/** Networks that were read before, to be asked about many addresses. */
export class Networks {
  readonly #list = new BlockList()

  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [ip = '', bits] = network.split('/')
      if (bits === undefined) this.#list.addAddress(ip, familyOf(ip))
      else this.#list.addSubnet(ip, Number(bits), familyOf(ip))
    }
  }

  /** Is the address in one of them? False for what is no address: a client that is gone has none. */
  has(ip: string): boolean {
    // A zone (`fe80::1%eth0`) says by which interface, not who.
    const [plain = ''] = plainIp(ip).split('%')
    return isIP(plain) !== 0 && this.#list.check(plain, familyOf(plain))
  }
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIPv6(ip) ? 'ipv6' : 'ipv4'
}
