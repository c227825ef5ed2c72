// Which ports this process may open: below 1024, or where the system draws the line, only with a right.
import { readFileSync } from 'node:fs'

/** Bit of CAP_NET_BIND_SERVICE in the masks of /proc (capabilities(7)). */
const NET_BIND_SERVICE = 1n << 10n

export interface OwnRights {
  /** Text of /proc/self/status. */
  readonly status: string
  /** Text of /proc/sys/net/ipv4/ip_unprivileged_port_start; '' where there is none. */
  readonly start: string
  /** Effective user, where the system has users. */
  readonly userId: number | undefined
}

/** The lowest port that may be opened; 0 where every one may. */
export function lowestPort(rights: OwnRights = readRights()): number {
  const [, mask] = /^CapEff:\s*([0-9a-f]{1,16})$/im.exec(rights.status) ?? []
  const permitted =
    mask === undefined ? rights.userId === 0 : (BigInt(`0x${mask}`) & NET_BIND_SERVICE) !== 0n
  if (permitted) return 0
  return /^\d{1,5}$/.test(rights.start.trim()) ? Number(rights.start) : 1_024
}

function readRights(): OwnRights {
  return {
    status: textOf('/proc/self/status'),
    start: textOf('/proc/sys/net/ipv4/ip_unprivileged_port_start'),
    userId: process.geteuid?.(),
  }
}

// Not every system has these files, and then the user decides.
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
