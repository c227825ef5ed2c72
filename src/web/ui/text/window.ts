// Which rows of a long table are drawn: those in sight and some around them. Pure.

/** Below it everything is drawn. */
export const DRAWN_WHOLE_MAX = 200
/** Rows beyond each edge, so that the focus can go on by Tab and quick scrolling shows no gap. */
const AROUND = 12

export interface Sight {
  readonly scrolledPx: number
  readonly heightPx: number
  readonly rowPx: number
}

export interface RowWindow {
  readonly from: number
  /** Not drawn itself. */
  readonly to: number
}

export function windowOf(count: number, { scrolledPx, heightPx, rowPx }: Sight): RowWindow {
  if (count <= DRAWN_WHOLE_MAX) return { from: 0, to: count }
  const first = Math.floor(Math.max(0, scrolledPx) / rowPx)
  const last = Math.ceil((Math.max(0, scrolledPx) + heightPx) / rowPx)
  const to = Math.min(count, last + AROUND)
  return { from: Math.max(0, Math.min(first - AROUND, to - 1)), to }
}
