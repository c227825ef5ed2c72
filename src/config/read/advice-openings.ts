// Advice on what is listened on: two that want one address, and ports that not everybody may open. Looks at
// addresses alone; whether a port is free now is nobody's business here.
import { isIPv4, isIPv6 } from 'node:net'
import { type TcpAddress, isEveryInterface, parseAddress } from '../../base/address.ts'
import type { FaultList } from './fault.ts'

/** Something that is listened on. */
export interface Opening {
  readonly address: string
  /** As it is called in a message: `ssh`, `a listener of service web`. */
  readonly what: string
  readonly offset: number
}

/** @param portsFrom the lowest port that may be opened, where that is known */
export function adviseOnOpenings(
  openings: readonly Opening[],
  portsFrom: number | undefined,
  faults: FaultList,
): void {
  const taken = new Taken()
  for (const opening of openings) {
    const other = taken.take(opening)
    if (other !== undefined) faults.warn(opening.offset, clash(opening, other))
    const port = portOf(opening.address)
    if (portsFrom === undefined || port === 0 || port >= portsFrom) continue
    faults.warn(
      opening.offset,
      `port ${port} is below ${portsFrom}, which needs root or the capability CAP_NET_BIND_SERVICE; who runs this check has neither`,
    )
  }
}

function clash(one: Opening, other: Opening): string {
  return `${one.what} at ${one.address} and ${other.what} at ${other.address} cannot both be opened`
}

interface Door {
  /** The one on every interface. */
  wide?: Opening
  readonly byHost: Map<string, Opening>
}

/** Addresses that are in use, by port and family, so that many are looked through in one pass. */
class Taken {
  readonly #doors = new Map<string, Door>()

  /** Note an opening. @returns an earlier one that stands in its way */
  take(opening: Opening): Opening | undefined {
    const address = parseAddress(opening.address)
    if (address === undefined || (address.kind === 'tcp' && address.port === 0)) return undefined
    if (address.kind === 'unix') return this.#enter(`unix ${address.path}`, '', opening)
    const found = familiesOf(address).map((family) => {
      return this.#enter(`${family} ${address.port}`, plainHost(address.host), opening)
    })
    return found.find((other) => other !== undefined)
  }

  #enter(key: string, host: string, opening: Opening): Opening | undefined {
    const door = this.#doors.get(key) ?? { byHost: new Map<string, Opening>() }
    this.#doors.set(key, door)
    const everywhere = isEveryInterface(host)
    const [first] = door.byHost.values()
    const other = door.wide ?? (everywhere ? first : door.byHost.get(host))
    if (everywhere) door.wide ??= opening
    else if (!door.byHost.has(host)) door.byHost.set(host, opening)
    return other
  }
}

// `*` and `[::]` take IPv4 clients as well. What a name stands for is not known here: mostly IPv4.
function familiesOf({ host }: TcpAddress): readonly (4 | 6)[] {
  if (host === '' || host === '::') return [4, 6]
  return isIPv6(host) && !isIPv4(host) ? [6] : [4]
}

function plainHost(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host
}

function portOf(text: string): number {
  const address = parseAddress(text)
  return address?.kind === 'tcp' ? address.port : 0
}
