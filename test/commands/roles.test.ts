// Every command for every role, whatever stands behind it: too low a role is told so and changes nothing. And any
// line at all: typed, completed, piped or in a batch, it has an exit status of the table and throws nothing.
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Command } from '../../src/commands/command.ts'
import type { CommandContext } from '../../src/commands/context.ts'
import { PIPE_WORDS } from '../../src/commands/line/pipes.ts'
import { completeLine, roleNeeded, runLine } from '../../src/commands/run.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../../src/model/fields.ts'
import { seed } from '../helpers/seed.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../helpers/stub-process.ts'

const SECONDS = Number(process.env['SLUICE_SOAK_SECONDS'] ?? 0)

let sluice: StubProcess

beforeEach(async () => {
  sluice = await createStubProcess()
  sluice.sessionRows = [sessionRow(42)]
})

/** Somebody who has left already, so that nothing goes on; with text on standard input. */
function contextFor(role: OperatorRole, text = ''): CommandContext {
  async function* input() {
    yield Buffer.from(text)
  }
  return { ...contextOf(sluice, { role, signal: AbortSignal.abort() }), input: input() }
}

const rank = (role: OperatorRole) => OPERATOR_ROLES.indexOf(role)
const stateNow = () =>
  JSON.stringify([sluice.balancer.snapshot(), sluice.asked, sluice.sessionRows])

const rows = COMMANDS.flatMap((command) => {
  return OPERATOR_ROLES.map((role) => ({ name: command.words.join(' '), role, command }))
})
const tooLow = rows.filter(({ role, command }) => rank(role) < rank(command.role))
const enough = rows.filter(({ role, command }) => rank(role) >= rank(command.role))

/** The command with nothing, with anything, and as it is meant. */
function linesOf({ words, examples }: Command): readonly string[] {
  const name = words.join(' ')
  return [name, `${name} nonsense`, `${name} --json`, `${name} --nonsense`, ...examples]
}

describe('a role that is too low', () => {
  test.each(tooLow)('$role may not $name', async ({ role, name, command }) => {
    const before = stateNow()
    for (const line of linesOf(command)) {
      for (const tail of ['', ' | count', ' | json', ' | watch', ' | nonsense']) {
        const { exit, out, err } = await runLine(line + tail, contextFor(role))
        expect({ line: line + tail, exit, out }).toEqual({ line: line + tail, exit: 3, out: '' })
        expect(err).toContain(`${name} needs role`)
      }
      // A question is not the command.
      expect((await runLine(`${name} ?`, contextFor(role))).exit).toBe(0)
    }
    expect(stateNow()).toBe(before)
  })

  test.each(tooLow)('$role may not $name in a batch', async ({ role, command }) => {
    const before = stateNow()
    for (const line of linesOf(command)) {
      for (const way of ['batch', 'batch --atomic', 'batch --keep-going']) {
        const context = { ...contextFor(role, `${line}\n`), signal: new AbortController().signal }
        expect((await runLine(way, context)).exit).not.toBe(0)
      }
    }
    expect(stateNow()).toBe(before)
  })
})

describe('a role that is enough', () => {
  test.each(enough)('$role is not told of roles by $name', async ({ role, name, command }) => {
    for (const rest of [[], ['nonsense'], ['--json']]) {
      // With these words it may need a higher one.
      if (rank(role) < rank(roleNeeded(command, rest))) continue
      const line = [name, ...rest].join(' ')
      const { exit } = await runLine(line, contextFor(role))
      expect({ line, not: exit === 3 }).toEqual({ line, not: false })
    }
  })
})

test('every prefix of every example is completed without a fault', () => {
  const examples = COMMANDS.flatMap((command) =>
    command.examples.map((line) => `${line} | match x`),
  )
  for (const line of examples) {
    for (let end = 0; end <= line.length; end++) {
      const { candidates, replaced } = completeLine(line.slice(0, end), contextOf(sluice))
      expect(line.slice(0, end).endsWith(replaced)).toBe(true)
      for (const candidate of candidates) expect(candidate.startsWith(replaced)).toBe(true)
    }
  }
})

describe('any line', () => {
  const words = new Set(
    COMMANDS.flatMap(({ words: each, flags }) => [
      ...each,
      ...Object.keys(flags).map((flag) => `--${flag}`),
    ]),
  )
  const paths = [
    'web',
    'web/main',
    'web/main/a',
    'web/listen/127.0.0.1:8080',
    'settings/ssh',
    'settings/users',
  ]
  const values = [
    '0',
    '1',
    '-1',
    '5s',
    '10.0.0.1:80',
    'enabled',
    'alice',
    'bob',
    'x',
    '',
    '*',
    "''",
    'http',
    'exec',
  ]
  const nasty = [
    '|',
    "'",
    '"',
    '\\',
    '=',
    '--',
    '?',
    '--help',
    '--json',
    '__proto__',
    'constructor',
    '\u001b[2J',
    '\u202e',
  ]
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...words) },
    { weight: 3, arbitrary: fc.constantFrom(...paths) },
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    { weight: 2, arbitrary: fc.constantFrom(...nasty) },
    { weight: 1, arbitrary: fc.constantFrom(...PIPE_WORDS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  )
  const begun = fc.constantFrom(...COMMANDS.map(({ words: each }) => each.join(' ')))
  const line = fc
    .tuple(fc.oneof(begun, word), fc.array(word, { maxLength: 8 }))
    .map(([first, rest]) => [first, ...rest].join(' '))

  // One balancer for all of them: what a line changes is there for the next one.
  const property = fc.asyncProperty(
    line,
    fc.constantFrom(...OPERATOR_ROLES),
    async (typed, role) => {
      const { exit, err, fault } = await runLine(typed, contextFor(role, typed))
      if (fault !== undefined) throw fault
      if (![0, 1, 2, 3, 4, 5].includes(exit)) throw new Error(`exit ${exit}`)
      // What is left to say is one sentence, or JSON, and cannot steer a terminal.
      if (/(?!\n)\p{Cc}/u.test(err)) throw new Error(`not printable: ${JSON.stringify(err)}`)
      completeLine(typed, contextOf(sluice))
    },
  )

  test(`has an exit status of the table, and no fault (SEED=${seed})`, async () => {
    await fc.assert(property, { seed, numRuns: 2_000 })
  })

  test.runIf(SECONDS > 0)(
    `also for ${SECONDS} s (SEED=${seed})`,
    async () => {
      await fc.assert(property, {
        seed,
        numRuns: Number.MAX_SAFE_INTEGER,
        interruptAfterTimeLimit: SECONDS * 1_000,
      })
    },
    (SECONDS + 60) * 1_000,
  )
})
