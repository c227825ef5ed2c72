// Input without a terminal (`ssh -T host < script`): lines run strictly one after the other, plain text
// comes out, and the first failure ends it with a status that is not 0.
import type vm from 'node:vm'
import { BalancerError, messageOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import type { OperatorChannel } from '../channel.ts'
import { Belongings } from '../prompt/belongings.ts'
import { bindNames, isCommandLine } from '../prompt/names.ts'
import { newContext } from '../prompt/repl-private.ts'
import { isRefusal } from '../prompt/value-text.ts'
import { type PromptOptions, Workspace } from '../prompt/workspace.ts'
import { ChannelInput } from './channel-input.ts'
import { ScriptOutput } from './script-output.ts'

/** Where results are printed without a terminal. */
const PLAIN = { colors: false, columns: 80 }
const LINE_FEED = 10
const TOO_MUCH = `one statement printed more than ${LIMITS.scriptOutputBytesMax} bytes; put an await between the parts\n`

/** Run what the client sends to its end. @returns the exit status */
export async function runScript(channel: OperatorChannel, options: PromptOptions): Promise<number> {
  const script = new Script(channel, options)
  const input = new ChannelInput(channel, () => {
    input.end()
    script.interrupt()
  })
  try {
    for await (const line of linesOf(input)) {
      const exit = await script.run(line)
      if (exit !== undefined) return exit
    }
    return script.finish()
  } catch (error) {
    void channel.writeError(`${messageOf(error)}\n`)
    return 1
  } finally {
    script.close()
    await channel.flush()
  }
}

/** Evaluate one expression given with `js` over exec. */
export async function evaluateOnce(code: string, channel: OperatorChannel, options: PromptOptions) {
  const workspace = new Workspace(channel, options, () => {})
  const output = new ScriptOutput(channel)
  const belongings = new Belongings(options.process.balancer)
  const context = contextFor(options, output, belongings)
  const result = await workspace.evaluate(`${code}\n`, context)
  await output.drained()
  belongings.close()
  const hint = workspace.hint(code, result, context)
  if (output.overflown) return { exit: 1, out: '', err: TOO_MUCH }
  if (result.kind !== 'value') {
    return { exit: 1, out: '', err: `${hint}${complaint(workspace, result.error)}` }
  }
  const shown = result.value === undefined ? '' : `${workspace.format(result.value, PLAIN)}\n`
  return { exit: 0, out: shown, err: hint }
}

class Script {
  readonly #channel: OperatorChannel
  readonly #workspace: Workspace
  readonly #output: ScriptOutput
  readonly #belongings: Belongings
  /** None for roles that may not evaluate. */
  readonly #context: vm.Context | undefined
  #unfinished = ''
  #lateErrors = 0

  constructor(channel: OperatorChannel, options: PromptOptions) {
    this.#channel = channel
    this.#workspace = new Workspace(channel, options, (error) => {
      this.#lateErrors += 1
      this.#fail(`Uncaught (async) ${this.#workspace.format(error, PLAIN)}\n`)
    })
    this.#output = new ScriptOutput(channel)
    this.#belongings = new Belongings(options.process.balancer)
    const mayEvaluate = channel.login.role === 'full'
    this.#context = mayEvaluate ? contextFor(options, this.#output, this.#belongings) : undefined
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

  interrupt(): void {
    this.#workspace.interrupt()
  }

  /** What it left behind ends with it. */
  close(): void {
    this.#belongings.close()
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
    await this.#output.drained()
    if (this.#output.overflown) throw new BalancerError('REFUSED', TOO_MUCH.trimEnd())
    const hint = this.#workspace.hint(code, result, context)
    if (hint !== '') await this.#channel.writeError(hint)
    if (result.kind === 'error') return this.#fail(complaint(this.#workspace, result.error))
    const silent = result.kind === 'unfinished' || result.value === undefined
    if (!silent) await this.#channel.writeAll(`${this.#workspace.format(result.value, PLAIN)}\n`)
    return undefined
  }

  #fail(sentence: string): number {
    // In turn after what was printed before; the script waits for it at its end.
    void this.#channel.writeError(sentence)
    return 1
  }
}

/** A refusal is an answer; everything else that was thrown is shown as what it is. */
function complaint(workspace: Workspace, error: unknown): string {
  const text = workspace.format(error, PLAIN)
  return isRefusal(error) ? `${text}\n` : `Uncaught ${text}\n`
}

function contextFor(
  { process, prompt: extra }: PromptOptions,
  output: ScriptOutput,
  belongings: Belongings,
): vm.Context {
  const context = newContext()
  bindNames(context, { process, extra, output, belongings })
  return context
}

/** The lines a client sends; it is read only as fast as they are used. */
async function* linesOf(input: ChannelInput): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  for (let bytes = await input.next(); bytes !== undefined; bytes = await input.next()) {
    rest = Buffer.concat([rest, bytes])
    for (let at = rest.indexOf(LINE_FEED); at >= 0; at = rest.indexOf(LINE_FEED)) {
      yield lineOf(rest.subarray(0, at))
      rest = rest.subarray(at + 1)
    }
    if (rest.length > LIMITS.commandBytesMax) throw tooLong()
  }
  if (rest.length > 0) yield lineOf(rest)
}

/** Without what editors of Windows add: a byte order mark in front of the file, a return behind each line. */
function lineOf(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll(/^\ufeff|\r$/g, '')
}

function tooLong(): BalancerError {
  return new BalancerError('VALUE_BAD', `a statement has at most ${LIMITS.commandBytesMax} bytes`)
}
