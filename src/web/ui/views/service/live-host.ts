// A host as its row says, with the figures of this second. Pure.
import type { HostFigures, HostRow } from '../../api/types.ts'

export interface LiveHost extends HostRow {
  /** Null before the first second has passed. */
  readonly sessionsPerSecond: number | null
  /** Both ways together. */
  readonly bytesPerSecond: number | null
}

export function liveHost(row: HostRow, figures: Readonly<Record<string, HostFigures>>): LiveHost {
  const known = figures[`${row.group}/${row.name}`]
  if (known === undefined) return { ...row, sessionsPerSecond: null, bytesPerSecond: null }
  const [open, total, failed, sessionsPerSecond, fromClient, fromHost] = known
  return { ...row, open, total, failed, sessionsPerSecond, bytesPerSecond: fromClient + fromHost }
}

/** The right end of the slider: the weights of the group with room above, and never too coarse to hit. */
export function weightEnd(weights: readonly number[]): number {
  const most = Math.max(1, ...weights)
  return [10, 20, 50, 100].find((end) => most <= end / 1.5) ?? WEIGHT_MAX
}

export const WEIGHT_MAX = 256

/** Is it the only one that gets new sessions of its group? */
export function isLastReady(host: HostRow, hosts: readonly HostRow[]): boolean {
  return host.ready && hosts.every((each) => each.path === host.path || !each.ready)
}

/** Is every word of `wanted` in what is known of it? */
export function matches(host: HostRow, wanted: string): boolean {
  const { name, address, intent, health, reason } = host
  const known = [name, address, intent, health, reason].join(' ').toLowerCase()
  const words = wanted.toLowerCase().split(/\s+/)
  return words.every((word) => known.includes(word))
}
