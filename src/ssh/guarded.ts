// A fence around handlers of ssh2 events. An exception in one of them would end the whole connection with
// every other session on it; behind the fence it is logged and only the request at hand is refused.
import { factsOf } from '../base/errors.ts'
import type { Log } from '../base/log.ts'

export function guarded<Given extends readonly unknown[]>(
  log: Log,
  what: string,
  handler: (...given: Given) => void,
  refuse: (...given: Given) => void,
): (...given: Given) => void {
  return (...given) => {
    try {
      handler(...given)
    } catch (error) {
      log.error('unexpected', { what, ...factsOf(error) })
      try {
        refuse(...given)
      } catch (second) {
        log.error('unexpected', { what: `${what}, refusing`, ...factsOf(second) })
      }
    }
  }
}
