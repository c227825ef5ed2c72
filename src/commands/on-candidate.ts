// Commands that edit, while their operator has a candidate: they get its objects in place of those that run, and their
// answers say so.
import type { Command } from './command.ts'
import type { CommandContext, Process } from './context.ts'

/** What an answer ends with that tells of edits which are not in effect. */
const NOT_IN_EFFECT = '(candidate; not in effect)'

/** The process as the command is to see it; undefined where it acts on what runs. */
export function candidateFor(
  { edits }: Command,
  { process, operator, trial }: Pick<CommandContext, 'process' | 'operator' | 'trial'>,
): Process | undefined {
  if (trial !== undefined) return edits === true ? process.actingOn(trial) : undefined
  const candidate = edits === true ? process.candidates.of(operator) : undefined
  return candidate === undefined ? undefined : process.actingOn(candidate)
}

/** The command, but that its text says that nothing of it is in effect. */
export function notInEffect(command: Command): Command {
  return { ...command, text: (...answer) => marked(command.text(...answer)) }
}

/** The result of a command, with what its shape has besides: whether it is about a candidate. */
export function sayingWhere(
  { json: { fields } }: Command,
  candidate: boolean,
  result: unknown,
): unknown {
  if (!fields.includes('candidate')) return result
  if (Array.isArray(result)) return result.map((row: object) => ({ ...row, candidate }))
  return { ...(result as object), candidate }
}

// Behind a sentence, and below a list.
function marked(text: string): string {
  const sentence = text.replace(/\n$/, '')
  return sentence.includes('\n') ? `${text}${NOT_IN_EFFECT}\n` : `${sentence} ${NOT_IN_EFFECT}\n`
}
