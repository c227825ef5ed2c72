// The pipes that can stand behind a command, `COMMAND | match TEXT | count`: one row each, from which typed lines
// are read, help is made and docs/commands.md is written. What they do to rows is in pipeline.ts.
import { type BalancerError, notUnderstood } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { didYouMean } from '../../base/nearest.ts'
import { duration, type Field, requireValue, whole } from '../../model/field.ts'
import {
  counting,
  first,
  last,
  matching,
  passing,
  Pipeline,
  type Stage,
} from '../answer/pipeline.ts'

/** How often `watch` repeats a line where nothing is said, in milliseconds. */
const WATCH_MS = 2_000
const ROWS = 10

/** The one word that may stand behind the word of a pipe. */
interface PipeArgument<Value> {
  readonly placeholder: string
  readonly accepts: string
  /** @throws BalancerError VALUE_BAD */
  read(word: string): Value
}

export interface PipeRow {
  readonly takes?: PipeArgument<unknown>
  /** What the word is where it was left out; absent where it must be typed. */
  readonly standard?: unknown
  readonly summary: string
  readonly example: string
  stage(given: unknown): Stage
}

const text: PipeArgument<string> = {
  placeholder: 'TEXT',
  accepts: 'text as it stands in a line; quote it where it has blanks or bars',
  read: (word) => word,
}

const rows = fromField(
  'N',
  whole({
    attribute: 'N',
    summary: 'rows',
    effect: 'at once',
    min: 1,
    max: LIMITS.pipeRowsMax,
    standard: ROWS,
  }),
)

const interval = fromField(
  'INTERVAL',
  duration({
    attribute: 'the interval',
    summary: 'pause between two rounds',
    effect: 'at once',
    minMs: LIMITS.watchMsMin,
    standard: WATCH_MS,
  }),
)

export const PIPES = {
  match: pipe({
    takes: text,
    summary: 'only rows that contain TEXT, in small or capital letters',
    example: 'show hosts | match down',
    stage: (wanted) => matching(wanted, true),
  }),
  except: pipe({
    takes: text,
    summary: 'only rows that do not contain TEXT',
    example: 'show hosts | except web/spare',
    stage: (unwanted) => matching(unwanted, false),
  }),
  count: pipe({
    summary: 'how many rows there are, and nothing else',
    example: 'show hosts | match down | count',
    stage: counting,
  }),
  head: pipe({
    takes: rows,
    standard: ROWS,
    summary: `only the first N rows, ${ROWS} where N is left out; ends what would go on`,
    example: 'show sessions | head 5',
    stage: first,
  }),
  last: pipe({
    takes: rows,
    standard: ROWS,
    summary: `only the last N rows, ${ROWS} where N is left out`,
    example: 'show log | last 3',
    stage: last,
  }),
  json: pipe({
    summary: 'answer as JSON, as --json does',
    example: 'show hosts | match down | json',
    stage: passing,
  }),
  watch: pipe({
    takes: interval,
    standard: WATCH_MS,
    summary: 'repeat the whole line every INTERVAL, 2s where it is left out; stands last',
    example: 'show hosts | match down | watch 5s',
    stage: passing,
  }),
} as const satisfies Readonly<Record<string, PipeRow>>

export type PipeWord = keyof typeof PIPES
export const PIPE_WORDS = Object.keys(PIPES) as readonly PipeWord[]

/** What was typed behind a command. */
export interface Pipes {
  readonly json: boolean
  /** Rows were counted, so that what comes out is a number. */
  readonly counts: boolean
  /** Are there any that look at rows? */
  readonly filter: boolean
  /** Pause between two rounds in milliseconds; undefined where the line runs once. */
  readonly watchMs: number | undefined
  /** The pipes, ready for one answer. */
  open(): Pipeline
}

/** `| match TEXT` as it stands in help. */
export function usageOfPipe(word: PipeWord): string {
  const { takes, standard }: PipeRow = PIPES[word]
  if (takes === undefined) return `| ${word}`
  return standard === undefined
    ? `| ${word} ${takes.placeholder}`
    : `| ${word} [${takes.placeholder}]`
}

/** @param stages the words of each pipe. @throws BalancerError NOT_UNDERSTOOD, VALUE_BAD */
export function readPipes(stages: readonly (readonly string[])[]): Pipes {
  if (stages.length > LIMITS.pipesMax) {
    throw notUnderstood(`a command has at most ${LIMITS.pipesMax} pipes behind it`)
  }
  const read = stages.map(readPipe)
  const at = (word: PipeWord) => read.findIndex((each) => each.word === word)
  const watch = at('watch')
  if (watch !== -1 && watch !== read.length - 1) {
    throw notUnderstood('watch repeats the whole line, so it stands last')
  }
  return {
    json: at('json') !== -1,
    counts: at('count') !== -1,
    filter: read.some(({ word }) => word !== 'json' && word !== 'watch'),
    watchMs: read[watch]?.value as number | undefined,
    open: () => new Pipeline(read.map(({ word, value }) => stageOf(word, value))),
  }
}

function readPipe(typed: readonly string[]): { readonly word: PipeWord; readonly value: unknown } {
  const [given, value, extra] = typed
  const word = PIPE_WORDS.find((each) => each === given)
  if (word === undefined) throw unknownPipe(given)
  const { takes, standard }: PipeRow = PIPES[word]
  const tooMany = takes === undefined ? value : extra
  if (tooMany !== undefined) {
    const found = JSON.stringify(tooMany)
    throw notUnderstood(`${found} is one word too many behind ${word}; usage: ${usageOfPipe(word)}`)
  }
  if (value !== undefined && takes !== undefined) return { word, value: takes.read(value) }
  if (takes === undefined || standard !== undefined) return { word, value: standard }
  throw notUnderstood(`${word} needs ${takes.placeholder} (${takes.accepts})`)
}

function stageOf(word: PipeWord, value: unknown): Stage {
  const row: PipeRow = PIPES[word]
  return row.stage(value)
}

function unknownPipe(given: string | undefined): BalancerError {
  const accepted = `accepted: ${PIPE_WORDS.join(', ')}`
  if (given === undefined) return notUnderstood(`nothing was typed behind the bar; ${accepted}`)
  const near = didYouMean(given, PIPE_WORDS)
  return notUnderstood(`no pipe ${JSON.stringify(given)}${near}; ${accepted}`)
}

function fromField<Value>(placeholder: string, field: Field<Value>): PipeArgument<Value> {
  const read = (word: string) => requireValue(field, word, 'behind the bar')
  return { placeholder, accepts: field.accepts, read }
}

/** Write down one pipe; the type of its word is known inside and forgotten outside. */
function pipe<Value>(
  row: Omit<PipeRow, 'takes' | 'standard' | 'stage'> & {
    readonly takes?: PipeArgument<Value>
    readonly standard?: Value
    stage(given: Value): Stage
  },
): PipeRow {
  return row as unknown as PipeRow
}
