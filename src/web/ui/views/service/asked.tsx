// What is asked about one row of a table. Others may remove or rename that meanwhile: a question does not vanish under the
// hands of whoever reads it, but goes on with what it was asked about, and says so.
import { useRef, useState } from 'preact/hooks'

export interface Asked<What, Row> {
  readonly what: What
  /** As it is now; where it is gone, as it was last. */
  readonly row: Row
  readonly isGone: boolean
}

interface Asking<What, Row> {
  readonly asked: Asked<What, Row> | undefined
  readonly ask: (what: What, path: string) => void
  readonly close: () => void
}

/** @param rows all that can be asked about */
export function useAsked<What, Row extends { readonly path: string }>(
  rows: readonly Row[],
): Asking<What, Row> {
  const [about, setAbout] = useState<{ readonly what: What; readonly path: string }>()
  const last = useRef<Row | undefined>(undefined)
  const now = rows.find(({ path }) => path === about?.path)
  last.current = about === undefined ? undefined : (now ?? last.current)
  const { current: row } = last
  return {
    asked: about && row && { what: about.what, row, isGone: now === undefined },
    ask: (what, path) => setAbout({ what, path }),
    close: () => setAbout(undefined),
  }
}

interface GoneProps {
  readonly path: string
  readonly isGone: boolean
}

/** In a dialog that stays open. */
export function Gone({ path, isGone }: GoneProps) {
  return (
    <div role="status">
      {isGone && (
        <p class="problem">
          {path} is not there any more: it was removed or has another name. This is how it was.
        </p>
      )}
    </div>
  )
}
