// Which command is meant by the first words of a line, and what could be typed there instead.
import { BalancerError } from '../../base/errors.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Command } from '../command.ts'

export interface Found {
  readonly command: Command
  /** The words behind those of the command. */
  readonly rest: readonly string[]
}

/** The command whose words a line begins with, the longest of them: `set host` before `set`. */
export function commandAt(
  commands: readonly Command[],
  typed: readonly string[],
): Command | undefined {
  const fitting = commands.filter(({ words }) => words.every((word, at) => word === typed[at]))
  return fitting.toSorted((a, b) => b.words.length - a.words.length)[0]
}

/** The command that a line begins with. @throws BalancerError NOT_UNDERSTOOD with the nearest word */
export function findCommand(commands: readonly Command[], typed: readonly string[]): Found {
  const command = commandAt(commands, typed)
  if (command === undefined) throw unknownCommand(commands, typed)
  const rest = typed.slice(command.words.length)
  if (isOtherMeant(commands, command, rest)) throw unknownCommand(commands, typed)
  return { command, rest }
}

// `set hots web/main/a weight 5` has a word too many for `set`, and is no `set host` only by a slip.
function isOtherMeant(
  commands: readonly Command[],
  { words, arguments: takes }: Command,
  rest: readonly string[],
): boolean {
  const positions = rest.filter((word) => !word.startsWith('--'))
  if (positions.length <= Object.keys(takes).length) return false
  return didYouMean(rest[0] ?? '', nextWords(commands, words)) !== ''
}

/** The words that go on after `typed`; none where `typed` is no beginning of a command. */
export function nextWords(
  commands: readonly Command[],
  typed: readonly string[],
): readonly string[] {
  const next = startingWith(commands, typed).map(({ words }) => words[typed.length])
  return [...new Set(next.filter((word) => word !== undefined))]
}

/** The commands whose first words are `typed`. */
export function startingWith(
  commands: readonly Command[],
  typed: readonly string[],
): readonly Command[] {
  return commands.filter(({ words }) => typed.every((word, index) => word === words[index]))
}

function unknownCommand(commands: readonly Command[], typed: readonly string[]): BalancerError {
  const known = typed.findIndex((_, index) => {
    return nextWords(commands, typed.slice(0, index + 1)).length === 0
  })
  const before = known === -1 ? typed : typed.slice(0, known)
  return new BalancerError(
    'NOT_UNDERSTOOD',
    sentenceFor(before, typed[before.length], nextWords(commands, before)),
  )
}

function sentenceFor(
  before: readonly string[],
  wrong: string | undefined,
  accepted: readonly string[],
): string {
  const verb = before.join(' ')
  const list = accepted.join(', ')
  if (wrong === undefined && verb === '') return `nothing was typed; commands begin with ${list}`
  if (wrong === undefined) return `${verb} needs one of ${list}`
  const near = didYouMean(wrong, accepted)
  const what = `${JSON.stringify(wrong)}${near}`
  return verb === ''
    ? `no command ${what}; commands begin with ${list}`
    : `no ${verb} ${what}; accepted: ${list}`
}
