// Commands of the table as JSON: their arguments and flags by name as a body, a body as the parts of a typed line, and
// what both look like as a schema. A value is what would be typed, as text, number or boolean.
import { BalancerError } from '../../base/errors.ts'
import { type Argument, type Command, flagWord, type Flag } from '../../commands/command.ts'
import { sortWords } from '../../commands/line/input.ts'
import { readTypedLine } from '../../commands/line/typed-line.ts'
import type { LineParts, TypedFlags } from '../../commands/line/write-line.ts'
import { bodySchema, listSchema, namedSchema, type Schema } from './schema.ts'

/** What a command reads from standard input. */
export const INPUT = 'input'

type Value = string | number | boolean

/** As the schema of a command lets it in. */
export type CommandBody = Readonly<Record<string, Value | readonly Value[]>>

/** `drain-host` */
export function nameOf({ words }: Pick<Command, 'words'>): string {
  return words.join('-')
}

/** Values of a body as they would be typed. @throws BalancerError VALUE_BAD where one is left out before one that is given */
export function partsOf(command: Command, body: CommandBody): LineParts {
  const verb = command.words.join(' ')
  const names = Object.keys(command.arguments)
  const words = names.flatMap((name) => wordsIn(body[name]))
  const given = names.map((name) => body[name] !== undefined)
  const gap = given.indexOf(false)
  const behind = names.find((_, index) => gap !== -1 && index > gap && given[index])
  if (behind !== undefined)
    throw new BalancerError('VALUE_BAD', `${verb}: ${behind} needs ${names[gap] ?? ''} as well`)
  const flags: TypedFlags = Object.fromEntries(
    Object.entries(command.flags).flatMap(([name, flag]) => flagIn(name, flag, body[name])),
  )
  return { verb, words, flags }
}

export function bodyOf(command: Command): Schema {
  const { arguments: takes, flags, input } = command
  const named = Object.entries(takes).map(([name, argument]) => [name, argumentSchema(argument)])
  const switches = Object.entries(flags).map(([name, flag]) => [name, flagSchema(flag)])
  const required = Object.entries(takes)
    .filter(([, { optional, many }]) => optional !== true && many !== true)
    .map(([name]) => name)
  const reads = input === undefined ? [] : [[INPUT, { type: 'string', description: input.summary }]]
  // Without arguments there is nothing else that it could work on.
  if (input !== undefined && named.length === 0) required.push(INPUT)
  const properties = Object.fromEntries([...named, ...switches, ...reads])
  return bodySchema(properties, { required, examples: [exampleOf(command)] })
}

export function resultOf({ json, stream, summary }: Command): Schema {
  const one = namedSchema(summary, json.fields)
  return json.list || stream === true ? listSchema(one, summary) : one
}

/** What its first example says that is no script. */
function exampleOf(command: Command): CommandBody {
  const { examples, words, arguments: takes, input } = command
  const plain = examples.find((each) => !/[<>|]/.test(each)) ?? words.join(' ')
  const typed = readTypedLine(plain).words.slice(words.length)
  const { positions, flags } = sortWords(command, typed)
  const body: Record<string, CommandBody[string]> = {}
  for (const [index, [name, { many }]] of Object.entries(takes).entries()) {
    const value = many === true ? positions.slice(index) : positions[index]
    if (value !== undefined) body[name] = value
  }
  for (const name of Object.keys(command.flags)) {
    const flag = flags.find(({ word }) => word === flagWord(name))
    if (flag !== undefined) body[name] = flag.value ?? true
  }
  if (input !== undefined && Object.keys(takes).length === 0) body[INPUT] = input.example
  return body
}

function argumentSchema({ kind, summary, many }: Argument): Schema {
  const described = { description: `${summary}: ${kind.accepts}` }
  if (many === true) return { type: 'array', items: VALUE, ...described }
  return { ...(kind.several === true ? SEVERAL : VALUE), ...described }
}

function flagSchema({ kind, summary }: Flag): Schema {
  if (kind === undefined) return { type: 'boolean', description: summary }
  return {
    ...(kind.several === true ? SEVERAL : VALUE),
    description: `${summary}: ${kind.accepts}`,
  }
}

const VALUE: Schema = { type: ['string', 'number', 'boolean'] }
const SEVERAL: Schema = { type: ['string', 'array'], items: { type: 'string' } }

function wordsIn(value: CommandBody[string] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value.map(String) : [String(value)]
}

function flagIn(
  name: string,
  { kind }: Flag,
  value: CommandBody[string] | undefined,
): readonly (readonly [string, string | true])[] {
  if (value === undefined) return []
  if (kind === undefined) return value === true ? [[name, true]] : []
  return [[name, typeof value === 'object' ? listed(name, value) : String(value)]]
}

/** @throws BalancerError VALUE_BAD where a value would read as two */
function listed(name: string, values: readonly Value[]): string {
  const torn = values.map(String).find((value) => value.includes(','))
  if (torn === undefined) return values.join(',')
  throw new BalancerError('VALUE_BAD', `${name}: no comma is accepted, got ${JSON.stringify(torn)}`)
}
