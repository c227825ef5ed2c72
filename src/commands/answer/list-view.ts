// How an operator asks for part of a list: which rows (`--where`), in which order (`--sort`), which fields
// (`--columns`). Works on the fields of the JSON answer, and knows them by the headings of the table, too.
import { parseDuration } from '../../base/duration.ts'
import { notUnderstood } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Column } from './columns.ts'
import type { Kind } from '../command.ts'

/** What a list is made of. */
export interface ListOf<Row> {
  /** Names of the fields of one row, as in JSON. */
  readonly fields: readonly string[]
  readonly columns: readonly Column<Row>[]
}

/** Which rows are wanted, and in which order. */
export interface View<Row> {
  keeps(row: Row): boolean
  /** Undefined where the order of the list stays. */
  readonly order: ((a: Row, b: Row) => number) | undefined
  /** Pipes look at the rows, so that none may be left out for being many. */
  readonly piped: boolean
}

type Keeps = (row: object) => boolean
type Order = (a: object, b: object) => number

const COMPARISONS = {
  '!=': (order: number) => order !== 0,
  '<=': (order: number) => order <= 0,
  '>=': (order: number) => order >= 0,
  '=': (order: number) => order === 0,
  '<': (order: number) => order < 0,
  '>': (order: number) => order > 0,
} as const satisfies Readonly<Record<string, (order: number) => boolean>>

const COMPARISON = /^([^!<>=~]+)(!=|<=|>=|==?|<|>|~)(.*)$/s
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
])
const BY_TEXT = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** `health=down,open>10`: all of them must hold. */
export function whereKind<Row>(list: ListOf<Row>): Kind<Keeps> {
  return {
    placeholder: 'FIELD=VALUE,…',
    accepts: 'comparisons by = != < > <= >= and ~ (contains), separated by commas',
    read(word) {
      const parts = word.split(',')
      if (parts.length > LIMITS.comparisonsMax) {
        throw notUnderstood(`--where takes at most ${LIMITS.comparisonsMax} comparisons`)
      }
      const all = parts.map((part) => comparisonOf(part, list))
      return (row) => all.every((keeps) => keeps(row))
    },
    several: true,
    candidates: () => list.fields.map((field) => `${field}=`),
  }
}

/** `open,desc`. */
export function sortKind<Row>(list: ListOf<Row>): Kind<Order> {
  return {
    placeholder: 'FIELD[,desc]',
    accepts: 'a field of the answer; with ,desc the largest comes first',
    read(word) {
      const [name = '', way = 'asc', ...rest] = word.split(',')
      if (!['asc', 'desc'].includes(way) || rest.length > 0) {
        throw notUnderstood(`--sort is FIELD or FIELD,desc, got ${JSON.stringify(word)}`)
      }
      const field = fieldNamed(name, list)
      const sign = way === 'desc' ? -1 : 1
      return (a, b) => sign * compare(valueIn(a, field), valueIn(b, field))
    },
    candidates: () => list.fields.flatMap((field) => [field, `${field},desc`]),
  }
}

/** `host,open`: names of fields. */
export function columnsKind<Row>(list: ListOf<Row>): Kind<readonly string[]> {
  return {
    placeholder: 'FIELD,…',
    accepts: 'fields of the answer, separated by commas',
    read: (word) => [...new Set(word.split(',').map((name) => fieldNamed(name, list)))],
    several: true,
    candidates: () => list.fields,
  }
}

/** The columns that show these fields; a field without a column of its own gets one. */
export function columnsFor<Row extends object>(
  fields: readonly string[],
  { columns }: ListOf<Row>,
): readonly Column<Row>[] {
  return fields.map((field) => {
    const known = columns.find((column) => fieldOf(column) === field)
    return known ?? { title: field, of: (row) => textOf(valueIn(row, field)) }
  })
}

/** The field that a column shows. */
function fieldOf<Row>({ field, title }: Column<Row>): string {
  return field ?? title.toLowerCase()
}

function comparisonOf<Row>(text: string, list: ListOf<Row>): Keeps {
  const [, name = '', sign = '', wanted = ''] = COMPARISON.exec(text) ?? []
  if (sign === '') {
    throw notUnderstood(
      `--where takes comparisons such as health=down or 'open>10', got ${JSON.stringify(text)}`,
    )
  }
  const field = fieldNamed(name, list)
  if (sign === '~') {
    const needle = wanted.toLowerCase()
    return (row) => textOf(valueIn(row, field)).toLowerCase().includes(needle)
  }
  const holds = COMPARISONS[sign.replace('==', '=') as keyof typeof COMPARISONS]
  return (row) => {
    const value = valueIn(row, field)
    const other = readAs(value, wanted)
    if (other !== undefined) return holds(compare(value, other))
    const accepted = typeof value === 'number' ? 'a number' : 'yes or no'
    throw notUnderstood(`${field} is ${accepted}, got ${JSON.stringify(text)}`)
  }
}

/** What was typed, as a value to compare with: `5s` is 5000 beside a number, `yes` is true beside a flag. */
function readAs(value: unknown, typed: string): unknown {
  if (typeof value === 'boolean') return FLAGS.get(typed.toLowerCase())
  if (typeof value !== 'number') return typed
  const number = typed.trim() === '' ? Number.NaN : Number(typed)
  return Number.isNaN(number) ? parseDuration(typed) : number
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return BY_TEXT.compare(textOf(a), textOf(b))
}

/** A value as text for comparisons and for a cell. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(textOf).join(' ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function valueIn(row: object, field: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[field]
}

/** The field of that name, or the one that stands under that heading. @throws BalancerError NOT_UNDERSTOOD */
function fieldNamed<Row>(name: string, { fields, columns }: ListOf<Row>): string {
  const wanted = plain(name)
  const field = fields.find((each) => plain(each) === wanted)
  if (field !== undefined) return field
  const column = columns.find(({ title }) => plain(title) === wanted)
  if (column !== undefined) return fieldOf(column)
  const near = didYouMean(name, fields)
  throw notUnderstood(`no field ${JSON.stringify(name)}${near}; accepted: ${fields.join(', ')}`)
}

function plain(name: string): string {
  return name.replace(/[\s_-]/g, '').toLowerCase()
}
