// The order of a table's rows: numbers by size, text as people count (`a2` before `a10`), nothing last. Pure.

export type Sortable = string | number | boolean | null | undefined

export interface Order {
  /** The column. */
  readonly by: string
  readonly down: boolean
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Rows that are equal stay as they stood. */
export function sorted<Row>(
  rows: readonly Row[],
  of: (row: Row) => Sortable,
  down: boolean,
): readonly Row[] {
  const keyed = rows.map((row) => ({ row, key: of(row) }))
  keyed.sort((a, b) => compare(a.key, b.key, down))
  return keyed.map(({ row }) => row)
}

/** In the order in which their keys stood; new ones last, as they come. */
export function inOrderOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | number,
  keys: readonly (string | number)[],
): readonly Row[] {
  const places = new Map(keys.map((key, place) => [key, place]))
  const placeOf = (row: Row) => places.get(keyOf(row)) ?? keys.length
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** What a press on the title of a column leads to: up, down, and the order of the server again. */
export function nextOrder(now: Order | undefined, by: string): Order | undefined {
  if (now?.by !== by) return { by, down: false }
  return now.down ? undefined : { by, down: true }
}

function compare(a: Sortable, b: Sortable, down: boolean): number {
  const [isNone, isOtherNone] = [a, b].map((key) => key === null || key === undefined || key === '')
  if (isNone || isOtherNone) return Number(isNone) - Number(isOtherNone)
  const way = down ? -1 : 1
  if (typeof a === 'string' || typeof b === 'string')
    return way * collator.compare(String(a), String(b))
  return way * (Number(a) - Number(b))
}
