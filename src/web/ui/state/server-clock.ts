// What time it is where Sluice runs, as far as the page can tell: deadlines are told by that clock, and the one of this device
// may be wrong.
import { listen } from '../api/events.ts'

let aheadMs = 0

listen('hello', ({ time }) => {
  const at = Date.parse(time)
  if (!Number.isNaN(at)) aheadMs = at - Date.now()
})

/** In milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + aheadMs
}
