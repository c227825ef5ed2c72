// Waiting for something to become true without guessing how long it takes.
import { setTimeout as pause } from 'node:timers/promises'

/** Resolve as soon as `check` returns something true, with what it returned. @throws after `withinMs` */
export async function eventually<Value>(
  check: () => Value,
  what: string,
  withinMs = 10_000,
): Promise<NonNullable<Value>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = check()
    if (value) return value
    if (performance.now() > deadline)
      throw new Error(`did not happen within ${withinMs} ms: ${what}`)
    await pause(5)
  }
}
