// Time as it is asked for and waited for, so that a test can bring its own.
import { pause } from './every.ts'

export interface Clock {
  /** The wall clock, which may jump, in milliseconds since 1970. */
  now(): number
  /** Resolve after `ms`, or at once when `signal` aborts; the wall clock does not matter. */
  pause(ms: number, signal: AbortSignal): Promise<void>
}

export const SYSTEM_CLOCK: Clock = { now: Date.now, pause }
