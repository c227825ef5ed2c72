// What holds for every command of the table, roles before all.
import { beforeEach, describe, expect, test } from 'vitest'
import { usageOf } from '../../src/commands/command.ts'
import { runLine, startsWithCommand } from '../../src/commands/run.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../../src/model/fields.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
  process.sessionRows = [sessionRow(1)]
  process.logged = [{ time: '2026-11-20T10:00:00.000Z', level: 'info', event: 'x', facts: {} }]
})

const named = COMMANDS.map((command) => [command.words.join(' '), command] as const)

const rank = (role: OperatorRole) => OPERATOR_ROLES.indexOf(role)
const everyPair = OPERATOR_ROLES.flatMap((role) => {
  return COMMANDS.flatMap((command) => command.examples.map((line) => ({ role, line, command })))
})

test.each(everyPair.filter(({ role, command }) => rank(role) >= rank(command.role)))(
  'role $role may: $line',
  async ({ role, line }) => {
    const outcome = await runLine(line, contextOf(process, { role }))
    expect(outcome).toMatchObject({ exit: 0, err: '' })
    expect(outcome.out).toMatch(/\n$/)
  },
)

test.each(everyPair.filter(({ role, command }) => rank(role) < rank(command.role)))(
  'role $role may not: $line',
  async ({ role, line, command }) => {
    const before = JSON.stringify(process.balancer.snapshot())
    const outcome = await runLine(line, contextOf(process, { role }))
    expect(outcome).toMatchObject({ exit: 3, out: '' })
    expect(outcome.err).toContain(`needs role ${command.role}, alice has ${role}`)
    expect(JSON.stringify(process.balancer.snapshot())).toBe(before)
    expect(process.asked).toEqual([])
  },
)

test('a role is asked for before anything is looked up', async () => {
  const { exit } = await runLine('set host no/such/host', contextOf(process, { role: 'readonly' }))
  expect(exit).toBe(3)
})

describe('every command', () => {
  test.each(named)('%s answers --json with exactly the fields it documents', async (_, command) => {
    const { exit, out } = await runLine(`${command.examples[0]} --json`, contextOf(process))
    expect(exit).toBe(0)
    const answer: unknown = JSON.parse(out)
    expect(Array.isArray(answer)).toBe(command.json.list)
    const [first] = [answer].flat() as object[]
    expect(Object.keys(first ?? {}).toSorted()).toEqual([...command.json.fields].toSorted())
  })

  test.each(named)('%s says in help, `?` and --help what it takes', async (name, command) => {
    const asked = [`help ${name}`, `${name} ?`, `${name} --help`, `${command.examples[0]} ?`]
    const answers = await Promise.all(asked.map((line) => runLine(line, contextOf(process))))
    for (const { exit, out } of answers) {
      expect(exit).toBe(0)
      expect(out).toContain(name === 'help' ? 'help' : usageOf(command))
    }
  })
})

test('no command begins with all the words of another one', () => {
  const texts = COMMANDS.map(({ words }) => `${words.join(' ')} `)
  for (const text of texts) expect(texts.filter((other) => other.startsWith(text))).toEqual([text])
})

test('only the last argument may be left out or take many words', () => {
  for (const { arguments: takes } of COMMANDS) {
    const early = Object.values(takes).slice(0, -1)
    expect(early.filter(({ optional, many }) => optional || many)).toEqual([])
  }
})

test.each(['show', ' show hosts', '?', 'stop', 'set x', "save 'a"])('%s is a command', (line) => {
  expect(startsWithCommand(line)).toBe(true)
})

test.each(['', 'showing', 'lb.services', 'save()', 'stop.x', '1 + 1', '"show"'])(
  '%s is none',
  (line) => {
    expect(startsWithCommand(line)).toBe(false)
  },
)

describe('help', () => {
  const helpOf = async (line: string) => (await runLine(line, contextOf(process))).out

  test('lists every command', async () => {
    const text = await helpOf('help')
    for (const [name] of named) expect(text).toContain(`\n${name} `)
    expect(await helpOf('?')).toBe(text)
    expect(JSON.parse(await helpOf('help --json'))).toHaveLength(COMMANDS.length)
  })

  test('lists the commands of one verb', async () => {
    const text = await helpOf('help listen')
    expect(text).toContain('listen move')
    expect(text).not.toContain('show hosts')
    expect(await helpOf('listen ?')).toBe(text)
  })

  test('answers in the middle of a command', async () => {
    const text = await helpOf('help set host')
    expect(text).toContain('set host PATH FIELD VALUE')
    expect(await helpOf('set host web/main/a ?')).toBe(text)
    expect(JSON.parse(await helpOf('set host ? --json'))).toHaveLength(1)
  })
})
