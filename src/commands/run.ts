// The door to the command table: one typed line in, one outcome out. It never throws and never prints;
// whoever calls says who the operator is, sets the origin of changes and writes the outcome somewhere.
import { BalancerError, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { OPERATOR_ROLES } from '../model/fields.ts'
import { printable, printableLines } from './columns.ts'
import type { Command } from './command.ts'
import type { CommandContext } from './context.ts'
import { findCommand } from './find.ts'
import { readInput } from './input.ts'
import { COMMANDS } from './table.ts'
import { splitLine, type Word, wordsOf } from './words.ts'

export { completeLine } from './complete.ts'

export interface Outcome {
  /** 0 done, 1 refused or failed, 2 not understood, 3 not allowed, 4 no such object, 5 timed out. */
  readonly exit: number
  /** For standard output: the result. Ends with a line end unless it is empty. */
  readonly out: string
  /** For standard error: one sentence, or JSON, that says what is wrong. Ends with a line end unless it is empty. */
  readonly err: string
  /** What was thrown although nobody expected it, for the log of the caller; absent otherwise. */
  readonly fault?: unknown
}

/** Parse and run one typed line. Never throws. Text or JSON comes from one typed result. */
export async function runLine(line: string, context: CommandContext): Promise<Outcome> {
  try {
    return { exit: 0, out: await answerTo(line, context), err: '' }
  } catch (error) {
    return refusalOf(error, asksForJson(line))
  }
}

/** Does the line start with a command word (so that a prompt may run it as a command)? */
export function startsWithCommand(line: string): boolean {
  const [first = ''] = line.trimStart().split(/\s/, 1)
  return first === '?' || COMMANDS.some(({ words }) => words[0] === first)
}

async function answerTo(line: string, context: CommandContext): Promise<string> {
  const { command, rest } = findCommand(COMMANDS, typedWords(line))
  requireRole(command, context)
  const given = readInput(command, rest, context.process)
  const result = await command.run(given, context)
  if (given['json'] === true) return jsonOf(result, context.columns)
  return printableLines(command.text(result, given, context))
}

/** @throws BalancerError NOT_UNDERSTOOD */
function typedWords(line: string): readonly string[] {
  if (Buffer.byteLength(line) > LIMITS.commandBytesMax) {
    throw new BalancerError('NOT_UNDERSTOOD', `a line has at most ${LIMITS.commandBytesMax} bytes`)
  }
  return questionOf(wordsOf(line), line)
}

// `?`, `set host ?` and `set host --help` are asked as `help` and `help set host`.
function questionOf(words: readonly Word[], line: string): readonly string[] {
  const texts = words.map(({ text }) => text)
  const last = words.findLast(({ text }) => text !== '--json')
  const mark = last !== undefined && line.slice(last.start, last.end) === '?'
  if (!mark && !texts.includes('--help')) return texts
  const topic = texts.filter((text) => text !== 'help' && text !== '?' && !text.startsWith('--'))
  return ['help', ...texts.filter((text) => text === '--json'), '--', ...topic]
}

/** The only place where roles are compared. @throws BalancerError NOT_ALLOWED */
function requireRole(command: Command, { operator, role }: CommandContext): void {
  if (OPERATOR_ROLES.indexOf(role) >= OPERATOR_ROLES.indexOf(command.role)) return
  const what = command.words.join(' ')
  throw new BalancerError(
    'NOT_ALLOWED',
    `${what} needs role ${command.role}, ${operator} has ${role}`,
  )
}

function refusalOf(thrown: unknown, json: boolean): Outcome {
  const expected = thrown instanceof BalancerError
  const error = expected ? thrown : new BalancerError('INTERNAL', messageOf(thrown))
  const { exit, code, message } = error
  const text = json
    ? jsonOf({ error: { code: exit, name: code, message } }, 0)
    : `${printable(message)}\n`
  return { exit, out: '', err: text, ...(expected ? {} : { fault: thrown }) }
}

/** Also of a line that could not be read: a script that asked for JSON gets JSON. */
function asksForJson(line: string): boolean {
  return splitLine(line).words.some(({ text }) => text === '--json')
}

/** Indented at a terminal, one line elsewhere. */
function jsonOf(value: unknown, columns: number): string {
  const json = JSON.stringify(value, undefined, columns > 0 ? 2 : 0)
  // JSON leaves these as they are, and a terminal may take some of them as commands.
  const escaped = json.replace(/[\u007f-\u009f]/g, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `${escaped}\n`
}
