// In which order ports are opened and closed. Where there is room for both, what comes is open before anything is closed;
// a port that somebody else needs is closed just before, so that it is missed for a moment only.
import { addressesClash } from '../../base/address.ts'
import { type Added, type Difference, type Removed, removed } from './difference.ts'

export interface Opening {
  /** What opens them. */
  readonly difference: Added<'service' | 'listener'>
  readonly addresses: readonly string[]
}

export interface Closing {
  readonly difference: Removed
  readonly address: string
  /** Does it close with its service, where nobody needs it before? */
  readonly withService: boolean
}

export function closing(service: string, address: string, withService: boolean): Closing {
  return { difference: removed('listener', listenerPath(service, address)), address, withService }
}

export function listenerPath(service: string, address: string): string {
  return `${service}/listen/${address}`
}

export function diffPorts(
  openings: readonly Opening[],
  closings: readonly Closing[],
): readonly Difference[] {
  const left = new Set(closings)
  const inTheWay = ({ addresses }: Opening) =>
    [...left].filter(({ address: held }) => {
      return addresses.some((address) => addressesClash(address, held))
    })
  const free = new Set(openings.filter((opening) => inTheWay(opening).length === 0))
  const takenOver = openings.filter((opening) => !free.has(opening))
  return [
    ...[...free].map(differenceOf),
    ...takenOver.flatMap((opening) => {
      const first = inTheWay(opening)
      for (const each of first) left.delete(each)
      return [...first.map(differenceOf), opening.difference]
    }),
    ...[...left].filter(({ withService }) => !withService).map(differenceOf),
  ]
}

function differenceOf({ difference }: Opening | Closing): Difference {
  return difference
}
