// The life of the process around the balancer: signals in, exit status out, and the one place where what nobody
// caught ends up.
import { setFlagsFromString } from 'node:v8'
import { nextSteps } from './next-steps.ts'
import { type RunOptions, Sluice } from './run.ts'

/**
 * How far the heap may grow between two full collections, in percent: four times, V8's own upper bound. It may else
 * choose far less, and then the buffers of passing bytes alone cause twenty full collections a second, at half as
 * much CPU again for bodies of 18 kB.
 */
const HEAP_GROWTH_PERCENT = 300

/** A signal that reaches the process more than once for one keystroke is one. */
const SAME_SIGNAL_MS = 500

/** Run until it is stopped by a signal or a command. @throws BalancerError where it does not start */
export async function runUntilStopped(
  options: RunOptions,
  print: (line: string) => void,
): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
  const sluice = await Sluice.start(options)
  const release = listenToTheProcess(sluice)
  for (const line of nextSteps(sluice)) print(line)
  await sluice.stopped
  release()
}

function listenToTheProcess(sluice: Sluice): () => void {
  const stop = once(() => void sluice.stop())
  const reload = () => void sluice.reload()
  const thrown = (error: unknown) => sluice.caught(error, 'uncaught exception')
  const rejected = (error: unknown) => sluice.caught(error, 'unhandled rejection')
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', reload)
  process.on('uncaughtException', thrown)
  process.on('unhandledRejection', rejected)
  return () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    process.off('SIGHUP', reload)
    process.off('uncaughtException', thrown)
    process.off('unhandledRejection', rejected)
  }
}

// A second Ctrl-C means "now"; a signal that came over two ways at once does not. Whoever goes on pressing is
// heard again, so it is the last one that counted from which the time runs.
function once(act: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - last <= SAME_SIGNAL_MS) return
    last = now
    act()
  }
}
