// What Sluice has promised, as a table, and whether a run kept it. Judges the median; prints the spread.
import type { RelayName } from './peers.ts'
import {
  CPU_PER_CONNECTION,
  CPU_PER_REQUEST,
  IDLE,
  IDLE_COLLECTED,
  MANY_OVER_FEW,
  pickTitle,
  titleOf,
} from './scenarios.ts'
import { figureOf, ratioOf, type Row, type Sample, type Spread } from './statistics.ts'

interface Target extends Row {
  readonly of: RelayName
  /** Whose figure divides ours; without it the figure is a ratio already. */
  readonly against?: RelayName
  readonly most: number
}

const CPU_MOST = 1.15
const MEMORY_MOST = 1.2
/** "Not measurably dearer": what two measurements of the same thing differ by on a quiet machine. */
const PICK_MOST = 1.05

const AGAINST_BARE = { of: 'sluice', against: 'bare' } as const

export const TARGETS: readonly Target[] = [
  { ...AGAINST_BARE, scenario: titleOf('kept', '5'), figure: CPU_PER_REQUEST, most: CPU_MOST },
  { ...AGAINST_BARE, scenario: titleOf('kept', '18k'), figure: CPU_PER_REQUEST, most: CPU_MOST },
  { ...AGAINST_BARE, scenario: titleOf('new', '5'), figure: CPU_PER_CONNECTION, most: CPU_MOST },
  { ...AGAINST_BARE, scenario: titleOf('new', '18k'), figure: CPU_PER_CONNECTION, most: CPU_MOST },
  { ...AGAINST_BARE, scenario: 'idle session', figure: IDLE, most: MEMORY_MOST },
  { ...AGAINST_BARE, scenario: 'idle session', figure: IDLE_COLLECTED, most: MEMORY_MOST },
  { of: 'sluice', scenario: pickTitle('roundrobin'), figure: MANY_OVER_FEW, most: PICK_MOST },
  { of: 'sluice', scenario: pickTitle('leastconns'), figure: MANY_OVER_FEW, most: PICK_MOST },
]

export function measuredFor(target: Target, samples: readonly Sample[]): Spread | undefined {
  const { of, against } = target
  return against ? ratioOf(samples, target, of, against) : figureOf(samples, of, target)
}

/** `met`, `missed by …` or `not measured`. */
export function verdictOn({ most }: Target, measured: Spread | undefined): string {
  if (!measured) return 'not measured'
  return measured.median <= most ? 'met' : `missed by ${(measured.median - most).toFixed(2)}`
}
