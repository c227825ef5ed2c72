// The only loop over time. Checks, refreshers and the file sync all use it.
import { setTimeout as sleep } from 'node:timers/promises'

export interface EveryOptions {
  /** Pause between the end of one run and the start of the next, in milliseconds; asked before each pause. */
  readonly intervalMs: () => number
  readonly signal: AbortSignal
  /** Told about a run that failed; the loop goes on. */
  readonly onError: (error: unknown) => void
  /** How a pause is waited for. Default: `pause`. */
  readonly wait?: typeof pause
}

/** Run `task` again and again until `signal` aborts. Runs never overlap; the first comes after one pause. */
export async function every(
  task: (signal: AbortSignal) => Promise<void>,
  { intervalMs, signal, onError, wait = pause }: EveryOptions,
): Promise<void> {
  while (!signal.aborted) {
    await wait(intervalMs(), signal)
    if (!signal.aborted) await task(signal).catch(onError)
  }
}

/** Resolve after `ms`, or at once when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The only rejection is the abort, and that is what the caller asks the signal about.
  await sleep(ms, undefined, { signal }).catch(() => {})
}
