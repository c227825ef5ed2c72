// Is the window as narrow as that of a phone? Rows of long lists are two lines high then.
import { useEffect, useState } from 'preact/hooks'

/** As in the style sheet. */
const NARROW = matchMedia('(max-width: 720px)')

export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(NARROW.matches)
  useEffect(() => {
    const look = () => setNarrow(NARROW.matches)
    NARROW.addEventListener('change', look)
    return () => NARROW.removeEventListener('change', look)
  }, [])
  return isNarrow
}

/** Of a row of a live list, in pixels, as in the style sheet. */
export function lineHeightOf(isNarrow: boolean): number {
  return isNarrow ? 56 : 30
}
