// Input without a terminal (`ssh -T host < script`): lines run strictly one after the other, plain text
// comes out, and the first failure ends it with a status that is not 0.
import type vm from 'node:vm'
import { BalancerError, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { OperatorChannel } from './channel.ts'
import { PromptOutput } from './prompt-output.ts'
import { bindNames, isCommandLine } from './prompt-names.ts'
import { newContext } from './repl-private.ts'
import { type PromptOptions, Workspace } from './workspace.ts'

/** Where results are printed without a terminal. */
const PLAIN = { colors: false, columns: 80 }
const LINE_FEED = 10

/** Run what the client sends to its end. @returns the exit status */
export async function runScript(channel: OperatorChannel, options: PromptOptions): Promise<number> {
  const script = new Script(channel, options)
  try {
    for await (const line of linesOf(channel)) {
      const exit = await script.run(line)
      if (exit !== undefined) return exit
    }
    return script.finish()
  } catch (error) {
    void channel.writeError(`${messageOf(error)}\n`)
    return 1
  } finally {
    await channel.flush()
  }
}

/** Evaluate one expression given with `js` over exec. */
export async function evaluateOnce(code: string, channel: OperatorChannel, options: PromptOptions) {
  const workspace = new Workspace(channel, options, () => {})
  const result = await workspace.evaluate(`${code}\n`, contextFor(channel, options))
  if (result.kind !== 'value') {
    return { exit: 1, out: '', err: `Uncaught ${workspace.format(result.error, PLAIN)}\n` }
  }
  const shown = result.value === undefined ? '' : `${workspace.format(result.value, PLAIN)}\n`
  return { exit: 0, out: shown, err: '' }
}

class Script {
  readonly #channel: OperatorChannel
  readonly #workspace: Workspace
  /** None for roles that may not evaluate. */
  readonly #context: vm.Context | undefined
  #unfinished = ''
  #lateErrors = 0

  constructor(channel: OperatorChannel, options: PromptOptions) {
    this.#channel = channel
    this.#workspace = new Workspace(channel, options, (error) => {
      this.#lateErrors += 1
      this.#fail('Uncaught (async)', error)
    })
    this.#context = channel.login.role === 'full' ? contextFor(channel, options) : undefined
  }

  /** @returns the exit status when this line ended the script */
  async run(line: string): Promise<number | undefined> {
    const left = /^\s*\.exit(?:\s+(\d{1,3}))?\s*$/.exec(line)
    if (left !== null) return Math.min(255, Number(left[1] ?? 0))
    if (this.#unfinished === '' && line.trim() === '') return undefined
    const context = this.#context
    if (context === undefined) return this.#command(line)
    const command = this.#unfinished === '' && isCommandLine(line, context)
    return command ? this.#command(line) : this.#evaluate(line, context)
  }

  /** @returns the exit status of a script that was read to its end */
  finish(): number {
    if (this.#unfinished === '') return this.#lateErrors === 0 ? 0 : 1
    void this.#channel.writeError('the input ended in the middle of a statement\n')
    return 1
  }

  async #command(line: string): Promise<number | undefined> {
    const { exit, out, err } = await this.#workspace.runCommand(line)
    await this.#channel.writeAll(out)
    await this.#channel.writeError(err)
    return exit === 0 ? undefined : exit
  }

  async #evaluate(line: string, context: vm.Context): Promise<number | undefined> {
    const code = `${this.#unfinished}${line}\n`
    if (code.length > LIMITS.commandBytesMax) throw tooLong()
    const result = await this.#workspace.evaluate(code, context)
    this.#unfinished = result.kind === 'unfinished' ? code : ''
    if (result.kind === 'error') return this.#fail('Uncaught', result.error)
    const silent = result.kind === 'unfinished' || result.value === undefined
    if (!silent) await this.#channel.writeAll(`${this.#workspace.format(result.value, PLAIN)}\n`)
    return undefined
  }

  #fail(what: string, error: unknown): number {
    // In turn after what was printed before; the script waits for it at its end.
    void this.#channel.writeError(`${what} ${this.#workspace.format(error, PLAIN)}\n`)
    return 1
  }
}

function contextFor(channel: OperatorChannel, options: PromptOptions): vm.Context {
  const context = newContext()
  bindNames(context, {
    process: options.process,
    extra: options.prompt,
    output: new PromptOutput(channel),
  })
  return context
}

/** The lines a client sends; it is read only as fast as they are used. */
async function* linesOf(channel: OperatorChannel): AsyncGenerator<string> {
  const input = new Input(channel)
  let rest = Buffer.alloc(0)
  for (let bytes = await input.next(); bytes !== undefined; bytes = await input.next()) {
    rest = Buffer.concat([rest, bytes])
    for (let at = rest.indexOf(LINE_FEED); at >= 0; at = rest.indexOf(LINE_FEED)) {
      yield rest.toString('utf8', 0, at).replace(/\r$/, '')
      rest = rest.subarray(at + 1)
    }
    if (rest.length > LIMITS.commandBytesMax) throw tooLong()
  }
  if (rest.length > 0) yield rest.toString('utf8')
}

/** Turns what a channel tells into what a loop can ask for. */
class Input {
  readonly #channel: OperatorChannel
  readonly #chunks: Buffer[] = []
  #ended = false
  #wake = () => {}

  constructor(channel: OperatorChannel) {
    this.#channel = channel
    const end = () => {
      this.#ended = true
      this.#wake()
    }
    channel.ended.addEventListener('abort', end)
    channel.listen({
      data: (bytes) => {
        this.#chunks.push(bytes)
        channel.pauseInput()
        this.#wake()
      },
      end,
      signal: end,
    })
  }

  /** The next bytes; undefined when there are no more. */
  async next(): Promise<Buffer | undefined> {
    while (this.#chunks.length === 0 && !this.#ended) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#channel.resumeInput()
      await woken
    }
    return this.#channel.ended.aborted ? undefined : this.#chunks.shift()
  }
}

function tooLong(): BalancerError {
  return new BalancerError('VALUE_BAD', `a statement has at most ${LIMITS.commandBytesMax} bytes`)
}
