// What holds for every command of the table, roles before all.
import { beforeEach, describe, expect, test } from 'vitest'
import { type Command, usageOf } from '../../src/commands/command.ts'
import { type Outcome, roleNeeded, runLine, startsWithCommand } from '../../src/commands/run.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../../src/model/fields.ts'
import {
  contextOf,
  createStubProcess,
  endedSession,
  sessionRow,
  type StubProcess,
} from '../helpers/stub-process.ts'
import type { Feeds } from '../../src/commands/context.ts'

const LOGIN = {
  id: 1,
  operator: 'alice',
  role: 'full',
  address: '192.0.2.7',
  how: 'key SHA256:of-a-test',
  channels: ['prompt'],
  since: Date.UTC(2026, 10, 20),
  active: Date.UTC(2026, 10, 20),
} as const

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
  process.sessionRows = [sessionRow(42)]
  Object.assign(process, {
    operators: { list: () => [LOGIN], say: () => 0, tell: () => 0, logout: () => true },
  })
  process.logged = [{ time: '2026-11-20T10:00:00.000Z', level: 'info', event: 'x', facts: {} }]
})

const named = COMMANDS.map((command) => [command.words.join(' '), command] as const)

const rank = (role: OperatorRole) => OPERATOR_ROLES.indexOf(role)
const everyPair = OPERATOR_ROLES.flatMap((role) => {
  return COMMANDS.flatMap((command) => {
    return command.examples.map((line) => {
      const needed = roleNeeded(command, line.split(' ').slice(command.words.length))
      return { role, line, command, needed }
    })
  })
})

/** What fills a terminal answers nothing; see top.test.ts. */
const answers = ({ fullScreen }: Command) => fullScreen !== true
const answering = everyPair.filter(({ command }) => answers(command))

async function* typedIn(text: string) {
  yield Buffer.from(text)
}

/** Where there is none, they say so. */
const ON_CANDIDATE = /^(?:show candidates|compare|commit|discard)\b/

/** As `runLine`; one that goes on is interrupted after its first piece, which is its output then. */
async function answerOf(example: string, command: Command, role?: OperatorRole): Promise<Outcome> {
  if (ON_CANDIDATE.test(example)) await process.candidates.begin('alice')
  // What stands behind `<` is for the operator's own shell.
  const line = example.replace(/ < \S+/, '')
  const input =
    line === example
      ? undefined
      : typedIn(example.startsWith('load') ? '<config />' : 'show version\n')
  const context = { ...contextOf(process, role === undefined ? {} : { role }), input }
  if (command.stream !== true) return runLine(line, context)
  const interrupt = new AbortController()
  let first = ''
  process.follow = follow
  const print = async (text: string) => {
    first ||= text
    interrupt.abort()
  }
  const outcome = await runLine(line, { ...context, signal: interrupt.signal, print })
  return { ...outcome, out: first }
}

/** One of each, as soon as somebody follows. */
const follow: StubProcess['follow'] = (feed, tell) => {
  const items: Feeds = {
    log: { time: '2026-11-20T10:00:00.000Z', level: 'error', event: 'x', facts: {} },
    audit: { number: 1, time: '2026-11-20T10:00:00.000Z', event: 'login', hash: '00' },
    changes: { number: 1, time: 0, act: 1, origin: 'file', action: 'add', path: 'web/main/a' },
    sessions: endedSession(1),
  }
  tell(items[feed])
  return () => {}
}

test.each(answering.filter(({ role, needed }) => rank(role) >= rank(needed)))(
  'role $role may: $line',
  async ({ role, line, command }) => {
    const outcome = await answerOf(line, command, role)
    expect(outcome).toMatchObject({ exit: 0, err: '' })
    expect(outcome.out).toMatch(/\n$/)
  },
)

test.each(everyPair.filter(({ role, needed }) => rank(role) < rank(needed)))(
  'role $role may not: $line',
  async ({ role, line, needed }) => {
    const before = JSON.stringify(process.balancer.snapshot())
    const outcome = await runLine(line, contextOf(process, { role }))
    expect(outcome).toMatchObject({ exit: 3, out: '' })
    expect(outcome.err).toMatch(new RegExp(`needs role ${needed}[^,]*, alice has ${role}`))
    expect(JSON.stringify(process.balancer.snapshot())).toBe(before)
    expect(process.asked).toEqual([])
  },
)

test('a role is asked for before anything is looked up', async () => {
  const { exit } = await runLine('set host no/such/host', contextOf(process, { role: 'readonly' }))
  expect(exit).toBe(3)
})

describe('every command', () => {
  test.each(named.filter(([, command]) => answers(command)))(
    '%s answers --json with exactly the fields it documents',
    async (_, command) => {
      const { exit, out } = await answerOf(`${command.examples[0]} --json`, command)
      expect(exit).toBe(0)
      const answer: unknown = JSON.parse(out)
      expect(Array.isArray(answer)).toBe(command.json.list)
      const [first] = [answer].flat() as object[]
      expect(Object.keys(first ?? {}).toSorted()).toEqual([...command.json.fields].toSorted())
    },
  )

  test.each(named)('%s says in help, `?` and --help what it takes', async (name, command) => {
    const asked = [`help ${name}`, `${name} ?`, `${name} --help`, `${command.examples[0]} ?`]
    const answers = await Promise.all(asked.map((line) => runLine(line, contextOf(process))))
    for (const { exit, out } of answers) {
      expect(exit).toBe(0)
      expect(out).toContain(name === 'help' ? 'help' : usageOf(command))
    }
  })
})

test('only set begins with all the words of other commands', () => {
  const names = COMMANDS.map(({ words }) => words.join(' '))
  const beginning = names.filter((name) => names.some((other) => other.startsWith(`${name} `)))
  expect(beginning).toEqual(['set'])
})

test('arguments that may be left out come last, and only the last one may take many words', () => {
  for (const { arguments: takes } of COMMANDS) {
    const all = Object.values(takes)
    const firstLeftOut = all.findIndex(({ optional, many }) => optional || many)
    const behind = firstLeftOut === -1 ? [] : all.slice(firstLeftOut)
    expect(behind.filter(({ optional, many }) => !optional && !many)).toEqual([])
    expect(all.slice(0, -1).filter(({ many }) => many)).toEqual([])
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
    for (const { words } of COMMANDS) {
      const [verb = '', ...object] = words
      expect(text).toMatch(new RegExp(`^ {2}${verb}\\b.*${object.join(' ')}`, 'm'))
    }
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
