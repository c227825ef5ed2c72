// What an operator of `top` has chosen so far, and what each key makes of it. Pure: a key and a state give the next
// state, and perhaps a command line that is to be run.
import { counted } from '../answer/figures.ts'
import type { Key } from './screen.ts'
import { TOP_COLUMNS, type TopColumn } from './top-columns.ts'
import { TOP_VIEWS, type TopView } from './top-look.ts'
import type { TopRow } from './top-rows.ts'
import { quoteWord } from '../line/words.ts'

export interface TopSort {
  /** Index of the column. */
  readonly column: number
  readonly descending: boolean
}

export interface TopState {
  readonly view: TopView
  readonly sorts: Readonly<Record<TopView, TopSort>>
  /** Key of the selected row; '' selects the first. */
  readonly selected: TopRow['key']
  /** Where it stood, for when it is gone. */
  readonly index: number
  /** A line that is run once the question is answered with `y`. */
  readonly asked: { readonly question: string; readonly line: string } | undefined
  readonly help: boolean
  /** Below the table until the next key; '' shows the keys. */
  readonly message: string
}

export interface Pressed {
  readonly state: TopState
  /** To be run for the operator. */
  readonly line?: string
  readonly leaves?: true
}

export function firstState(view: TopView): TopState {
  const bySessions = { column: 3, descending: true }
  const sorts = {
    services: bySessions,
    hosts: bySessions,
    sessions: { column: 5, descending: true },
  }
  const nothing = { selected: '', index: 0, asked: undefined, help: false, message: '' }
  return { view, sorts, ...nothing }
}

/** In the order of the view; rows that are equal stay in the order of the file. */
export function sorted(rows: readonly TopRow[], { view, sorts }: TopState): readonly TopRow[] {
  const { column, descending } = sorts[view]
  const by = TOP_COLUMNS[view][column]?.by
  if (by === undefined) return rows
  const sign = descending ? -1 : 1
  // Each is asked once: of ten thousand rows most comparisons would ask again.
  const valued = rows.map((row) => ({ row, value: by(row) }))
  valued.sort((a, b) => sign * compare(a.value, b.value))
  return valued.map(({ row }) => row)
}

/** Index of the selected row among the sorted ones; where it is gone, of what stands in its place. */
export function selectedIn(rows: readonly TopRow[], { selected, index }: TopState): number {
  const found = rows.findIndex(({ key }) => key === selected)
  return found === -1 ? Math.max(0, Math.min(index, rows.length - 1)) : found
}

/**
 * @param rows as sorted
 * @param page rows that fit the window
 */
export function pressed(state: TopState, key: Key, rows: readonly TopRow[], page: number): Pressed {
  const { asked } = state
  const calm: TopState = { ...state, asked: undefined, help: false, message: '' }
  if (key.ctrl) return key.name === 'c' ? { state, leaves: true } : { state }
  if (asked !== undefined) return answered(calm, key, asked.line)
  if (key.name === 'q') return state.help ? { state: calm } : { state, leaves: true }
  if (key.name === 'escape') return { state: calm }
  if (key.name === '?') return { state: { ...calm, help: !state.help } }
  const steps = STEPS[key.name]
  if (steps !== undefined) return { state: moved(calm, rows, steps(page, rows.length)) }
  const view = VIEW_KEYS[key.name] ?? (key.name === 'tab' ? nextView(state.view) : undefined)
  if (view !== undefined) return { state: { ...calm, view, selected: '', index: 0 } }
  const sort = sortBy(calm, key.name)
  if (sort !== undefined)
    return { state: { ...calm, sorts: { ...state.sorts, [state.view]: sort } } }
  const row = rows[selectedIn(rows, state)]
  return row === undefined ? { state: calm } : acted(calm, key.name, row)
}

const VIEW_KEYS: Readonly<Record<string, TopView>> = { 1: 'services', 2: 'hosts', 3: 'sessions' }

const STEPS: Readonly<Record<string, (page: number, count: number) => number>> = {
  up: () => -1,
  down: () => 1,
  pageup: (page) => -page,
  pagedown: (page) => page,
  home: (_, count) => -count,
  end: (_, count) => count,
}

function nextView(view: TopView): TopView {
  return TOP_VIEWS[(TOP_VIEWS.indexOf(view) + 1) % TOP_VIEWS.length] ?? view
}

function moved(state: TopState, rows: readonly TopRow[], steps: number): TopState {
  const index = Math.max(0, Math.min(rows.length - 1, selectedIn(rows, state) + steps))
  return { ...state, index, selected: rows[index]?.key ?? '' }
}

function sortBy({ view, sorts }: TopState, key: string): TopSort | undefined {
  const columns = TOP_COLUMNS[view]
  const sort = sorts[view]
  if (key === 'r') return { ...sort, descending: !sort.descending }
  const sortable = columns.flatMap(({ by }, index) => (by === undefined ? [] : [index]))
  const at = sortable.indexOf(sort.column)
  const step = { '<': -1, '>': 1, left: -1, right: 1 }[key]
  const column =
    step === undefined
      ? columns.findIndex(({ letter }) => letter === key)
      : (sortable.at((at + step) % sortable.length) ?? -1)
  return column === -1 ? undefined : { column, descending: isFigure(columns[column]) }
}

/** Of figures the largest are looked for, of names the first. */
function isFigure(column: TopColumn | undefined): boolean {
  return column?.right === true
}

function answered(calm: TopState, key: Key, line: string): Pressed {
  return key.name === 'y'
    ? { state: calm, line }
    : { state: { ...calm, message: 'nothing was done' } }
}

const VERBS: Readonly<Record<string, string>> = {
  d: 'drain host',
  e: 'enable host',
  x: 'disable host',
}

function acted(state: TopState, key: string, row: TopRow): Pressed {
  const { view } = state
  const target = { state: { ...state, selected: row.key } }
  const verb = VERBS[key]
  if (verb !== undefined) {
    if (view !== 'hosts')
      return { state: { ...state, message: `${key} is for hosts: press 2 first` } }
    return { ...target, line: `${verb} ${quoteWord(row.path)}` }
  }
  if (key === 'k') return { state: { ...target.state, ...killOf(view, row) } }
  if (key !== 'p') return { state: { ...state, message: `no key ${key}; ? tells which there are` } }
  if (view !== 'services')
    return { state: { ...state, message: 'p is for services: press 1 first' } }
  const line = `${row.state === 'PAUSED' ? 'resume' : 'pause'} service ${quoteWord(row.path)}`
  return { ...target, line }
}

function killOf(view: TopView, { path, name, host, open }: TopRow): Partial<TopState> {
  if (view === 'services') return { message: 'k is for hosts and sessions: press 2 or 3 first' }
  if (view === 'sessions') {
    const question = `end session ${path} of ${name} on ${host}? y/n`
    return { asked: { question, line: `kill session ${path}` } }
  }
  if (open === 0) return { message: `${name} has no open sessions` }
  return {
    asked: {
      question: `end ${counted(open, 'session')} of ${name}? y/n`,
      line: `kill host ${quoteWord(path)}`,
    },
  }
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : Number(a > b)
}
