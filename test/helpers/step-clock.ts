// A clock that goes on one millisecond whenever it is looked at, so that turns can be counted without measuring time.
import { vi, onTestFinished } from 'vitest'

/** From now on, until the test ends. */
export function tickingClock(): void {
  let now = 0
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => now++)
  onTestFinished(() => spy.mockRestore())
}

/** How often did the event loop go round while `work` was under way? */
export async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let [turns, ended] = [0, false]
  const count = () => {
    turns++
    if (!ended) setImmediate(count)
  }
  setImmediate(count)
  await work.finally(() => {
    ended = true
  })
  return turns
}
