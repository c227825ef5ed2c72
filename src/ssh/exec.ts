// One typed command over ssh: results to standard output, messages to standard error, an exit status.
// `js EXPRESSION` evaluates for the role full; everything else is for the command table.
import type { CommandContext, Process } from '../commands/context.ts'
import { type Outcome, runLine } from '../commands/run.ts'
import { factsOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { withOrigin } from '../base/origin.ts'
import type { OperatorChannel } from './channel.ts'
import { masked } from './secrets.ts'

export interface ExecOptions {
  readonly process: Process
  readonly log: Log
  /** Evaluate JavaScript for this operator, who may. */
  readonly evaluate: (code: string, channel: OperatorChannel) => Promise<Outcome>
}

const INTERRUPTED = 130
const CTRL_C = 3

export async function runExec(
  line: string,
  channel: OperatorChannel,
  options: ExecOptions,
): Promise<void> {
  const { operator, id } = channel.login
  const facts = { operator, login: id, line: masked(line) }
  options.log.info('ssh exec', facts)
  const interrupt = interruptOf(channel)
  const origin = `ssh:${operator}`
  const done = withOrigin(origin, () => outcomeOf(line, channel, interrupt, options))
  const { exit, out, err } = await Promise.race([done, interrupted(interrupt)])
  options.log.debug('ssh exec done', { ...facts, exit })
  await channel.writeAll(toTerminal(out, channel))
  if (channel.terminal === undefined) await channel.writeError(err)
  else await channel.writeAll(toTerminal(err, channel))
  channel.end(exit)
}

async function outcomeOf(
  line: string,
  channel: OperatorChannel,
  signal: AbortSignal,
  { process, log, evaluate }: ExecOptions,
): Promise<Outcome> {
  if (Buffer.byteLength(line) > LIMITS.commandBytesMax) {
    return refusal(2, `a command has at most ${LIMITS.commandBytesMax} bytes`)
  }
  const { operator, role } = channel.login
  const code = codeOf(line)
  if (code !== undefined && role !== 'full') {
    log.warn('ssh evaluation refused', { operator, role })
    return refusal(3, `not allowed: js needs the role full, ${operator} has ${role}`)
  }
  if (code !== undefined) return evaluate(code, channel)
  const columns = channel.terminal?.columns ?? 0
  const context: CommandContext = { process, operator, role, signal, columns }
  const outcome = await runLine(line, context)
  if (outcome.fault !== undefined) {
    log.error('unexpected', { what: 'command', line: masked(line), ...factsOf(outcome.fault) })
  }
  return outcome
}

/** What follows `js`; a pair of quotes around all of it is the shell's, not the language's. */
function codeOf(line: string): string | undefined {
  const code = /^\s*js(?:\s+([\s\S]*))?$/.exec(line)
  if (code === null) return undefined
  const text = (code[1] ?? '').trim()
  return /^'([^']*)'$/.exec(text)?.[1] ?? /^"([^"\\]*)"$/.exec(text)?.[1] ?? text
}

/** Aborted when the client leaves, presses Ctrl-C in a terminal, or asks for a signal. */
function interruptOf(channel: OperatorChannel): AbortSignal {
  const interrupt = new AbortController()
  const abort = () => interrupt.abort()
  channel.ended.addEventListener('abort', abort)
  channel.listen({
    // Input is taken and dropped: a command must not hang because somebody pipes into it.
    data: (bytes) => {
      if (channel.terminal !== undefined && bytes.includes(CTRL_C)) abort()
    },
    end: () => {},
    signal: abort,
  })
  return interrupt.signal
}

function interrupted(signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ exit: INTERRUPTED, out: '', err: '' }))
  })
}

function refusal(exit: number, sentence: string): Outcome {
  return { exit, out: '', err: `${sentence}\n` }
}

/** A terminal in raw mode needs a carriage return in front of each new line, or the text makes stairs. */
function toTerminal(text: string, { terminal }: OperatorChannel): string {
  return terminal === undefined ? text : text.replaceAll(/\r?\n/g, '\r\n')
}
