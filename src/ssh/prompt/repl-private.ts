// The only touches of node:repl that its documentation does not promise: the evaluator on its own, a REPL
// without a domain, and one for a terminal that cannot move its cursor. Checked at the first use.
import { EventEmitter } from 'node:events'
import type { AsyncCompleter } from 'node:readline'
import repl, { type REPLServer, type ReplOptions } from 'node:repl'
import { PassThrough, Writable } from 'node:stream'
import vm from 'node:vm'
import { builtinModules } from 'node:module'
import { BalancerError } from '../../base/errors.ts'

export type Evaluator = (
  code: string,
  context: vm.Context,
  file: string,
  callback: (error: unknown, value?: unknown) => void,
) => void

/**
 * Node's own evaluator (top-level await, recoverable input, good messages), taken from a REPL that nobody
 * sees. A REPL waits for a pending `await` with its keyboard locked; with the evaluator borrowed from
 * another one, the REPL in front of the operator is never locked and an await can be given up.
 */
export function stockEvaluator(): Evaluator {
  hidden ??= startWithoutDomain({
    input: new PassThrough(),
    output: nowhere(),
    terminal: false,
    prompt: '',
  })
  return hidden.eval as unknown as Evaluator
}

/** A REPL whose code runs in no domain: a domain costs the traffic a tenth and swallows errors for ever. */
export function startWithoutDomain(
  options: ReplOptions & { readonly historySize?: number },
): REPLServer {
  const domain = new DomainShim()
  // The option is as old as the REPL's options, and is not in the documentation.
  const started = repl.start({ ...options, domain } as ReplOptions)
  if (
    started.listenerCount('line') === 0 ||
    domain.listenerCount('error') === 0 ||
    domain.bound === 0
  ) {
    throw new BalancerError(
      'INTERNAL',
      'the repl of this version of Node starts in another way; use Node 20',
    )
  }
  return started
}

/**
 * A context like that of a REPL, without the built-in modules as names in it: a command `net` or
 * `cluster` would print the module instead of being run. `require` stays.
 */
export function strippedContext(context: vm.Context): vm.Context {
  for (const name of builtinModules) {
    const isOwn = Object.hasOwn(context, name) && !Object.hasOwn(globalThis, name)
    if (isOwn && name !== 'module') delete context[name]
  }
  return context
}

export function newContext(): vm.Context {
  stockEvaluator()
  if (hidden === undefined) throw new TypeError('the evaluator starts the hidden REPL')
  return strippedContext((hidden as unknown as { createContext(): vm.Context }).createContext())
}

/** Is the input only unfinished, so that the next line may complete it? */
export function isUnfinished(error: unknown): boolean {
  return error instanceof repl.Recoverable
}

/** Run `task` as if this process had a terminal of this kind: readline asks the environment for it. */
export function asTerminal<Result>(type: string, task: () => Result): Result {
  if (type !== 'dumb') return task()
  process.env.TERM = 'dumb'
  try {
    return task()
  } finally {
    delete process.env.TERM
  }
}

/** Readline also asks each time it prints a prompt. */
export function keepDumb(server: { prompt(preserveCursor?: boolean): void }): void {
  const prompt = server.prompt.bind(server)
  server.prompt = (preserveCursor) => asTerminal('dumb', () => prompt(preserveCursor))
}

let hidden: REPLServer | undefined

class DomainShim extends EventEmitter {
  bound = 0

  bind<Bound>(task: Bound): Bound {
    this.bound += 1
    return task
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

interface WithHistory {
  history: string[]
}

/** Start with these lines and tell of each new one. `setupHistory` would rewrite the file from its own memory. */
export function keepHistory(
  editor: NodeJS.EventEmitter,
  { lines, add }: { readonly lines: readonly string[]; readonly add: (line: string) => void },
): void {
  const kept = editor as unknown as WithHistory
  if (!Array.isArray(kept.history)) {
    throw new BalancerError(
      'INTERNAL',
      'readline of this version of Node keeps its history elsewhere; use Node 20',
    )
  }
  kept.history = [...lines]
  editor.on('history', ([line]: readonly string[]) => {
    if (line !== undefined) add(line)
  })
}

/** Put a completer around the one that the REPL made for itself. */
export function setCompleter(
  server: REPLServer,
  wrap: (stock: AsyncCompleter) => AsyncCompleter,
): void {
  const holder = server as unknown as { completer: AsyncCompleter }
  if (typeof holder.completer !== 'function') {
    throw new BalancerError(
      'INTERNAL',
      'the repl of this version of Node completes in another way; use Node 20',
    )
  }
  holder.completer = wrap(holder.completer)
}

/** End a REPL and let go of what was evaluated in it: V8 keeps its last closures for a while. */
export function forget(server: REPLServer): void {
  server.close()
  const parts = server as unknown as Record<
    'context' | 'last' | 'lastError' | 'lines' | 'history',
    unknown
  >
  // Closing takes a tick and still looks at them.
  setImmediate(() => {
    parts.context = vm.createContext()
    parts.last = undefined
    parts.lastError = undefined
    parts.lines = []
    parts.history = []
  })
}
