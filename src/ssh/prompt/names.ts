// The names an operator finds at the prompt, and the question whether a line is a command or JavaScript.
// Guards against accidents only: who may evaluate JavaScript has the process.
import { Console } from 'node:console'
import { inspect } from 'node:util'
import vm from 'node:vm'
import { didYouMean } from '../../base/nearest.ts'
import type { Process } from '../../commands/context.ts'
import { PIPE_WORDS } from '../../commands/line/pipes.ts'
import { startsWithCommand } from '../../commands/run.ts'
import { COMMANDS } from '../../commands/table.ts'
import type { Belongings } from './belongings.ts'
import { guardedProcess, guardRealProcess } from './guard.ts'

export interface PromptNames {
  readonly process: Process
  /** Extra names of the composition root. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly output: NodeJS.WritableStream
  /** What ends with the prompt. */
  readonly belongings: Belongings
}

export const HELP = `Commands and JavaScript live at one prompt.
  show hosts                                   a command; TAB completes it
  set host web/main/a weight 5                 objects have paths; undo works
  show hosts | match web                       pipes; --json gives data
  services.web.groups.main.hosts.a.weight = 5  JavaScript on live objects
  services.web.groups.main.hosts.a.drain()     verbs are methods
  await services.web.listen('127.0.0.1:8181')  Ctrl-C gives up waiting
  lb.describe()                                lb: balancer, _: last result
"help VERB" explains a command, "save" writes the file now, .editor takes many
lines, .pager off ends paging, Ctrl-C clears or interrupts, Ctrl-D leaves.`

/** Bind the names of the balancer in a context. They cannot be overwritten by a slip, only shadowed. */
export function bindNames(
  context: vm.Context,
  { process: sluice, extra, output, belongings }: PromptNames,
): void {
  guardRealProcess()
  belongings.adopt(context)
  const guarded = guardedProcess(output)
  const names: Record<string, unknown> = {
    lb: sluice.balancer,
    process: guarded,
    require: guardedRequire(context['require'], guarded, belongings),
    ...belongings.timers,
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
  if (!startsWithCommand(line)) return isMistypedCommand(line, context)
  const [, word = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*?)\s*$/.exec(line) ?? []
  if (isPiped(rest, context)) return true
  if (EXPRESSION.test(rest)) return false
  // Two words side by side are no JavaScript, so only a word on its own can be meant as a name.
  return rest !== '' || !isBound(word, context)
}

/** How an expression goes on after its first word. `--json` and a lone `?` are for commands. */
const EXPRESSION = /^(?:[=.([;,+*/%&|^<>!:`]|\?.|-(?!-[a-z])|(?:in|instanceof)\b)/

/** `help | match host` is a command although `|` also is an operator, unless `match` is the operator's own. */
function isPiped(rest: string, context: vm.Context): boolean {
  const [, pipe = ''] = /^\|\s*([a-z]+)\b/.exec(rest) ?? []
  return PIPE_WORDS.some((word) => word === pipe) && !isBound(pipe, context)
}

/** Words that leave a prompt, as in every shell. */
const LEAVING = /^\s*(?:\.exit|exit|quit|logout)\s*$/

/** Does the line ask to leave? At a prompt for JavaScript a name that the operator made means that. */
export function isLeaving(line: string, context?: vm.Context): boolean {
  return LEAVING.test(line) && (context === undefined || !isBound(line.trim(), context))
}

// `shwo hosts`: nothing that JavaScript could make sense of, and nearly a command, so the table may say which.
function isMistypedCommand(line: string, context: vm.Context): boolean {
  const [, word = '', rest = ''] = /^\s*([a-z]{2,})(?:\s+([^\s;][\s\S]*?))?\s*$/.exec(line) ?? []
  if (word === '' || didYouMean(word, firstWords()) === '') return false
  if (EXPRESSION.test(rest) || isKeyword(word) || isBound(word, context)) return false
  return rest === '' || !parses(line)
}

function firstWords(): string[] {
  return COMMANDS.map(({ words }) => words[0] ?? '')
}

function isKeyword(word: string): boolean {
  return word === 'async' || !parses(`'use strict'; var ${word}`)
}

function parses(code: string): boolean {
  try {
    // Only parsed. In a function of its own `await` and `return` are words as they are at the prompt.
    void new vm.Script(`(async () => {\n${code}\n})`)
    return true
  } catch {
    return false
  }
}

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

/** The `require` of a context, except that it knows only the guarded process, and what is opened by it ends. */
function guardedRequire(
  stock: NodeJS.Require,
  guarded: NodeJS.Process,
  belongings: Belongings,
): NodeJS.Require {
  const load = (id: string) =>
    /^(node:)?process$/.test(id) ? guarded : (belongings.module(String(id)) ?? stock(id))
  return Object.assign(load, stock)
}
