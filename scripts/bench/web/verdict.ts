// Is a target met? Where others take the CPU, the time by the clock is theirs as well; then CPU time decides what it misses.
import { spreadOf } from '../statistics.ts'
import type { Figure } from './figures.ts'

export type Verdict = 'met' | 'met in CPU time' | 'MISSED'

/** @param isBusy do others work on this machine? @returns undefined where there is no target */
export function verdictOn(
  { most, values, cpuMs = [] }: Pick<Figure, 'most' | 'values' | 'cpuMs'>,
  isBusy: boolean,
): Verdict | undefined {
  if (most === undefined) return undefined
  const isMet = (of: readonly number[]) => (spreadOf(of)?.median ?? Number.NaN) < most
  if (isMet(values)) return 'met'
  return isBusy && isMet(cpuMs) ? 'met in CPU time' : 'MISSED'
}
