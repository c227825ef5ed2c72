// Runs code under a time limit, and with the ways out of the process shut. The limit reaches everything
// synchronous, also getters, regular expressions and sorting; not what runs after an `await` or in a timer.
import vm from 'node:vm'
import { formatDuration } from '../base/duration.ts'

/** Thrown in place of the code's own end. Its `finally` blocks did not run. */
class CutEvaluation extends Error {
  override readonly name = 'CutEvaluation'
}

/** @throws CutEvaluation after `limitMs`; else whatever the task throws */
export function runLimited<Result>(task: () => Result, limitMs: number): Result {
  const before = sandbox.task
  const shut = shutExits()
  sandbox.task = task
  try {
    return script.runInContext(context, { timeout: limitMs, displayErrors: false })
  } catch (error) {
    if (isTimeout(error)) throw cut(limitMs)
    throw error
  } finally {
    // Not inside the task: what is cut runs no `finally`.
    sandbox.task = before
    shut.restore()
  }
}

/** What the operator is told instead of losing the balancer. */
export const REFUSED_EXITS = {
  exit: 'it would end the balancer; type .exit or Ctrl-D to leave the prompt, `stop` to stop the balancer',
  reallyExit: 'it would end the balancer; `stop` stops it in good order',
  abort: 'it would end the balancer; `stop` stops it in good order',
  kill: 'it could end the balancer; `stop` stops it in good order',
  chdir: 'the paths of the configuration are relative to the present folder',
} as const

export type ExitName = keyof typeof REFUSED_EXITS

/** Thrown where the code would have left the process. */
class RefusedExit extends Error {
  override readonly name = 'RefusedExit'
}

export function refuseExit(name: ExitName): never {
  throw new RefusedExit(`process.${name}() is refused at the prompt: ${REFUSED_EXITS[name]}`)
}

// A timeout can only be had for a script, so the script is this one and it calls the task.
const sandbox: { task: () => unknown } = { task: () => {} }
const context = vm.createContext(sandbox)
const script = new vm.Script('task()', { filename: 'limited' })

/** Close the ways out on the real `process`, which code reaches with `require('process')`. */
function shutExits(): { restore(): void } {
  const names = Object.keys(REFUSED_EXITS) as ExitName[]
  const real = process as unknown as Record<ExitName, unknown>
  const before = names.map((name) => [name, real[name]] as const)
  for (const name of names) real[name] = () => refuseExit(name)
  return {
    restore() {
      for (const [name, value] of before) real[name] = value
    },
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
