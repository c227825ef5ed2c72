// The report as text: one table of medians, one of ratios of Sluice to each peer, whatever went wrong, and last the
// targets with their verdicts. Pure: samples in, lines out.
import type { Environment } from './environment.ts'
import type { PeerName } from './peers.ts'
import { SCENARIOS } from './scenarios.ts'
import { figureOf, ratioOf, type Row, type Sample, type Spread } from './statistics.ts'
import { type Cells, formatSpread, NONE, table } from './table.ts'
import type { Judged } from './targets.ts'

export interface Run {
  readonly environment: Environment
  readonly rounds: number
  readonly seconds: number
  readonly peers: readonly PeerName[]
  readonly samples: readonly Sample[]
  readonly targets: readonly Judged[]
  /** Sentences about what was left out or failed. */
  readonly notes: readonly string[]
}

/** Whose ratios to the others are printed. */
const OURS = 'sluice'

export function formatRun(run: Run): string {
  const title = `Medians over ${run.rounds} round(s), ${run.seconds} s for each measurement`
  return [
    ...formatEnvironment(run.environment),
    ...section(title, figuresTable(run)),
    ...section(`Ratios of ${OURS} to each, round by round: median (min–max)`, ratiosTable(run)),
    ...section(
      'Notes',
      run.notes.map((note) => `- ${note}`),
    ),
    ...section('Targets', targetsTable(run)),
  ].join('\n')
}

/** Whole numbers in groups of three where there are many; at least two figures that mean something. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return NONE
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

function formatEnvironment({ node, cpu, kernel, load, wrk, haproxy, nginx }: Environment) {
  return [
    `CPU ${cpu}, Linux ${kernel}, load ${load.toFixed(2)} at the start`,
    `Node ${node}, haproxy ${haproxy}, nginx ${nginx}, wrk ${wrk}`,
  ]
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', title, '', ...lines] : []
}

function figuresTable({ samples, peers }: Run): string[] {
  const rows = rowsOf(samples).map((row) => [
    ...namesOf(row),
    ...peers.map((peer) => formatMedian(figureOf(samples, peer, row))),
  ])
  return table(['scenario', 'figure', ...peers], rows)
}

function ratiosTable({ samples, peers }: Run): string[] {
  const others = peers.filter((peer) => peer !== OURS)
  if (others.length === peers.length || others.length === 0) return []
  const rows = rowsOf(samples)
    // Those with a slash between blanks are ratios already.
    .filter(({ figure }) => !figure.includes(' / '))
    .map((row) => [
      ...namesOf(row),
      ...others.map((peer) => formatSpread(ratioOf(samples, row, OURS, peer))),
    ])
    .filter(([, , ...cells]) => cells.some((cell) => cell !== NONE))
  return table(['scenario', 'figure', ...others], rows)
}

function targetsTable({ targets }: Run): string[] {
  const rows = targets.map(({ target, against, measured, verdict }) => {
    const { scenario, figure, of, most, least } = target
    const rival = against ?? target.against
    const what = rival === undefined ? of : `${of} / ${rival}`
    const bound = least === undefined ? `<= ${most?.toFixed(2)}` : `>= ${least.toFixed(2)}`
    return [scenario, figure, what, formatSpread(measured), bound, verdict]
  })
  return table(['scenario', 'figure', 'of', 'measured', 'target', 'verdict'], rows)
}

/** Rows that have a figure, in the order of the scenarios. */
function rowsOf(samples: readonly Sample[]): Row[] {
  return SCENARIOS.flatMap(({ title, figures }) =>
    figures
      .filter((figure) => samples.some((each) => each.scenario === title && figure in each.figures))
      .map((figure) => ({ scenario: title, figure })),
  )
}

function namesOf({ scenario, figure }: Row): Cells {
  return [scenario, figure]
}

function formatMedian(spread: Spread | undefined): string {
  return spread ? formatNumber(spread.median) : NONE
}
