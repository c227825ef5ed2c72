// What evaluated code may not do to the process by a slip: end it, take its signals and errors over, change
// what every path and file of it depends on. Guards against accidents only: who evaluates JavaScript has the
// process. The process that a prompt is given refuses at once; the real one, which is reached by
// `import('process')` or a module, looks who calls.
import { syncBuiltinESMExports } from 'node:module'
import { currentOrigin } from '../../base/origin.ts'

/** Thrown where the code would have left the process. */
class RefusedExit extends Error {
  override readonly name = 'RefusedExit'
  readonly #refused = true

  // Not `instanceof`, which may run code of whatever was thrown.
  static is(error: unknown): boolean {
    return typeof error === 'object' && error !== null && #refused in error && error.#refused
  }
}

/** Was this thrown by the guard? */
export function isRefusedExit(error: unknown): boolean {
  return RefusedExit.is(error)
}

const STOPS = '`stop` stops it in good order'
const ENDS = `it would end the balancer; ${STOPS}`
const SIGNALS = `it could end the balancer; ${STOPS}, \`reload\` reads the file again`
const RIGHTS = 'files and ports of the balancer depend on it'

const REFUSED: Readonly<Record<string, string>> = {
  exit: `it would end the balancer; type .exit or Ctrl-D to leave the prompt, \`stop\` to stop the balancer`,
  reallyExit: ENDS,
  abort: ENDS,
  kill: SIGNALS,
  _kill: SIGNALS,
  chdir: 'the paths of the configuration are relative to the present folder',
  umask: RIGHTS,
  setuid: RIGHTS,
  setgid: RIGHTS,
  seteuid: RIGHTS,
  setegid: RIGHTS,
  setgroups: RIGHTS,
  initgroups: RIGHTS,
  setUncaughtExceptionCaptureCallback: 'errors would no longer reach the log',
}

/** Methods of the process that tell, add or take a listener; what they are refused for is the event. */
const LISTENING = new Set([
  'on',
  'once',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'removeAllListeners',
  'emit',
])

const GUARDED_EVENT =
  /^(?:SIG[A-Z0-9]+|uncaughtException|uncaughtExceptionMonitor|unhandledRejection|exit|beforeExit)$/

/** The process as a prompt has it; what is printed to its outputs is for the operator. */
export function guardedProcess(output: NodeJS.WritableStream): NodeJS.Process {
  // A copy: TERM of the real one decides how the lines of all operators are edited.
  const own: Readonly<Record<string, unknown>> = {
    stdout: output,
    stderr: output,
    env: { ...process.env },
  }
  return new Proxy(process, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(own, name)) return own[name]
      const value: unknown = Reflect.get(target, name)
      if (typeof name !== 'string' || typeof value !== 'function') return value
      if (Object.hasOwn(REFUSED, name)) return () => refuse(name)
      if (!LISTENING.has(name)) return value
      return (...given: readonly unknown[]) => {
        if (isGuarded(name, given[0])) refuseEvent(name, given[0])
        return Reflect.apply(value, target, given)
      }
    },
    // What is written would be written to the real one, and for everybody.
    set: (_target, name) => refuseWrite(name),
    defineProperty: (_target, name) => refuseWrite(name),
    deleteProperty: (_target, name) => refuseWrite(name),
    setPrototypeOf: () => refuseWrite('__proto__'),
    preventExtensions: () => refuseWrite('*'),
  })
}

let guarded = false

/**
 * Let the real process refuse what code of a prompt asks of it, now or in a timer or behind an `await`. Nobody
 * else sees a difference.
 */
export function guardRealProcess(): void {
  if (guarded) return
  guarded = true
  for (const name of Object.keys(REFUSED)) {
    const asked = ENDING.has(name) ? () => calledByPrompt() || startedByOperator() : calledByPrompt
    guardMethod(name, () => asked() && refuse(name))
  }
  for (const name of LISTENING) {
    guardMethod(
      name,
      (event) => isGuarded(name, event) && calledByPrompt() && refuseEvent(name, event),
    )
  }
  // So that `import { exit } from 'process'` has the guarded ones.
  syncBuiltinESMExports()
}

function guardMethod(name: string, check: (given: unknown) => void): void {
  const methods = process as unknown as Record<string, unknown>
  const stock = methods[name]
  if (typeof stock !== 'function') return
  methods[name] = function guardedMethod(this: unknown, ...given: readonly unknown[]): unknown {
    check(given[0])
    return Reflect.apply(stock, this, given)
  }
}

/** Nothing of ours calls them: the balancer ends when nothing is left to do. */
const ENDING = new Set(['exit', 'reallyExit', 'abort'])

/** Handed over as it is (`promise.then(process.exit)`), it is called by nobody's code; the origin says by whom it was meant. */
function startedByOperator(): boolean {
  return currentOrigin().startsWith('ssh:')
}

/** Frames that are looked at. Code that hides deeper means it. */
const FRAMES_MAX = 30

function calledByPrompt(): boolean {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES_MAX
  const { stack = '' } = new Error('who calls')
  Error.stackTraceLimit = before
  return /\bREPL\d+:\d+/.test(stack)
}

function refuse(name: string): never {
  throw new RefusedExit(`process.${name}() is refused at the prompt: ${REFUSED[name]}`)
}

function refuseWrite(name: string | symbol): never {
  throw new RefusedExit(
    `writing to process (${String(name)}) is refused at the prompt: the whole balancer shares it`,
  )
}

function isGuarded(name: string, event: unknown): boolean {
  if (name === 'removeAllListeners' && event === undefined) return true
  return typeof event === 'string' && GUARDED_EVENT.test(event)
}

function refuseEvent(name: string, event: unknown): never {
  const what = typeof event === 'string' ? event : 'all listeners'
  throw new RefusedExit(
    `process.${name}() of ${what} is refused at the prompt: it would change how the balancer ends; ${STOPS}, \`reload\` does what SIGHUP does, .exit leaves`,
  )
}
