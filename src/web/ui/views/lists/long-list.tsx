// A list of any length of which only what stands in the window is drawn. All rows have the same height, so the text of a row
// is one line, cut at the edge; what is longer is opened elsewhere.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { windowOf } from '../../text/window.ts'
import './lists.css'

interface LongListProps {
  /** Read out. */
  readonly label: string
  readonly count: number
  /** In pixels. */
  readonly rowHeight: number
  readonly row: (index: number) => ComponentChildren
  /** Stays at the end while it is looked at, as more comes. */
  readonly follows?: boolean
  /** Row to bring into sight; another object brings it again. */
  readonly sight?: { readonly index: number } | undefined
  readonly class?: string
  /** `table` where the rows are rows of one, `log` where more comes, else a plain group. */
  readonly role?: 'table' | 'log' | 'group'
}

/** Pixels from the end that still count as the end. */
const AT_END = 8

export function LongList(props: LongListProps) {
  const { label, count, rowHeight, row, follows, sight, role = 'group' } = props
  const element = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ scrolledPx: 0, heightPx: 600 })
  const isAtEnd = useRef(true)
  const look = () => {
    const list = element.current
    if (list === null) return
    const { scrollTop: scrolledPx, clientHeight: heightPx, scrollHeight } = list
    isAtEnd.current = scrolledPx + heightPx >= scrollHeight - AT_END
    setSeen((now) =>
      now.scrolledPx === scrolledPx && now.heightPx === heightPx ? now : { scrolledPx, heightPx },
    )
  }
  useLayoutEffect(() => {
    const list = element.current
    if (list !== null && follows && isAtEnd.current) list.scrollTop = list.scrollHeight
    look()
  })
  useLayoutEffect(() => {
    const list = element.current
    if (list === null || sight === undefined) return
    list.scrollTop = Math.max(0, sight.index * rowHeight - list.clientHeight / 3)
    look()
  }, [sight])
  const { from, to } = windowOf(count, { ...seen, rowPx: rowHeight })
  const drawn = Array.from({ length: to - from }, (_, at) => row(from + at))
  return (
    <div
      ref={element}
      class={`long-list ${props.class ?? ''}`}
      role={role}
      aria-label={label}
      aria-rowcount={role === 'table' ? count : undefined}
      aria-live={role === 'log' ? 'off' : undefined}
      tabIndex={0}
      onScroll={look}
    >
      <div style={{ height: `${from * rowHeight}px` }} role="presentation" />
      {drawn}
      <div style={{ height: `${(count - to) * rowHeight}px` }} role="presentation" />
    </div>
  )
}
