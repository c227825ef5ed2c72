// Completion of a typed line out of the command table and the live graph. It answers in the words of the
// line: a candidate goes on exactly as the operator began, quotes and backslashes included.
import type { Command, Kind, Place, SortedWords } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { candidateFor } from '../on-candidate.ts'
import { commandAt, nextWords } from './find.ts'
import { flagsOf, sortWords } from './input.ts'
import { PIPE_WORDS } from './pipes.ts'
import { COMMANDS } from '../table.ts'
import { continueWord, splitLine, stagesOf } from './words.ts'

export interface Completion {
  readonly candidates: readonly string[]
  /** The end of the line, which each candidate would stand in for. */
  readonly replaced: string
}

/** Who types, and where: of a candidate other words complete a line than of what runs. */
export type Typist = Pick<CommandContext, 'process' | 'operator'>

/** Words that could complete the line at its end, and the part of the line they replace. */
export function completeLine(line: string, typist: Typist): Completion {
  const { words, open } = splitLine(line)
  const last = words.at(-1)
  const typing = last !== undefined && last.end === line.length && last.bar !== true
  const begun = typing ? last.text : ''
  const replaced = typing ? line.slice(last.start) : ''
  // What a lone backslash protects is not typed yet.
  if (open === '\\') return { candidates: [], replaced }
  const stages = stagesOf(typing ? words.slice(0, -1) : words)
  const before = stages.at(-1)?.map(({ text }) => text) ?? []
  const next = stages.length > 1 ? wordsOfPipe(before) : wordsAt(before, begun, typist)
  const whole = next.filter((word) => word.startsWith(begun))
  const fitting = new Set(whole.map((word) => upToNextSlash(word, begun.length)))
  const candidates = [...fitting].map((word) => {
    // An open quote is closed where the word is whole, and left open where a path goes on.
    const close = word.endsWith('/') ? '' : open
    return replaced + continueWord(word.slice(begun.length), open) + close
  })
  return { candidates, replaced }
}

function wordsOfPipe(before: readonly string[]): readonly string[] {
  return before.length === 0 ? PIPE_WORDS : []
}

/** Everything that could be the next word. */
function wordsAt(before: readonly string[], begun: string, typist: Typist): readonly string[] {
  const command = commandAt(COMMANDS, before)
  const verbs = nextWords(COMMANDS, before)
  if (command === undefined) return verbs
  return [...verbs, ...wordsBehind(command, before, begun, typist)]
}

function wordsBehind(
  command: Command,
  before: readonly string[],
  begun: string,
  typist: Typist,
): readonly string[] {
  const process = candidateFor(command, typist) ?? typist.process
  const sorted = sortWords(command, before.slice(command.words.length))
  const place = { process, balancer: process.balancer, before: sorted.positions }
  const awaited = kindAwaited(command, sorted, before.at(-1))
  if (awaited !== undefined) return candidatesOf(awaited, place, begun)
  const kind = kindAt(command, sorted.positions.length)
  if (kind === undefined || begun.startsWith('-')) return [...flagsOf(command).keys()]
  return candidatesOf(kind, place, begun)
}

/** The kind of value that a flag at the end of the line waits for. */
function kindAwaited(
  command: Command,
  { flags }: SortedWords,
  lastWord: string | undefined,
): Kind<unknown> | undefined {
  const flag = flags.at(-1)
  const waits = flag !== undefined && flag.value === undefined && flag.word === lastWord
  return waits ? flagsOf(command).get(flag.word)?.kind : undefined
}

function kindAt(command: Command, index: number): Kind<unknown> | undefined {
  const takes = Object.values(command.arguments)
  const last = takes.at(-1)
  return (takes[index] ?? (last?.many ? last : undefined))?.kind
}

function candidatesOf(kind: Kind<unknown>, place: Place, begun: string): readonly string[] {
  const words = kind.candidates?.(place) ?? []
  if (kind.several !== true) return words
  const done = begun.slice(0, begun.lastIndexOf(',') + 1)
  return words.map((word) => done + word)
}

// A path is offered one name at a time, so that a group of a thousand hosts is one word until it is chosen.
function upToNextSlash(word: string, from: number): string {
  const slash = word.indexOf('/', from)
  return slash === -1 ? word : word.slice(0, slash + 1)
}
