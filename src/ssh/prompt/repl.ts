// The prompt of the role full: Node's REPL on the live objects with the command table in front of it, and
// everything switched off that would end, block or silence the balancer (docs of each guard are beside it).
import type { AsyncCompleter } from 'node:readline'
import type { REPLServer } from 'node:repl'
import type vm from 'node:vm'
import { LIMITS } from '../../base/limits.ts'
import { completeLine } from '../../commands/run.ts'
import type { Desk, Editor } from './desk.ts'
import { bindNames, HELP, isCommandLine, isLeaving } from './names.ts'
import {
  asTerminal,
  forget,
  keepDumb,
  keepHistory,
  setCompleter,
  startWithoutDomain,
  strippedContext,
} from './repl-private.ts'
import type { Evaluated } from './evaluation.ts'
import { isRefusal } from './value-text.ts'

type Finish = (error: unknown, ...result: readonly unknown[]) => void

export function replEditor(desk: Desk): Editor {
  const type = desk.channel.terminal?.type ?? ''
  const completion = new Completion(desk)
  const server = asTerminal(type, () =>
    startWithoutDomain({
      // Readline only wants events of it, and `pause` and `resume`.
      input: desk.input as unknown as NodeJS.ReadableStream,
      output: desk.output,
      prompt: desk.prompt,
      terminal: true,
      useColors: desk.output.colors,
      useGlobal: false,
      ignoreUndefined: true,
      historySize: LIMITS.promptHistoryMax,
      // It would evaluate at every key.
      preview: false,
      // It would disarm the process's own SIGINT for good; Ctrl-C comes through `desk.input`.
      breakEvalOnSigint: false,
      writer: (value) => desk.written(value),
      eval: (code, context, _file, finish) => {
        if (completion.asking) peekCode(desk, code, context, finish as Finish)
        else runCode(desk, code, context, finish as Finish)
      },
    }),
  )
  if (type === 'dumb') keepDumb(server)
  keepHistory(server, desk.history)
  setCompleter(server, (stock) => completion.wrap(stock))
  refillContext(desk, server.context)
  server.on('reset', (context) => refillContext(desk, context))
  replaceCommands(server, desk)
  // Without a listener Ctrl-Z stops this whole process.
  server.on('SIGTSTP', () => {})
  server.on('exit', () => desk.leave(0))
  return {
    redraw: () => server.displayPrompt(true),
    setPrompt: (prompt) => server.setPrompt(prompt),
    close: () => forget(server),
  }
}

function runCode(desk: Desk, code: string, context: vm.Context, finish: Finish): void {
  const { workspace, output } = desk
  const single = code.indexOf('\n') === code.length - 1
  if (single && isLeaving(code, context)) return desk.leave(0)
  if (single && isCommandLine(code, context)) {
    // Neither rejects: a command never does, and an evaluation ends in an outcome.
    void desk.run(
      () => desk.showCommand(code.trim()),
      () => finish(null),
    )
    return
  }
  void desk.run(
    async () => {
      const result = await workspace.evaluate(code, context)
      if (result.kind === 'value' && result.value !== undefined) await desk.showValue(result.value)
      return result
    },
    (result) => {
      output.write(workspace.hint(code, result, context))
      if (result.kind !== 'error' || !isRefusal(result.error)) return finishWith(result, finish)
      output.write(`${desk.format(result.error)}\n`)
      return finish(null)
    },
  )
}

function peekCode(desk: Desk, code: string, context: vm.Context, finish: Finish): void {
  // It never rejects: an evaluation ends in an outcome.
  void desk.workspace.peek(code, context).then((result) => finishWith(result, finish))
}

function finishWith(result: Evaluated, finish: Finish): void {
  if (result.kind === 'value') finish(null, result.value)
  else finish(result.error)
}

function refillContext(desk: Desk, context: vm.Context): void {
  const { output, belongings } = desk
  const { process, prompt: extra } = desk.options
  bindNames(strippedContext(context), { process, extra, output, belongings })
}

function replaceCommands(server: REPLServer, desk: Desk): void {
  // Both read and write files of this machine, and hold the process meanwhile.
  const commands = server.commands as Record<string, unknown>
  delete commands['save']
  delete commands['load']
  server.defineCommand('help', {
    help: 'Print this help',
    action() {
      desk.output.write(`${HELP}\n`)
      server.displayPrompt()
    },
  })
  server.defineCommand('pager', {
    help: 'Page long results: .pager on, .pager off',
    action(word) {
      desk.output.write(`${desk.setPager(word)}\n`)
      server.displayPrompt()
    },
  })
  server.defineCommand('exit', {
    help: 'Leave the prompt',
    action: (status) => desk.leave(Math.min(255, Number.parseInt(status, 10) || 0)),
  })
}

/** Names of the live objects, where completion has nothing to go by. */
const OWN_NAMES = ['lb', 'services']

/** Commands first, then the names of the live objects. */
class Completion {
  readonly #desk: Desk
  #asking = false

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** Is the evaluator asked by completion, for the object in front of the dot? */
  get asking(): boolean {
    return this.#asking
  }

  wrap(stock: AsyncCompleter): AsyncCompleter {
    return (line, callback) => {
      const { candidates, replaced } = completeLine(line, this.#desk.typist)
      const commands = [...candidates]
      // Nobody who has typed nothing yet asks for the names of the language.
      if (line.trim() === '') return callback(null, [[...commands, '', ...OWN_NAMES], line])
      // Behind a command word there is nothing but the command's own.
      if (/\s/.test(line.trimStart()) && commands.length > 0)
        return callback(null, [commands, replaced])
      this.#ask(() => {
        stock(line, (error, result) => callback(error, merge(commands, line, result)))
      })
      return undefined
    }
  }

  #ask(task: () => void): void {
    this.#asking = true
    try {
      task()
    } finally {
      this.#asking = false
    }
  }
}

function merge(
  commands: readonly string[],
  line: string,
  [names, replaced]: [string[], string] = [[], line],
): [string[], string] {
  // Names that start with _ are for the inside, unless they are asked for.
  const wanted = names.filter((name) => !/(?:^|\.)_/.test(name) || /(?:^|\.)_\w*$/.test(line))
  const first = commands.filter(
    (word) => word.trimEnd().startsWith(replaced) && !wanted.includes(word),
  )
  if (first.length === 0) return [wanted, replaced]
  // `sh` is the beginning of a command, and not of SharedArrayBuffer.
  const asTyped = wanted.filter((name) => name.startsWith(replaced))
  return [[...asTyped, '', ...first], replaced]
}
