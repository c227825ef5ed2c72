// From samples to figures: medians over rounds, and ratios that are taken inside each round before any
// median, because two peers in one round saw the same machine and two rounds did not.
import type { PeerName, RelayName } from './peers.ts'
import type { Figures } from './traffic.ts'

export interface Sample {
  readonly round: number
  readonly peer: PeerName
  readonly scenario: string
  readonly figures: Figures
}

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** A row of the table. */
export interface Row {
  readonly scenario: string
  readonly figure: string
}

/** Undefined when nothing was measured. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) return undefined
  const [low = min, high = min] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return { median: (low + high) / 2, min, max }
}

export function figureOf(samples: readonly Sample[], peer: PeerName, row: Row): Spread | undefined {
  return spreadOf([...valuesByRound(samples, peer, row).values()])
}

/** `over` divided by `under`, round by round. */
export function ratioOf(
  samples: readonly Sample[],
  row: Row,
  over: PeerName,
  under: PeerName,
): Spread | undefined {
  const divisors = valuesByRound(samples, under, row)
  const ratios = [...valuesByRound(samples, over, row)].map(
    ([round, value]) => value / (divisors.get(round) ?? Number.NaN),
  )
  return spreadOf(ratios.filter(Number.isFinite))
}

/** Whoever of these has the best median, where the `most` or the `least` is best. Undefined when nobody was measured. */
export function betterOf(
  samples: readonly Sample[],
  peers: readonly RelayName[],
  row: Row,
  best: 'most' | 'least',
): RelayName | undefined {
  const sign = best === 'most' ? -1 : 1
  const measured = peers.flatMap((peer) => {
    const spread = figureOf(samples, peer, row)
    return spread ? [{ peer, rank: sign * spread.median }] : []
  })
  return measured.toSorted((a, b) => a.rank - b.rank)[0]?.peer
}

function valuesByRound(
  samples: readonly Sample[],
  peer: PeerName,
  { scenario, figure }: Row,
): Map<number, number> {
  const own = samples.filter((sample) => sample.peer === peer && sample.scenario === scenario)
  return new Map(
    own.flatMap(({ round, figures }) => {
      const value = figures[figure]
      return value === undefined ? [] : [[round, value] as const]
    }),
  )
}
