// One typed command over ssh: results to standard output, messages to standard error, an exit status.
// `js EXPRESSION` evaluates for the role full; everything else is for the command table.
import { by } from '../../access/login-notes.ts'
import { noteAfterwards } from '../../audit/line.ts'
import { masked } from '../../audit/secrets.ts'
import { factsOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'
import { withOrigin } from '../../base/origin.ts'
import type { Process } from '../../commands/context.ts'
import { type Outcome, runLine } from '../../commands/run.ts'
import type { OperatorChannel } from '../channel.ts'
import { contextOf, INTERRUPTED, toTerminal, type Ways } from '../operator-context.ts'
import type { TerminalScreen } from '../prompt/terminal-screen.ts'
import { ChannelInput } from './channel-input.ts'
import { ExecKeys } from './exec-keys.ts'

export interface ExecOptions {
  readonly process: Process
  readonly log: Log
  /** Evaluate JavaScript for this operator, who may. */
  readonly evaluate: (code: string, channel: OperatorChannel) => Promise<Outcome>
}

/** What the client runs for `scp -O`: `scp -p -f /config.xml`. */
const OLD_SCP = /^scp\s(?:-\S+\s+)*-\w*[ft]\b/

export async function runExec(
  line: string,
  channel: OperatorChannel,
  options: ExecOptions,
): Promise<void> {
  const { operator, id } = channel.login
  const facts = { operator, login: id, line: masked(line) }
  options.log.info('ssh exec', facts)
  const ways = waysOf(channel)
  const done = withOrigin(`ssh:${operator}`, () => outcomeOf(line, channel, ways, options))
  const { exit, out, err } = await Promise.race([done, interrupted(ways.signal)])
  ways.screen?.close()
  options.log.debug('ssh exec done', { ...facts, exit })
  await channel.writeAll(toTerminal(out, channel))
  if (channel.terminal === undefined) await channel.writeError(err)
  else await channel.writeAll(toTerminal(err, channel))
  channel.end(exit)
}

async function outcomeOf(
  line: string,
  channel: OperatorChannel,
  ways: Ways,
  { process, log, evaluate }: ExecOptions,
): Promise<Outcome> {
  if (Buffer.byteLength(line) > LIMITS.commandBytesMax) {
    return refusal(2, `a command has at most ${LIMITS.commandBytesMax} bytes`)
  }
  if (OLD_SCP.test(line)) {
    return refusal(1, 'the old protocol of scp is not spoken here: leave out -O, and it uses sftp')
  }
  const { operator, role } = channel.login
  const code = codeOf(line)
  if (code !== undefined && role !== 'full') {
    log.warn('ssh evaluation refused', { operator, role })
    const refused = { event: 'refused', line, reason: 'js needs role full' } as const
    noteAfterwards(process.audit, by(channel.login, refused))
    return refusal(3, `not allowed: js needs the role full, ${operator} has ${role}`)
  }
  if (code !== undefined) return evaluate(code, channel)
  const outcome = await runLine(line, contextOf(channel, process, ways))
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

/** The command is interrupted when the client leaves, presses Ctrl-C in a terminal, or asks for a signal. */
function waysOf(channel: OperatorChannel): Ways & { readonly screen?: TerminalScreen | undefined } {
  const interrupt = new AbortController()
  const { signal } = interrupt
  const abort = () => interrupt.abort()
  channel.ended.addEventListener('abort', abort)
  if (channel.terminal === undefined) return { signal, input: new ChannelInput(channel, abort) }
  return { signal, screen: new ExecKeys(channel, abort).screen }
}

function interrupted(signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ exit: INTERRUPTED, out: '', err: '' }))
  })
}

function refusal(exit: number, sentence: string): Outcome {
  return { exit, out: '', err: `${sentence}\n` }
}
