// Rows under titles: sorted by a press on a title, the head stays in sight, long ones are drawn only as far as they are
// seen. On a narrow screen short tables become cards, long ones scroll in themselves.
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { inOrderOf, nextOrder, type Order, type Sortable, sorted } from '../text/sort.ts'
import { DRAWN_WHOLE_MAX, type Sight, windowOf } from '../text/window.ts'
import { Icon } from './icon.tsx'
import './table.css'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** What it is sorted by; without it, it is not sorted. */
  readonly of?: (row: Row) => Sortable
  /** What is shown; left out, what it is sorted by. */
  readonly cell?: (row: Row) => ComponentChildren
  /** Figures stand at the right. */
  readonly right?: boolean
  /** The title is only read out: a column of buttons. */
  readonly untitled?: boolean
  readonly class?: string
}

interface TableProps<Row> {
  /** What is listed, read out. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly order?: Order
  /** Left out: the table sorts itself. */
  readonly onOrder?: (order: Order | undefined) => void
  readonly empty?: ComponentChildren
  readonly rowClass?: (row: Row) => string
}

/** As high as the stylesheet makes the rows of a long table. */
const ROW_PX = 44

export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, keyOf, empty, rowClass } = props
  const [order, setOrder] = useOrder(props)
  const { scroller, sight } = useSight(rows.length > DRAWN_WHOLE_MAX)
  const wanted = useSorted(rows, columns, order)
  const shown = useHeld(wanted, keyOf, order, scroller)
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>
  const isLong = rows.length > DRAWN_WHOLE_MAX
  const { from, to } = windowOf(shown.length, sight)
  return (
    <div
      class={`table${isLong ? ' long' : ''}`}
      ref={scroller}
      role="region"
      aria-label={caption}
      tabIndex={0}
    >
      <table aria-rowcount={isLong ? shown.length + 1 : undefined}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Title key={column.id} column={column} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={from} columns={columns.length} />
          {shown.slice(from, to).map((row, index) => (
            <tr
              key={keyOf(row)}
              class={rowClass?.(row)}
              aria-rowindex={isLong ? from + index + 2 : undefined}
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  class={classOf(column)}
                  data-title={column.untitled ? '' : column.title}
                >
                  {column.cell === undefined ? String(column.of?.(row) ?? '') : column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Gap rows={shown.length - to} columns={columns.length} />
        </tbody>
      </table>
    </div>
  )
}

interface TitleProps<Row> {
  readonly column: Column<Row>
  readonly order: Order | undefined
  readonly onOrder: (order: Order | undefined) => void
}

function Title<Row>({ column, order, onOrder }: TitleProps<Row>) {
  const { id, title, of, untitled } = column
  if (of === undefined || untitled)
    return (
      <th scope="col" class={classOf(column)}>
        <span class={untitled ? 'unseen' : ''}>{title}</span>
      </th>
    )
  const isBy = order?.by === id
  const way = isBy ? (order.down ? 'descending' : 'ascending') : 'none'
  return (
    <th scope="col" class={classOf(column)} aria-sort={way}>
      <button type="button" onClick={() => onOrder(nextOrder(order, id))}>
        {title}
        {isBy && <Icon name={order.down ? 'down' : 'up'} />}
      </button>
    </th>
  )
}

/** In place of the rows that are not drawn. */
function Gap({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  if (rows <= 0) return null
  return (
    <tr class="gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${rows * ROW_PX}px` }} />
    </tr>
  )
}

function classOf({ right, class: own = '' }: Column<never>): string {
  return `${right ? 'right ' : ''}${own}`
}

function useOrder<Row>({ order, onOrder }: TableProps<Row>) {
  const [own, setOwn] = useState(order)
  return onOrder === undefined ? ([own, setOwn] as const) : ([order, onOrder] as const)
}

function useSorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | undefined,
): readonly Row[] {
  const column = columns.find(({ id }) => id === order?.by)
  return useMemo(() => {
    return column?.of === undefined ? rows : sorted(rows, column.of, order?.down ?? false)
  }, [rows, column?.id, order?.down])
}

interface Held {
  readonly order: Order | undefined
  readonly keys: readonly (string | number)[]
}

interface Place {
  readonly current: HTMLElement | null
}

/** Rows that are sorted by figures move all the time, but not away under the hands of somebody who is at one of them. */
function useHeld<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | number,
  order: Order | undefined,
  place: Place,
): readonly Row[] {
  const before = useRef<Held>({ order, keys: [] })
  const isSame = order !== undefined && before.current.order === order
  const isHeld = isSame && place.current?.querySelector('tbody :focus') != null
  const shown = isHeld ? inOrderOf(rows, keyOf, before.current.keys) : rows
  before.current = { order, keys: shown.map(keyOf) }
  return shown
}

/** What of a long table is in sight; looked at once for each picture that the browser draws. */
function useSight(isLong: boolean) {
  const scroller = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState<Sight>({ scrolledPx: 0, heightPx: 800, rowPx: ROW_PX })
  useEffect(() => {
    const element = scroller.current
    if (element === null || !isLong) return
    let picture = 0
    const look = () => {
      picture = 0
      setSight({ scrolledPx: element.scrollTop, heightPx: element.clientHeight, rowPx: ROW_PX })
    }
    const soon = () => {
      if (picture === 0) picture = requestAnimationFrame(look)
    }
    soon()
    element.addEventListener('scroll', soon, { passive: true })
    const size = new ResizeObserver(soon)
    size.observe(element)
    return () => {
      cancelAnimationFrame(picture)
      element.removeEventListener('scroll', soon)
      size.disconnect()
    }
  }, [isLong])
  return { scroller, sight }
}
