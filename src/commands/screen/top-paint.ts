// The picture of `top`: from rows and what was chosen to the lines of a screen. Only rows that can be seen are
// written, so that ten thousand hosts cost no more than a window full.
import { printable } from '../answer/columns.ts'
import { fitted } from './painter.ts'
import { TOP_COLUMNS, type TopColumn, formatBytes, formatRate } from './top-columns.ts'
import { TOP_VIEWS, type TopLook } from './top-look.ts'
import type { TopRow } from './top-rows.ts'
import { type TopState, selectedIn } from './top-state.ts'

export interface TopWindow {
  readonly columns: number
  readonly rows: number
  readonly colors: boolean
}

export interface TopPicture {
  readonly look: TopLook
  /** The rows of the look, as sorted. */
  readonly rows: readonly TopRow[]
  readonly state: TopState
  /** Milliseconds since 1970. */
  readonly time: number
  /** What the operator is and may do, for the heading. */
  readonly who: string
}

/** Lines around the table: heading, totals, titles above it and one below. */
const AROUND = 4
const GAP = 1
/** Below this many columns of a name the last columns are left out. */
const NAME_MIN = 12
const KEYS = {
  services: 'p pause/resume',
  hosts: 'd drain  e enable  x disable  k kill',
  sessions: 'k kill',
} as const

const HELP = [
  'top: what the balancer does now, once a second',
  '',
  '1 2 3, tab     services, hosts, sessions',
  'up, down       select a row; also page up, page down, home, end',
  '< >            sort by the column to the left or right',
  'n o s b f t    sort by name, open, sessions/s, bytes/s, failed, state',
  'r              sort the other way round',
  'd e x          drain, enable, disable the selected host',
  'k              end the sessions of the selected host, or the session; asks first',
  'p              pause or resume the selected service',
  'q, Ctrl-C      leave',
]

/** Rows of the table that fit the window. */
export function pageOf({ rows }: TopWindow): number {
  return Math.max(1, rows - AROUND)
}

/** As many lines as the window has rows, none wider than it. */
export function paintTop(picture: TopPicture, window: TopWindow): readonly string[] {
  const { columns, rows } = window
  const body = picture.state.help ? HELP : tableOf(picture, window)
  const lines = [headingOf(picture, columns), totalsOf(picture), ...body].slice(0, rows - 1)
  const blank = Array.from({ length: Math.max(0, rows - 1 - lines.length) }, () => '')
  const all = [...lines.map((line) => fittedUnlessMarked(line, columns)), ...blank]
  return [...all, statusOf(picture, window)].slice(-rows)
}

function headingOf({ state, time, who }: TopPicture, columns: number): string {
  const clock = `${new Date(time).toISOString().slice(11, 19)} UTC`
  const views = TOP_VIEWS.map((view, index) => {
    return view === state.view ? `[${index + 1} ${view}]` : ` ${index + 1} ${view} `
  })
  return `${fitted(`sluice top ${views.join('')} ${who}`, columns - clock.length - 1)} ${clock}`
}

function totalsOf({ look: { totals, note }, rows }: TopPicture): string {
  const { open, sessions, bytes } = totals
  const facts = [
    `${open} open`,
    `${formatRate(sessions)} sessions/s`,
    `${formatBytes(bytes)} bytes/s`,
    `${rows.length} rows`,
    ...(note === '' ? [] : [note]),
  ]
  return facts.join(', ')
}

function tableOf(picture: TopPicture, window: TopWindow): readonly string[] {
  const { rows, state } = picture
  const margin = window.colors ? '' : '  '
  const columns = columnsFor(TOP_COLUMNS[state.view], window.columns - margin.length)
  const page = pageOf(window)
  const at = selectedIn(rows, state)
  const first = Math.max(0, Math.min(at - Math.floor(page / 2), rows.length - page))
  const shown = rows.slice(first, first + page).map((row, index) => {
    const line = columns.map((column) => cellOf(column, column.text(row))).join(' '.repeat(GAP))
    return marked(line, first + index === at, window)
  })
  const nothing = rows.length === 0 ? [`no ${state.view}`] : []
  return [margin + titlesOf(columns, state), ...shown, ...nothing]
}

/** The columns that fit, the one without a width as wide as they leave. */
function columnsFor(columns: readonly TopColumn[], room: number): readonly TopColumn[] {
  const fixed = columns.reduce((sum, { width }) => sum + width + GAP, -GAP)
  const left = room - fixed
  if (left < NAME_MIN && columns.length > 2) return columnsFor(columns.slice(0, -1), room)
  return columns.map((column) =>
    column.width === 0 ? { ...column, width: Math.max(1, left) } : column,
  )
}

function titlesOf(columns: readonly TopColumn[], { view, sorts }: TopState): string {
  const { column, descending } = sorts[view]
  const sortedBy = TOP_COLUMNS[view][column]?.title
  const mark = descending ? '▼' : '▲'
  const cells = columns.map((each) => {
    return cellOf(each, each.title === sortedBy ? `${each.title}${mark}` : each.title)
  })
  return cells.join(' '.repeat(GAP))
}

function cellOf({ width, right }: TopColumn, text: string): string {
  return right === true && text.length < width ? text.padStart(width) : fitted(text, width)
}

/** The selected row: turned colours, or a sign where there are none. */
function marked(line: string, selected: boolean, { columns, colors }: TopWindow): string {
  if (!colors) return `${selected ? '>' : ' '} ${line}`
  return selected ? `\x1b[7m${fitted(line, columns)}\x1b[0m` : line
}

function statusOf({ state }: TopPicture, { columns }: TopWindow): string {
  const { asked, message, view } = state
  const keys = `q leave  ? help  ${KEYS[view]}  <> sort`
  return fitted(printable(asked?.question ?? (message || keys)), columns)
}

function fittedUnlessMarked(line: string, columns: number): string {
  return line.startsWith('\x1b') ? line : fitted(line, columns)
}
