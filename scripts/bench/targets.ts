// What Sluice has promised, as a table, and whether a run kept it. Judges the median; prints the spread.
import { loopedRatio, loopedTitle } from './looped.ts'
import type { RelayName } from './peers.ts'
import {
  BULK_TUNED_TITLE,
  IDLE,
  IDLE_COLLECTED,
  IDLE_TITLE,
  MANY_OVER_FEW,
  pickTitle,
} from './scenarios.ts'
import { betterOf, figureOf, ratioOf, type Row, type Sample, type Spread } from './statistics.ts'
import { THREADS_CPUS, threadsTitle, TWO_OVER_ONE } from './threads.ts'
import { BULK, KEPT_18K, KEPT_5, NEW_18K, NEW_5, P99, TRAFFIC, type Traffic } from './traffic.ts'

export interface Target extends Row {
  readonly of: RelayName
  /** Whose figure divides ours; without it the figure is judged as it stands. */
  readonly against?: RelayName | 'the better'
  /** More of this figure is better; `least` bounds it. */
  readonly most?: number
  readonly least?: number
  /** Why this machine is not for it. */
  readonly without?: string | undefined
}

/** A target beside what was measured for it. */
export interface Judged {
  readonly target: Target
  /** Whom it was divided by, once `the better` is known. */
  readonly against: RelayName | undefined
  readonly measured: Spread | undefined
  readonly verdict: string
}

/** The native relays; the better of them is the one with the better median in that figure. */
const RIVALS: readonly RelayName[] = ['haproxy', 'nginx']

const KEPT_CPU_MOST = 0.85
const NEW_CPU_MOST = 1
const BULK_CPU_MOST = 0.45
const IDLE_KILOBYTES_MOST = 4
/** While an operator loops, everything is within this share of what it was. */
const LOOPED_APART = 0.05
const TWO_THREADS_LEAST = 1.8
/** From here on a loop leaves CPUs enough for clients, hosts and engine, and no control is needed. */
const LOOP_CPUS = 4

const NODE_CPU_MOST = 1.15
const NODE_MEMORY_MOST = 1.2
/** "Not measurably dearer": what two measurements of the same thing differ by on a quiet machine. */
const PICK_MOST = 1.05

/** @param cpus of this machine; with few of them a loop is judged beside its control */
export function targetsOn(cpus: number): Target[] {
  return [
    ...[KEPT_5, KEPT_18K].flatMap((traffic) => besideRivals(traffic, KEPT_CPU_MOST)),
    ...[NEW_5, NEW_18K].flatMap((traffic) => besideRivals(traffic, NEW_CPU_MOST)),
    ...besideRivals(BULK, BULK_CPU_MOST),
    ...besideRivals({ ...BULK, title: BULK_TUNED_TITLE }, BULK_CPU_MOST),
    { of: 'sluice', scenario: IDLE_TITLE, figure: IDLE, most: IDLE_KILOBYTES_MOST },
    { of: 'sluice', against: 'haproxy', scenario: IDLE_TITLE, figure: IDLE, most: 1 },
    ...TRAFFIC.flatMap((traffic) => whileLooping(traffic, cpus)),
    ...[KEPT_5, NEW_5].map((traffic) => withTwoThreads(traffic, cpus)),
    ...(['sluice', 'sluice-node'] as const).flatMap(picking),
    ...besideBare(),
  ]
}

/** Better, or as good, in each figure. */
function besideRivals({ title, rate, cpu }: Traffic, cpuMost: number): Target[] {
  const row = { of: 'sluice', against: 'the better', scenario: title } as const
  return [
    { ...row, figure: cpu, most: cpuMost },
    { ...row, figure: rate, least: 1 },
    { ...row, figure: P99, most: 1 },
  ]
}

function whileLooping(traffic: Traffic, cpus: number): Target[] {
  const of = cpus < LOOP_CPUS ? 'control' : 'undisturbed'
  const row = { of: 'sluice', scenario: loopedTitle(traffic) } as const
  return [
    { ...row, figure: loopedRatio(traffic.cpu, of), most: 1 + LOOPED_APART },
    { ...row, figure: loopedRatio(traffic.rate, of), least: 1 - LOOPED_APART },
    { ...row, figure: loopedRatio(P99, of), most: 1 + LOOPED_APART },
  ]
}

function withTwoThreads(traffic: Traffic, cpus: number): Target {
  return {
    of: 'sluice',
    scenario: threadsTitle(traffic),
    figure: TWO_OVER_ONE,
    least: TWO_THREADS_LEAST,
    without: cpus < THREADS_CPUS ? `${cpus} CPUs` : undefined,
  }
}

function picking(of: RelayName): Target[] {
  return (['roundrobin', 'leastconns'] as const).map((scheduler) => ({
    of,
    scenario: pickTitle(scheduler),
    figure: MANY_OVER_FEW,
    most: PICK_MOST,
  }))
}

/** The portable engine against the least that a relay on Node costs. */
function besideBare(): Target[] {
  const row = { of: 'sluice-node', against: 'bare' } as const
  const cpu = [KEPT_5, KEPT_18K, NEW_5, NEW_18K].map((traffic) => ({
    ...row,
    scenario: traffic.title,
    figure: traffic.cpu,
    most: NODE_CPU_MOST,
  }))
  const memory = [IDLE, IDLE_COLLECTED].map((figure) => ({
    ...row,
    scenario: IDLE_TITLE,
    figure,
    most: NODE_MEMORY_MOST,
  }))
  return [...cpu, ...memory]
}

export function judge(target: Target, samples: readonly Sample[]): Judged {
  const { of } = target
  const best = target.least === undefined ? 'least' : 'most'
  const against =
    target.against === 'the better' ? betterOf(samples, RIVALS, target, best) : target.against
  const measured =
    against === undefined ? ownFigure(target, samples) : ratioOf(samples, target, of, against)
  return { target, against, measured, verdict: verdictOn(target, measured) }
}

/** Nothing, where there was to be a ratio and nobody to divide by. */
function ownFigure(target: Target, samples: readonly Sample[]): Spread | undefined {
  return target.against === undefined ? figureOf(samples, target.of, target) : undefined
}

/** `met`, `missed by …` or `not measured`. */
function verdictOn({ most, least, without }: Target, measured: Spread | undefined): string {
  if (!measured) return without === undefined ? 'not measured' : `not measured: ${without}`
  const above = measured.median - (most ?? Number.POSITIVE_INFINITY)
  const below = (least ?? Number.NEGATIVE_INFINITY) - measured.median
  const by = Math.max(above, below)
  // A miss is never printed as 0.00.
  return by <= 0 ? 'met' : `missed by ${by.toFixed(by < 0.01 ? 4 : 2)}`
}
