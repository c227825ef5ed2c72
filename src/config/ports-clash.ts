// Can two addresses be listened on at the same time? Only what the addresses themselves tell.
import { parseAddress } from '../base/address.ts'

const EVERY_INTERFACE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::'])

/** True where opening one needs the other to be closed. */
export function portsClash(a: string, b: string): boolean {
  const [one, other] = [parseAddress(a), parseAddress(b)]
  if (one?.kind === 'unix' || other?.kind === 'unix') return a === b
  if (one === undefined || other === undefined || one.port !== other.port || one.port === 0)
    return false
  return one.host === other.host || [one, other].some(({ host }) => EVERY_INTERFACE.has(host))
}
