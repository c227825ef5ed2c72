// The columns of `top`: what each view shows, what it is sorted by, and how figures are written in few characters.
import { LIMITS } from '../../base/limits.ts'
import { printable } from '../answer/columns.ts'
import { sparkline } from './sparkline.ts'
import type { TopView } from './top-look.ts'
import type { TopRow } from './top-rows.ts'

export interface TopColumn {
  readonly title: string
  /** Columns of the terminal; 0 takes what the others leave. */
  readonly width: number
  readonly text: (row: TopRow) => string
  readonly right?: true
  /** What rows are sorted by; absent where there is nothing to sort. */
  readonly by?: (row: TopRow) => number | string
  /** Sorts by this column. */
  readonly letter?: string
}

/** Bars of a sparkline, each three looks wide. */
const BARS = 20
const LOOKS_PER_BAR = LIMITS.topLooksKept / BARS

const state = { title: 'STATE', width: 11, text: (row: TopRow) => row.state } as const
const open = figure('OPEN', 'o', 7, (row) => row.open, String)
const failed = figure('FAILED', 'f', 7, (row) => row.failed, String)
const sessions = figure('SESS/S', 's', 8, ({ rates }) => rates.sessionsPerSecond, formatRate)
const bytes = figure('BYTES/S', 'b', 8, ({ rates }) => rates.bytesPerSecond, formatBytes)
const minute: TopColumn = {
  title: 'LAST MINUTE',
  width: BARS,
  text: ({ rates }) => sparkline(rates.history, BARS, LOOKS_PER_BAR),
}

export const TOP_COLUMNS: Readonly<Record<TopView, readonly TopColumn[]>> = {
  services: [named('SERVICE'), words(state, 't'), open, sessions, bytes, failed, minute],
  hosts: [named('HOST'), words(state, 't'), open, sessions, bytes, failed, minute],
  sessions: [
    figure('SESSION', 'i', 9, ({ key }) => Number(key), String),
    named('CLIENT'),
    words({ title: 'HOST', width: 24, text: (row) => printable(row.host) }, 'h'),
    words({ ...state, title: 'STEP' }, 't'),
    figure(
      'IDLE',
      'l',
      7,
      (row) => row.idleMs,
      (ms) => `${Math.round(ms / 1_000)}s`,
    ),
    bytes,
    figure('BYTES', 'a', 8, (row) => row.bytes, formatBytes),
  ],
}

/** `0`, `0.3`, `12.0`, `1234`: four characters or a few more. */
export function formatRate(rate: number): string {
  if (rate === 0) return '0'
  return rate >= 100 ? String(Math.round(rate)) : rate.toFixed(1)
}

/** `0`, `512`, `1.5K`, `20M` */
export function formatBytes(count: number): string {
  const units = ['', 'K', 'M', 'G', 'T', 'P']
  let left = count
  let unit = 0
  while (left >= 1_000 && unit < units.length - 1) {
    left /= 1_024
    unit++
  }
  const digits = unit > 0 && left < 9.95 ? 1 : 0
  return `${left.toFixed(digits)}${units[unit]}`
}

function figure(
  title: string,
  letter: string,
  width: number,
  by: (row: TopRow) => number,
  format: (value: number) => string,
): TopColumn {
  return { title, letter, width, by, text: (row) => format(by(row)), right: true }
}

function named(title: string): TopColumn {
  const text = (row: TopRow) => printable(row.name)
  return { title, letter: 'n', width: 0, by: (row) => row.name, text }
}

function words(column: Omit<TopColumn, 'by' | 'letter'>, letter: string): TopColumn {
  return { ...column, letter, by: column.text }
}
