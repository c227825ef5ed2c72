// Waiting for something that has to be asked for: over ssh, from a file, over the network.
import { setTimeout as pause } from 'node:timers/promises'

export interface UntilOptions {
  readonly withinMs?: number
  /** Pause between two questions. Over ssh not less than 100, because it lets in 10 a second. */
  readonly everyMs?: number
}

/** Resolve as soon as `ask` resolves with something true, with what it was. @throws after `withinMs` */
export async function until<Value>(
  ask: () => Promise<Value>,
  what: string,
  { withinMs = 15_000, everyMs = 150 }: UntilOptions = {},
): Promise<NonNullable<Value>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await ask()
    if (value) return value
    if (performance.now() > deadline)
      throw new Error(`did not happen within ${withinMs} ms: ${what}`)
    await pause(everyMs)
  }
}
