// begin, compare, commit, discard: which objects a line acts on, what it answers, and who may.
import { beforeEach, describe, expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import type { CommandContext } from '../../../src/commands/context.ts'
import { completeLine, runLine } from '../../../src/commands/run.ts'
import { COMMANDS } from '../../../src/commands/table.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const MARK = '(candidate; not in effect)'

const host = (name: string) => process.balancer.service('web').group('main').host(name)
const candidate = () => process.candidates.of('alice')

function run(line: string, given: { role?: OperatorRole; operator?: string } = {}) {
  const { operator = 'alice', ...rest } = given
  return withOrigin(`ssh:${operator}`, () =>
    runLine(line, { ...contextOf(process, rest), operator }),
  )
}

async function textOf(...given: Parameters<typeof run>): Promise<string> {
  const { exit, out, err } = await run(...given)
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  return out
}

async function refusalOf(...given: Parameters<typeof run>): Promise<string> {
  const { exit, out, err } = await run(...given)
  expect(out).toBe('')
  expect(exit).not.toBe(0)
  return err
}

describe('with a candidate open', () => {
  beforeEach(async () => {
    await textOf('begin')
  })

  test('an edit acts on it, and says so', async () => {
    const out = await textOf('set host web/main/a weight 5')
    expect(out).toBe(`web/main/a: weight 1 -> 5 ${MARK}\n`)
    expect(host('a').weight).toBe(1)
    expect(candidate()?.compare()).toMatchObject([{ path: 'web/main/a', after: 5 }])
  })

  test('JSON has the same facts, and whether they are in effect', async () => {
    const told = JSON.parse(await textOf('set host web/main/a weight 5 --json'))
    const message = 'web/main/a: weight 1 -> 5'
    expect(told).toMatchObject({ done: 'set', before: 1, after: 5, message, candidate: true })
  })

  test('other operators edit what runs', async () => {
    expect(await textOf('set host web/main/a weight 5', { operator: 'bob' })).not.toContain(MARK)
    expect(host('a').weight).toBe(5)
  })

  test.each([
    'add service ftp',
    'add group mail/main',
    'add host web/main/d 127.0.0.1:9004',
    'remove host web/main/c',
    'remove group web/spare',
    'remove service mail',
    'add check web/main tcp',
    'remove check web/spare 1',
    'set check web/spare 1 interval 7s',
    'rename host web/main/a one',
    'rename group web/spare standby',
    'rename service mail smtp',
    'rename listener web/listen/127.0.0.1:8080 127.0.0.1:10080',
    'set web/main/a weight 5',
    'set setting hostCheck interval 5s',
    'set group web/main scheduler random',
    'enable group web/spare',
    'disable host web/main/a',
    'drain host web/main/a',
    'listen add web 127.0.0.1:8181',
    'listen remove web/listen/127.0.0.1:8080',
    'listen move web/listen/127.0.0.1:8080 127.0.0.1:10080',
    'user add carol',
    'user set bob role full',
    'user remove bob',
    'key remove bob 1',
    'log level debug',
  ])('%s changes nothing of what runs until the commit', async (line) => {
    const before = process.balancer.snapshot()
    expect(await textOf(line)).toContain(MARK)
    expect(process.balancer.snapshot()).toEqual(before)
    const wanted = candidate()?.balancer.snapshot()
    await textOf('commit --force')
    expect(process.balancer.snapshot()).toEqual(wanted)
    expect(process.balancer.snapshot()).not.toEqual(before)
  })

  test.each(['pause service web', 'retry host web/main/a', 'say hello', 'save', 'show hosts'])(
    '%s acts on what runs',
    async (line) => {
      await textOf('disable host web/main/b')
      expect(await textOf(line)).not.toContain(MARK)
      expect(candidate()?.compare()).toHaveLength(1)
    },
  )

  test('paths and TAB know what is in it alone', async () => {
    await textOf('add host web/main/new 127.0.0.1:9004')
    const typist = (operator: string) => ({ process, operator })
    const words = (line: string, operator = 'alice') =>
      completeLine(line, typist(operator)).candidates
    expect(words('set host web/main/n')).toEqual(['web/main/new'])
    expect(words('set host web/main/n', 'bob')).toEqual([])
    expect(words('explain host web/main/n')).toEqual([])
    expect(await textOf('set host web/main/new weight 2')).toContain(MARK)
    expect(await refusalOf('explain host web/main/new')).toContain('no host new')
  })

  test('undo takes back what was done to it, and only that', async () => {
    await textOf('discard')
    await textOf('set host web/main/b weight 4')
    await textOf('begin')
    await textOf('set host web/main/a weight 5')
    expect(await textOf('undo')).toMatch(/weight 5 -> 1\nact \d+ is undone.*\n\(candidate; not in/)
    expect(await refusalOf('undo')).toContain('there is nothing left to undo')
    expect(host('b').weight).toBe(4)
    const [row] = JSON.parse(await textOf('undo --list --json'))
    expect(row).toMatchObject({ candidate: true })
  })

  test('a batch that fails takes back its part of it', async () => {
    async function* input() {
      yield Buffer.from('set host web/main/a weight 5\nset host web/main/none weight 5\n')
    }
    await textOf('set host web/main/b weight 4')
    const context: CommandContext = { ...contextOf(process), input: input() }
    const { exit } = await withOrigin('ssh:alice', () => runLine('batch --atomic', context))
    expect(exit).toBe(4)
    expect(candidate()?.compare()).toMatchObject([{ path: 'web/main/b' }])
  })

  test('a batch of all or nothing may compare', async () => {
    async function* input() {
      yield Buffer.from('set host web/main/a weight 5\ncompare\n')
    }
    const context: CommandContext = { ...contextOf(process), input: input() }
    const { exit } = await withOrigin('ssh:alice', () => runLine('batch --atomic', context))
    expect(exit).toBe(0)
    expect(candidate()?.compare()).toMatchObject([{ path: 'web/main/a', after: 5 }])
  })

  test('there is nothing for a drain to wait for', async () => {
    const err = await refusalOf('drain host web/main/a --wait')
    expect(err).toContain('leave out --wait, or commit or discard first')
    expect(candidate()?.compare()).toEqual([])
  })

  test('a role is asked for as always', async () => {
    expect(await refusalOf('user add carol', { role: 'operate' })).toContain('needs role full')
    expect(await refusalOf('set host web/main/a weight 2', { role: 'readonly' })).toContain('role')
    expect(candidate()?.compare()).toEqual([])
  })
})

test('every command that edits says in JSON whether of a candidate', () => {
  const silent = COMMANDS.filter(({ edits, json }) => edits && !json.fields.includes('candidate'))
  expect(silent.map(({ words }) => words.join(' '))).toEqual([])
})

describe('begin', () => {
  test('says what acts on the candidate, and tells the other prompts of its operator', async () => {
    const told: unknown[] = []
    process.operators.tell = (...given) => told.push(given)
    const out = await textOf('begin')
    expect(out).toContain('JavaScript act on what runs')
    expect(told).toEqual([['alice', expect.stringMatching(/^\*\*\* a candidate is open/), 1]])
  })

  test('is refused while there is one', async () => {
    await textOf('begin')
    expect(await refusalOf('begin')).toContain('alice has a candidate already')
  })

  test('--again needs one, keeps its changes and takes those of others', async () => {
    expect(await refusalOf('begin --again')).toContain('alice has no candidate')
    await textOf('begin')
    await textOf('set host web/main/a weight 5')
    host('a').weight = 3
    expect(await textOf('begin --again')).toContain('1 difference, see compare')
    expect(await textOf('compare')).toBe(
      '~ web/main/a: weight 3 -> 5\n1 difference; commit puts it in effect, discard drops it\n',
    )
  })
})

describe('compare', () => {
  test('gives what to type instead, to whom may see hashes of passwords', async () => {
    await run('begin')
    await run('set host web/main/a weight 5')
    await run('move host web/main/c --before a')
    expect(await textOf('compare --commands')).toBe(
      'move host web/main/c --before a\nset host web/main/a weight 5\n',
    )
    expect(JSON.parse(await textOf('compare --commands --json'))).toMatchObject({
      commands: ['move host web/main/c --before a', 'set host web/main/a weight 5'],
    })
    expect(await refusalOf('compare --commands', { role: 'operate' })).toContain('full')
  })

  test('tells what a commit would change, as apply --dry-run does', async () => {
    expect(await refusalOf('compare')).toContain('alice has no candidate; begin opens one')
    await textOf('begin')
    expect(await textOf('compare')).toBe('no differences; discard closes the candidate\n')
    await textOf('set group web/main connectTimeout 2s')
    await textOf('remove host web/main/c')
    host('b').weight = 9
    expect(await textOf('compare')).toBe(
      '~ web/main: connectTimeout 5s -> 2s\n- host web/main/c\n2 differences; commit puts them in effect, discard drops them\n',
    )
  })

  test('tells conflicts with both values and the next step', async () => {
    await textOf('begin')
    await textOf('set host web/main/a weight 5')
    host('a').weight = 3
    const out = await textOf('compare')
    expect(out).toContain('! web/main/a/weight: candidate 5, running 3, was 1\n')
    expect(out).toContain('1 conflict, so commit refuses: set those to what runs')
    expect(out).toContain('begin --again')
    expect(JSON.parse(await textOf('compare --json'))).toMatchObject({
      differences: [],
      conflicts: [
        { path: 'web/main/a/weight', field: 'weight', base: 1, candidate: 5, running: 3 },
      ],
    })
  })
})

describe('commit', () => {
  test('says what is in effect, and which revision it is', async () => {
    await textOf('begin')
    await textOf('set host web/main/a weight 5')
    expect(await textOf("commit --comment 'more of a'")).toBe(
      '~ web/main/a: weight 1 -> 5\n1 difference in effect; run/config.xml: written, revision 2\n',
    )
    expect(process.candidates.comments).toEqual(['more of a'])
    expect(await refusalOf('commit')).toContain('alice has no candidate')
  })

  test('of nothing closes the candidate', async () => {
    await textOf('begin')
    expect(await textOf('commit')).toBe('nothing to commit: the candidate is closed\n')
    expect(candidate()).toBeUndefined()
  })

  test('says until when it has to be confirmed', async () => {
    await textOf('begin')
    await textOf('set host web/main/a weight 5')
    const out = await textOf('commit --confirmed 5m --watch-traffic')
    expect(out).toContain('undone at 1970-01-01T00:05:00.000Z unless you type: confirm\n')
    const [prepared] = process.candidates.confirmations
    expect(prepared?.commit).toMatchObject({ confirmMs: 300_000, watchTraffic: true })
  })

  test.each([
    ['commit --watch-traffic', '--watch-traffic goes with --confirmed 5m'],
    ['commit --confirmed', '--confirmed needs a value'],
    ['commit --confirmed 500ms', 'from 1s to '],
    ['commit --confirmed 2d', 'from 1s to '],
    [`commit --comment ${'x'.repeat(1_001)}`, 'at most 1000 characters'],
  ])('%s is refused', async (line, reason) => {
    await textOf('begin')
    await textOf('set host web/main/a weight 5')
    expect(await refusalOf(line)).toContain(reason)
    expect(host('a').weight).toBe(1)
    expect(candidate()).toBeDefined()
  })

  test.each([
    ['user add carol', 'settings/users/carol'],
    ['user set bob role readonly', 'settings/users/bob'],
    ['set setting hostCheck interval 5s', 'settings/hostCheck'],
    ['add check web/main exec --command /bin/true', 'web/main'],
  ])('of %s needs role full, whoever typed it', async (line, path) => {
    await textOf('begin')
    await textOf(line)
    const err = await refusalOf('commit', { role: 'operate' })
    expect(err).toContain(`to commit a change of ${path} needs role full, alice has operate`)
    expect(candidate()?.compare()).not.toEqual([])
    await textOf('commit')
  })

  test('of what the role operate may edit needs no more', async () => {
    await textOf('begin', { role: 'operate' })
    await textOf('log level debug', { role: 'operate' })
    await textOf('add check web/main tcp', { role: 'operate' })
    await textOf('commit', { role: 'operate' })
    expect(process.balancer.settings.logging.level).toBe('debug')
  })

  test('locks nobody out who did not say so', async () => {
    await textOf('begin')
    await textOf('user remove alice --force')
    expect(await refusalOf('commit')).toContain('say --force where that is meant')
    expect(process.balancer.users.map(({ name }) => name)).toEqual(['alice', 'bob'])
    await textOf('commit --force')
    expect(process.balancer.users.map(({ name }) => name)).toEqual(['bob'])
  })
})

describe('discard', () => {
  test('says how much is gone', async () => {
    await textOf('begin')
    await textOf('set host web/main/a weight 5')
    expect(await textOf('discard')).toBe(
      'candidate discarded: 1 difference, none of it was in effect\n',
    )
    expect(candidate()).toBeUndefined()
    expect(await refusalOf('discard')).toContain('alice has no candidate')
  })
})

test('show candidates lists whose they are', async () => {
  expect(await textOf('show candidates')).toBe('no candidates; begin opens one\n')
  await textOf('begin')
  await textOf('set host web/main/a weight 5')
  await textOf('set host web/main/b weight 5')
  host('b').weight = 2
  const rows = JSON.parse(await textOf('show candidates --json', { operator: 'bob' }))
  expect(rows).toMatchObject([{ operator: 'alice', changes: 1, conflicts: 1 }])
  expect(await textOf('show candidates')).toMatch(
    /^OPERATOR +SINCE +TOUCHED +CHANGES +CONFLICTS\nalice/,
  )
})
