// The door to the command table: one typed line in, one outcome out. It never throws and never prints by
// itself; whoever calls says who the operator is, sets the origin of changes and says where answers go.
import { BalancerError, messageOf } from '../base/errors.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../model/fields.ts'
import { audited, notingRefusal } from './audited.ts'
import { candidateFor, notInEffect, sayingWhere } from './on-candidate.ts'
import { printable } from './answer/columns.ts'
import type { Command } from './command.ts'
import type { AskedLine, CommandContext } from './context.ts'
import { findCommand } from './line/find.ts'
import { readInput, sortWords } from './line/input.ts'
import type { Outcome } from './outcome.ts'
import { type Pipes, readPipes } from './line/pipes.ts'
import { type Asked, jsonOf, renderStream, renderWhole } from './answer/render.ts'
import { COMMANDS } from './table.ts'
import { asksForJson, readTypedLine } from './line/typed-line.ts'
import { watchLine } from './screen/watch.ts'

export { completeLine, type Typist } from './line/complete.ts'
export type { Outcome } from './outcome.ts'

/** Parse and run one typed line. Never throws. Text or JSON comes from one typed result. */
export function runLine(line: string, context: CommandContext): Promise<Outcome> {
  const json = context.json === true || asksForJson(line)
  return orRefusal(json, async () => {
    const read = notingRefusal(line, context, () => readLine(line, context))
    const { command, pipes } = read
    const runOnce = (within: CommandContext) => orRefusal(json, () => answerTo(line, read, within))
    if (pipes.watchMs === undefined) return runOnce(context)
    requireWatchable(command)
    return watchLine({ line, runOnce, intervalMs: pipes.watchMs }, context)
  })
}

/** Does the line start with a command word (so that a prompt may run it as a command)? */
export function startsWithCommand(line: string): boolean {
  const [first = ''] = line.trimStart().split(/[\s|]/, 1)
  return first === '?' || COMMANDS.some(({ words }) => words[0] === first)
}

interface ReadLine {
  readonly command: Command
  readonly rest: readonly string[]
  readonly pipes: Pipes
}

async function answerTo(line: string, read: ReadLine, context: CommandContext): Promise<Outcome> {
  const { command, rest } = read
  const answer = () => answerOf(read, context)
  const isTrial = context.trial !== undefined
  if (isTrial) requireTriable(command, rest)
  if (isTrial || roleNeeded(command, rest) === 'readonly') return answer()
  return audited({ line, context, looks: command.looks === true }, answer)
}

async function answerOf(
  { command, rest, pipes }: ReadLine,
  outer: CommandContext,
): Promise<Outcome> {
  const candidate = candidateFor(command, outer)
  const context = candidate === undefined ? outer : { ...outer, process: candidate }
  const onCandidate = candidate !== undefined
  const typed = readInput(command, rest, context.process)
  const json = typed['json'] === true || pipes.json || context.json === true
  const given = { ...typed, json, piped: pipes.filter }
  if (command.fullScreen === true) requireScreen(command, json || pipes.filter, context)
  const asked: Asked = {
    command: onCandidate ? notInEffect(command) : command,
    given,
    pipes,
    context,
  }
  // What goes on by itself does nothing before its first piece; the lines of a batch come here each.
  if (command.stream !== true) context.before?.()
  const result = command.run(given, { ...context, onCandidate, runLine, readLine: askedBy })
  if (command.stream !== true)
    return done(
      await renderWhole(
        sayingWhere(command, isOfCandidate(outer, onCandidate), await result),
        asked,
      ),
    )
  await renderStream(result as AsyncIterable<unknown>, asked)
  return done('')
}

/** What is tried is of a candidate where it would be. */
function isOfCandidate(
  { process, operator, trial }: CommandContext,
  onCandidate: boolean,
): boolean {
  return trial === undefined ? onCandidate : process.candidates.of(operator) !== undefined
}

/** @throws BalancerError NOT_UNDERSTOOD, NOT_ALLOWED; no object is looked up yet */
function readLine(line: string, context: CommandContext): ReadLine {
  const typed = readTypedLine(line)
  const { command, rest } = findCommand(COMMANDS, typed.words)
  requireRole(command, rest, context)
  return { command, rest, pipes: readPipes(typed.pipes) }
}

function askedBy(line: string, context: CommandContext): AskedLine {
  const { command, rest, pipes } = readLine(line, context)
  const { words, stream, fullScreen } = command
  const role = roleNeeded(command, rest)
  const looks = role === 'readonly' || command.looks === true
  const endless = stream === true || fullScreen === true || pipes.watchMs !== undefined
  return { words, role, looks, rest, endless }
}

/** The role that a command needs with these words behind it. */
export function roleNeeded(command: Command, rest: readonly string[]): OperatorRole {
  return command.roleFor?.(sortWords(command, rest)) ?? command.role
}

/** The only place where roles are compared. @throws BalancerError NOT_ALLOWED */
function requireRole(
  command: Command,
  rest: readonly string[],
  { operator, role }: CommandContext,
): void {
  const needed = roleNeeded(command, rest)
  if (OPERATOR_ROLES.indexOf(role) >= OPERATOR_ROLES.indexOf(needed)) return
  const what = command.words.join(' ')
  const where = needed === command.role ? '' : ' with these words'
  throw new BalancerError(
    'NOT_ALLOWED',
    `${what} needs role ${needed}${where}, ${operator} has ${role}`,
  )
}

/** @throws BalancerError NOT_UNDERSTOOD */
function requireWatchable({ words, role, looks, stream, fullScreen }: Command): void {
  const what = words.join(' ')
  if (stream === true || fullScreen === true) {
    throw new BalancerError('NOT_UNDERSTOOD', `${what} goes on by itself; leave out: | watch`)
  }
  if (role === 'readonly' || looks === true) return
  throw new BalancerError(
    'NOT_UNDERSTOOD',
    `watch repeats what only looks, and ${what} may change something`,
  )
}

/** @throws BalancerError REFUSED */
function requireTriable(command: Command, rest: readonly string[]): void {
  const { words, edits, looks } = command
  if (edits === true || looks === true || roleNeeded(command, rest) === 'readonly') return
  throw new BalancerError(
    'REFUSED',
    `${words.join(' ')} does more than edit, so it cannot be tried without being done`,
  )
}

/** @throws BalancerError REFUSED */
function requireScreen({ words }: Command, forScript: boolean, { screen }: CommandContext): void {
  const what = words.join(' ')
  if (forScript)
    throw new BalancerError('REFUSED', `${what} is for people; scripts: show hosts --json`)
  if (screen !== undefined) return
  throw new BalancerError(
    'REFUSED',
    `${what} needs a terminal, and not a dumb one: ssh -t BALANCER ${what}`,
  )
}

function done(out: string): Outcome {
  return { exit: 0, out, err: '' }
}

async function orRefusal(json: boolean, run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run()
  } catch (error) {
    return refusalOf(error, json)
  }
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
