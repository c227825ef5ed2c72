// Long work in short steps, so that traffic and operators never wait for it. A piece of work is written once, as a
// generator that yields wherever it may be interrupted; whoever needs the result says whether to wait for it.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LIMITS } from './limits.ts'

/** Work that may be interrupted at each `yield`; from one to the next it takes far less than a turn. */
export type Steps<Result> = Generator<void, Result, void>

/** All of it now. @throws what the work throws */
export function runThrough<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same in turns: after each few milliseconds everything else that waits goes first. @throws what the work throws */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  const pause = pauses()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    const turn = pause()
    if (turn !== undefined) await turn
  }
}

/** For work that is no generator: to be awaited between its steps. It pauses after each few milliseconds alone. */
export function pauses(): () => Promise<void> | undefined {
  let end = performance.now() + LIMITS.turnMs
  return () => {
    if (performance.now() < end) return undefined
    return nextTurn().then(() => {
      end = performance.now() + LIMITS.turnMs
    })
  }
}
