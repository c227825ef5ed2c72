// Values become typed lines on their way to the command table: whatever is in them arrives as exactly that value, and
// never as another word, flag, pipe, question or line.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { type Command, flagWord } from '../../../src/commands/command.ts'
import { findCommand } from '../../../src/commands/line/find.ts'
import { sortWords } from '../../../src/commands/line/input.ts'
import { linesOf } from '../../../src/commands/line/standard-input.ts'
import { readTypedLine } from '../../../src/commands/line/typed-line.ts'
import { type LineParts, writeLine } from '../../../src/commands/line/write-line.ts'
import { COMMANDS } from '../../../src/commands/table.ts'
import { type CommandBody, nameOf, partsOf } from '../../../src/web/api/command-bodies.ts'
import { requireOneLineEach } from '../../../src/web/api/lines.ts'
import { randomly, seed } from '../../helpers/seed.ts'

const TRICKS = [
  '',
  ' ',
  '-',
  '--',
  '-a-b',
  '-1-2',
  '-abc',
  '--force',
  '--force=true',
  '--json',
  '--help',
  '?',
  '?\n',
  '| match x',
  '|',
  'a|watch',
  "'",
  "a' b",
  "a'\nremove host web/main/b",
  'a\nremove host web/main/b --force',
  'a\r\nstop',
  '"',
  '\\',
  'a\\',
  '\\"',
  '$(stop)',
  '`stop`',
  '#',
  '\0',
  '\u0085',
  '\u2028',
  '\ud800',
  '\u00a0',
  '…',
]
const PIECE = fc.oneof(
  fc.constantFrom(...TRICKS),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('-', "'", '"', '\\', '|', ' ', '\n', '?', '#', '=', ',', 'a'),
    maxLength: 12,
  }),
)
/** Anything that fits into a JSON text. */
const VALUE = fc.oneof(
  PIECE,
  fc.tuple(PIECE, PIECE).map((two) => two.join('')),
)

/** What a command understood of a line. */
function understood(line: string) {
  const { words, pipes } = readTypedLine(line)
  const { command, rest } = findCommand(COMMANDS, words)
  const { positions, flags } = sortWords(command, rest)
  return { name: nameOf(command), pipes, positions, flags }
}

describe.each(COMMANDS.map((command) => ({ name: nameOf(command), command })))(
  '$name',
  ({ name, command }) => {
    test(`understands every value as it was meant (SEED=${seed})`, () => {
      const property = fc.property(bodyFor(command), (body) => {
        const parts = partsOf(command, body)
        // A path is never one of these words, which would belong to the command.
        const goesOn = COMMANDS.some(({ words }) => {
          const [own, next] = [command.words, words.slice(command.words.length)]
          return (
            next.length > 0 &&
            own.every((word, at) => word === words[at]) &&
            next[0] === parts.words[0]
          )
        })
        fc.pre(!goesOn)
        expect(understood(writeLine(parts))).toEqual({ name, pipes: [], ...meantBy(command, body) })
      })
      fc.assert(property, randomly(60))
    })
  },
)

test(`a line of a batch is one line, or is refused (SEED=${seed})`, async () => {
  const lines = fc.array(
    fc.record({
      verb: fc.constant('set host'),
      words: fc.array(VALUE, { minLength: 1, maxLength: 3 }),
      flags: fc.dictionary(fc.constantFrom('before', 'weight'), VALUE),
    }),
    { minLength: 1, maxLength: 4 },
  )
  const property = fc.asyncProperty(lines, async (parts: readonly LineParts[]) => {
    const texts = parts.map(writeLine)
    const strays = parts.flatMap(({ words, flags = {} }) => [...words, ...Object.values(flags)])
    const isBad = strays.some((text) => /[\p{Cc}\p{Cs}]/u.test(String(text)))
    expect(isRefused(parts)).toBe(isBad)
    fc.pre(!isBad)
    const read: string[] = []
    const input = Buffer.from(texts.join('\n'))
    const bytes = (async function* () {
      yield input
    })()
    for await (const { text } of linesOf(bytes, LIMITS.commandBytesMax)) read.push(text)
    expect(read).toEqual(texts)
  })
  await fc.assert(property, randomly())
})

test('a value of a list that would be two is refused', () => {
  const command = COMMANDS.find((each) => nameOf(each) === 'show-hosts') as Command
  const two = { where: ['health=down,weight=0'] }
  expect(() => partsOf(command, two)).toThrow('where: no comma is accepted')
  expect(partsOf(command, { where: ['health=down', 'weight=0'] }).flags).toEqual({
    where: 'health=down,weight=0',
  })
})

/** Bodies with some of the arguments and flags; arguments without gaps. */
function bodyFor({ arguments: takes, flags }: Command): fc.Arbitrary<CommandBody> {
  const names = Object.keys(takes)
  const values = names.map((name) =>
    takes[name]?.many === true ? fc.array(VALUE, { maxLength: 3 }) : VALUE,
  )
  const given = fc
    .tuple(fc.nat({ max: names.length }), fc.tuple(...values))
    .map(([count, all]) =>
      Object.fromEntries(names.slice(0, count).map((name, at) => [name, all[at] ?? ''])),
    )
  const switches = fc.record(
    Object.fromEntries(
      Object.entries(flags).map(([name, { kind }]) => [
        name,
        kind === undefined ? fc.boolean() : VALUE,
      ]),
    ),
    { requiredKeys: [] },
  )
  return fc.tuple(given, switches).map(([some, others]) => ({ ...some, ...others }) as CommandBody)
}

function meantBy({ arguments: takes, flags }: Command, body: CommandBody) {
  const positions = Object.keys(takes).flatMap((name) => body[name] ?? [])
  const typed = Object.keys(flags).flatMap((name) => {
    const value = body[name]
    if (value === undefined || value === false) return []
    return [{ word: flagWord(name), value: value === true ? undefined : value }]
  })
  return { positions, flags: typed }
}

function isRefused(parts: readonly LineParts[]): boolean {
  try {
    requireOneLineEach(parts)
    return false
  } catch (error) {
    return error instanceof BalancerError && error.code === 'VALUE_BAD'
  }
}
