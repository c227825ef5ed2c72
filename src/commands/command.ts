// What a command is: data that says how it is typed, who may run it and what it answers, and one
// function that does it. A command returns its result as a value; it never prints and never asks for
// a role. Kinds turn typed words into values, mostly into live objects.
import type { Balancer } from '../model/balancer.ts'
import type { OperatorRole } from '../model/fields.ts'
import type { CommandContext, Process, RunContext } from './context.ts'

/** Where a word stands. */
export interface Place {
  readonly process: Process
  readonly balancer: Balancer
  /** The arguments before it, as typed; for a flag, all arguments so far. */
  readonly before: readonly string[]
}

/** Reads one word, and knows what else could have stood there. */
export interface Kind<Value> {
  /** In a usage line: `PATH`, `N`. */
  readonly placeholder: string
  /** As it stands in help and in refusals: `a whole number from 0 to 256`. */
  readonly accepts: string
  /** @throws BalancerError VALUE_BAD, NAME_BAD, NOT_FOUND, NOT_UNDERSTOOD */
  read(word: string, place: Place): Value
  /** Words that could stand here, whole; the completer keeps those that fit what is typed. */
  candidates?(place: Place): readonly string[]
  /** The word is several of them, with commas between. */
  readonly several?: true
}

export interface Argument {
  readonly kind: Kind<unknown>
  readonly summary: string
  readonly optional?: true
  /** Takes all words that are left, none included. Only the last argument may. */
  readonly many?: true
}

/** With a kind it takes a value (`--weight 5`), without one it is there or not (`--force`). */
export interface Flag {
  readonly kind?: Kind<unknown>
  readonly summary: string
}

/** By name, in the order in which they are typed. */
export type Arguments = Readonly<Record<string, Argument>>
/** By name; `maxSessions` is typed `--max-sessions`. */
export type Flags = Readonly<Record<string, Flag>>

/** What `--json` answers: the names of the fields, of one object or of each in a list. */
export interface JsonShape {
  readonly list: boolean
  readonly fields: readonly string[]
}

export interface Command {
  /** `['show', 'hosts']`. No command begins with all the words of another one. */
  readonly words: readonly string[]
  readonly arguments: Arguments
  readonly flags: Flags
  /** Least role that may run it. */
  readonly role: OperatorRole
  /** A higher role that these words need; absent where `role` is enough for all of them. */
  roleFor?(words: SortedWords): OperatorRole
  /** It changes what the document keeps: of its operator's candidate, where one is open. */
  readonly edits?: true
  /** It only looks, although not everybody may: it runs also while the audit log cannot be written. */
  readonly looks?: true
  /** What it reads from standard input, always or with some words; absent where it reads none. */
  readonly input?: { readonly summary: string; readonly example: string }
  readonly summary: string
  readonly examples: readonly string[]
  readonly json: JsonShape
  /** It answers piece by piece until it ends or the operator leaves; `json` tells the shape of each piece. */
  readonly stream?: true
  /** It fills the operator's terminal until a key ends it, and answers nothing: not for scripts, not behind pipes. */
  readonly fullScreen?: true
  /** It does more than answer, piece by piece: a pipe that has enough does not end it. */
  readonly mustEnd?: true
  /** Set where the answer is a table, so that pipes tell its rows from what stands around them. */
  readonly list?: List
  /** The result; an async iterable of pieces where `stream` is set. */
  run(given: Given, context: RunContext): unknown
  /** One result, or one piece, for people. */
  text(result: unknown, given: Given, context: CommandContext): string
}

/** A table in its parts. */
export interface List {
  /** What a pipe looks at in one row: its cells, uncut. */
  textOf(row: unknown, given: Given): string
  /** The row as JSON has it. */
  jsonOf(row: unknown, given: Given): unknown
  /** The table of some rows of an answer. */
  tableOf(rows: readonly unknown[], given: Given, context: CommandContext): string
  /** What stands under the table of a whole answer, however many rows are shown. */
  notesOn(rows: readonly unknown[], given: Given, context: CommandContext): string
}

/** Words behind a command, flags apart. */
export interface SortedWords {
  readonly positions: readonly string[]
  readonly flags: readonly TypedFlag[]
}

export interface TypedFlag {
  /** As typed: `--weight`. */
  readonly word: string
  /** Behind `=` or as the next word; undefined where there is none. */
  readonly value: string | undefined
}

/** The values of arguments and flags, by name; `piped` says that pipes look at the rows. */
export type Given = Readonly<Record<string, unknown>>

/** A command as it is written down: what `run` is given follows from `arguments` and `flags`. */
export interface CommandSpec<Of extends Arguments, With extends Flags, Result>
  extends Omit<Command, 'arguments' | 'flags' | 'stream' | 'run' | 'text'> {
  readonly arguments?: Of
  readonly flags?: With
  run(given: GivenTo<Of, With>, context: RunContext): Result | Promise<Result>
  text(result: Result, given: GivenTo<Of, With>, context: CommandContext): string
}

/** The same for a command that answers piece by piece. */
interface StreamSpec<Of extends Arguments, With extends Flags, Piece>
  extends Omit<CommandSpec<Of, With, Piece>, 'run'> {
  run(given: GivenTo<Of, With>, context: RunContext): AsyncIterable<Piece>
}

export type GivenTo<Of extends Arguments, With extends Flags> = {
  readonly [Name in keyof Of]: ArgumentValue<Of[Name]>
} & { readonly [Name in keyof With]: FlagValue<With[Name]> }

type ArgumentValue<Of extends Argument> =
  Of['kind'] extends Kind<infer Value>
    ? Of extends { readonly many: true }
      ? readonly Value[]
      : Of extends { readonly optional: true }
        ? Value | undefined
        : Value
    : never

type FlagValue<Of extends Flag> = Of extends { readonly kind: Kind<infer Value> }
  ? Value | undefined
  : boolean

/** Write down one command; the types of its values are known inside and forgotten outside. */
export function command<
  Result,
  const Of extends Arguments = Record<never, Argument>,
  const With extends Flags = Record<never, Flag>,
>(spec: CommandSpec<Of, With, Result>): Command {
  // The reader of typed lines fills `given` from the same two tables, which no type can follow.
  return { arguments: {}, flags: {}, ...spec } as unknown as Command
}

/** Write down one command that answers piece by piece. */
export function streamCommand<
  Piece,
  const Of extends Arguments = Record<never, Argument>,
  const With extends Flags = Record<never, Flag>,
>(spec: StreamSpec<Of, With, Piece>): Command {
  return { arguments: {}, flags: {}, stream: true, ...spec } as unknown as Command
}

/** `add host PATH ADDRESS [--weight N] [--force]` */
export function usageOf({ words, arguments: takes, flags }: Command): string {
  const positions = Object.values(takes).map(({ kind, optional, many }) => {
    const dots = many ? '…' : ''
    return optional || many ? `[${kind.placeholder}${dots}]` : kind.placeholder
  })
  const switches = Object.entries(flags).map(([name, { kind }]) => {
    return kind === undefined ? `[${flagWord(name)}]` : `[${flagWord(name)} ${kind.placeholder}]`
  })
  return [...words, ...positions, ...switches].join(' ')
}

/** `maxSessions` is typed `--max-sessions`. */
export function flagWord(name: string): string {
  return `--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`
}
