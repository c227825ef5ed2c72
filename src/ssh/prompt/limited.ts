// Runs code under a time limit. The limit reaches everything synchronous, also getters, regular expressions
// and sorting; not what runs after an `await` or in a timer.
import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import vm from 'node:vm'
import { formatDuration } from '../../base/duration.ts'
import { BalancerError, messageOf } from '../../base/errors.ts'

/** Thrown in place of the code's own end. Its `finally` blocks did not run. */
class CutEvaluation extends Error {
  override readonly name = 'CutEvaluation'
}

/**
 * @throws CutEvaluation after `limitMs`
 * @throws BalancerError REFUSED without running the task, where this machine has no descriptors left for the clock
 * @throws whatever the task throws
 */
export function runLimited<Result>(task: () => Result, limitMs: number): Result {
  requireDescriptors()
  const before = sandbox.task
  sandbox.task = task
  try {
    return script.runInContext(context, { timeout: limitMs, displayErrors: false })
  } catch (error) {
    if (isTimeout(error)) throw cut(limitMs)
    throw error
  } finally {
    // Not inside the task: what is cut runs no `finally`.
    sandbox.task = before
  }
}

// A timeout can only be had for a script, so the script is this one and it calls the task.
const sandbox: { task: () => unknown } = { task: () => {} }
const context = vm.createContext(sandbox)
const script = new vm.Script('task()', { filename: 'limited' })

/** Node takes up to three for the clock of one run, and ends the whole process where it gets none. */
const CLOCK_DESCRIPTORS = 6

function requireDescriptors(): void {
  const taken: number[] = []
  try {
    while (taken.length < CLOCK_DESCRIPTORS) taken.push(openSync(devNull, 'r'))
  } catch (error) {
    const why = `nothing can be evaluated now, descriptors are used up: ${messageOf(error)}`
    throw new BalancerError('REFUSED', `${why}; commands still run`)
  } finally {
    for (const descriptor of taken) closeSync(descriptor)
  }
}

function isTimeout(error: unknown): boolean {
  const isObject = typeof error === 'object' && error !== null
  return isObject && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

function cut(limitMs: number): CutEvaluation {
  const told = `cut after ${formatDuration(limitMs)}, because nothing else runs meanwhile`
  return new CutEvaluation(`${told}; split the work up, with an await between the parts`)
}
