// The names an operator finds at the prompt, and the question whether a line is a command or JavaScript.
// Guards against accidents only: who may evaluate JavaScript has the process.
import { Console } from 'node:console'
import { inspect } from 'node:util'
import vm from 'node:vm'
import type { Process } from '../commands/context.ts'
import { startsWithCommand } from '../commands/run.ts'
import { REFUSED_EXITS, refuseExit } from './limited.ts'

export interface PromptNames {
  readonly process: Process
  /** Extra names of the composition root. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly output: NodeJS.WritableStream
}

export const HELP = `Commands and JavaScript live at one prompt.
  show hosts                                    a command; TAB completes it, "help show" explains it
  set host web/main/a weight 5                  objects are named by their paths
  show hosts --json                             the same as data, for scripts
  services.web.groups.main.hosts.a.weight = 5   JavaScript on the live objects
  services.web.groups.main.hosts.a.drain()      verbs are methods; a refusal says what is accepted
  await services.web.listen('127.0.0.1:8181')   await works; Ctrl-C gives up waiting
  lb.describe()                                 lb is the balancer, _ the last result
  save                                          changes go to the file now, not at the next interval
Ctrl-C clears the line or interrupts, .editor takes many lines, Ctrl-D or .exit leaves.`

/** Bind the names of the balancer in a context. They cannot be overwritten by a slip, only shadowed. */
export function bindNames(
  context: vm.Context,
  { process: sluice, extra, output }: PromptNames,
): void {
  const names: Record<string, unknown> = {
    lb: sluice.balancer,
    process: guardedProcess,
    require: guardedRequire(context['require']),
    console: new Console({ stdout: output, stderr: output, colorMode: false }),
    ...extra,
  }
  for (const [name, value] of Object.entries(names)) {
    Object.defineProperty(context, name, {
      value,
      writable: false,
      enumerable: true,
      configurable: true,
    })
  }
  // The record of the services is another one after each edit; help is to print as text.
  const current = { services: () => sluice.balancer.services, help: () => helpText }
  for (const [name, get] of Object.entries(current))
    Object.defineProperty(context, name, { get, enumerable: true, configurable: true })
}

/**
 * Is the line one for the command table? Its first word must be a command and no name that the operator
 * made, and what follows must not read like an expression: `save` runs, `save = 1` and `save.x` do not.
 */
export function isCommandLine(line: string, context: vm.Context): boolean {
  if (!startsWithCommand(line)) return false
  const [, word = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*?)\s*$/.exec(line) ?? []
  if (EXPRESSION.test(rest)) return false
  // Two words side by side are no JavaScript, so only a word on its own can be meant as a name.
  return rest !== '' || !isBound(word, context)
}

/** How an expression goes on after its first word. `--json` and a lone `?` are for commands. */
const EXPRESSION = /^(?:[=.([;,+*/%&|^<>!:`]|\?.|-(?!-[a-z])|(?:in|instanceof)\b)/

function isBound(word: string, context: vm.Context): boolean {
  if (!/^[a-z_$][\w$]*$/i.test(word)) return false
  try {
    // Not `in`: what `const` and `let` bind at the prompt is no property of the context.
    return vm.runInContext(`typeof ${word} !== 'undefined'`, context) === true
  } catch {
    return false
  }
}

const helpText = { [inspect.custom]: () => HELP, toString: () => HELP }

/** The `require` of a context, except that it knows only the guarded process. */
function guardedRequire(stock: NodeJS.Require): NodeJS.Require {
  const guarded = (id: string) => (/^(node:)?process$/.test(id) ? guardedProcess : stock(id))
  return Object.assign(guarded, stock)
}

const guardedProcess = new Proxy(process, {
  get(target, name) {
    const refused = (Object.keys(REFUSED_EXITS) as (keyof typeof REFUSED_EXITS)[]).find(
      (each) => each === name,
    )
    return refused === undefined ? Reflect.get(target, name) : () => refuseExit(refused)
  },
})
