// An ssh channel as the command table sees it: who asks, how it can be ended, where pieces of an answer go.
import type { CommandContext, Process } from '../commands/context.ts'
import type { OperatorChannel } from './channel.ts'

/** Exit status of what Ctrl-C, or a signal that the client asked for, ended. */
export const INTERRUPTED = 130

/** What differs between a prompt, a script and a single command. */
export interface Ways {
  readonly signal: AbortSignal
  readonly input?: CommandContext['input']
  readonly screen?: CommandContext['screen'] | undefined
}

export function contextOf(channel: OperatorChannel, process: Process, ways: Ways): CommandContext {
  const { operator, role, id, address, key } = channel.login
  const { signal, input, screen } = ways
  return {
    process,
    operator,
    role,
    login: id,
    address,
    key,
    signal,
    columns: channel.terminal?.columns ?? 0,
    print: (text) => channel.writeAll(toTerminal(text, channel), signal),
    // Not cut off by the interrupt: it may say what came of that.
    note: (text) =>
      channel.terminal === undefined
        ? channel.writeError(text)
        : channel.writeAll(toTerminal(text, channel)),
    input,
    screen,
  }
}

/** A terminal in raw mode needs a carriage return in front of each new line, or the text makes stairs. */
export function toTerminal(text: string, { terminal }: OperatorChannel): string {
  return terminal === undefined ? text : text.replaceAll(/\r?\n/g, '\r\n')
}
