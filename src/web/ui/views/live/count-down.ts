// A count-down for components: drawn again as each second begins, and not at all once it is over.
import { useEffect, useState } from 'preact/hooks'
import { untilNextSecond } from '../text/count-down.ts'
import { serverNow } from '../../state/server-clock.ts'

/** @param until a time of the server, in milliseconds since 1970 @returns what is left, in milliseconds, never below 0 */
export function useLeftMs(until: number): number {
  const [now, setNow] = useState(serverNow)
  // A time that is none is over.
  const leftMs = Math.max(0, until - now) || 0
  useEffect(() => {
    if (leftMs === 0) return
    const timer = setTimeout(() => setNow(serverNow()), untilNextSecond(leftMs))
    return () => clearTimeout(timer)
  }, [now, until])
  return leftMs
}
