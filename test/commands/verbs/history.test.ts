// `history`, `show revision` and `rollback` as they are typed: what they say, to whom, and what they hand over.
import { beforeEach, expect, test } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import type { DifferenceView, RevisionView } from '../../../src/commands/documents.ts'
import { runLine } from '../../../src/commands/run.ts'
import { answersIn } from '../../helpers/answers.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const WEIGHT: DifferenceView = {
  action: 'set',
  kind: 'host',
  path: 'web/main/a',
  field: 'weight',
  before: 1,
  after: 5,
}

let process: StubProcess
let revisions: RevisionView[]
let rolled: unknown[]

const { textOf, jsonOf, refused } = answersIn(() => contextOf(process))

beforeEach(async () => {
  rolled = []
  revisions = [revision(3, { changes: null }), revision(2), revision(1, { changes: [] })]
  process = await createStubProcess()
  const get = async (number: number) => {
    const found = revisions.find((each) => each.number === number)
    if (found === undefined) throw new BalancerError('NOT_FOUND', `no revision ${number}`)
    return found
  }
  Object.assign(process, {
    history: {
      list: async () => revisions,
      get,
      text: async () => '<config>\n  <user name="a" password="$hash"/>\n</config>\n',
      compare: async (...names: unknown[]) => {
        rolled.push(['compare', ...names])
        return [WEIGHT]
      },
      rollback: async (number: number, comment: string, permit?: (users: unknown[]) => void) => {
        permit?.([])
        rolled.push([number, comment])
        return { differences: [WEIGHT], file: 'config.xml', written: true, revision: 4 }
      },
    },
  })
  process.balancer.setUsers([])
})

function revision(number: number, given: Partial<RevisionView> = {}): RevisionView {
  return {
    number,
    time: Date.UTC(2026, 10, 20, number),
    origins: ['ssh:alice'],
    comment: `number ${number}`,
    changes: [WEIGHT, { ...WEIGHT, path: 'web/main/b' }],
    size: 100,
    ...given,
  }
}

test('history lists what was saved, newest first, with who and what', async () => {
  const [heading, ...rows] = (await textOf('history')).trimEnd().split('\n')
  expect(heading).toMatch(/^NUMBER +TIME +WHO +CHANGES +COMMENT$/)
  expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual([
    ['3', '2026-11-20T03:00:00Z', 'ssh:alice', '?', 'number 3'],
    [
      '2',
      '2026-11-20T02:00:00Z',
      'ssh:alice',
      '~ web/main/a: weight 1 -> 5, and 1 more',
      'number 2',
    ],
    ['1', '2026-11-20T01:00:00Z', 'ssh:alice', '-', 'number 1'],
  ])
})

test('history shows as many as asked for; a pipe and a filter see all of them', async () => {
  revisions = Array.from({ length: 60 }, (_, index) => revision(60 - index))
  expect((await textOf('history')).split('\n')).toHaveLength(22)
  expect((await textOf('history --lines 50')).split('\n')).toHaveLength(52)
  expect(await textOf('history --where number=1')).toContain('number 1\n')
  expect(await textOf('history | count')).toBe('60\n')
  await refused('history --lines 101', 2, 'from 1 to 100')
})

test('where there are none, it says why there might not be', async () => {
  revisions = []
  expect(await textOf('history')).toBe(
    'no revisions: nothing was saved yet, or the file is never written\n',
  )
})

test('what a comment or an origin holds cannot steer a terminal', async () => {
  revisions = [revision(1, { comment: '\u001b[2Jha', origins: ['ssh:\u0007'] })]
  const text = await textOf('history')
  expect(text).toContain('\\x1b[2Jha')
  expect(text).toContain('ssh:\\x07')
})

test('show revision prints the text, hashes of passwords for role full alone', async () => {
  expect(await textOf('show revision 2')).toContain('password="$hash"')
  for (const role of ['operate', 'readonly'] as const) {
    const text = await textOf('show revision 2', contextOf(process, { role }))
    expect(text).toContain('password="***"')
    const json = await textOf('show revision 2 --json', contextOf(process, { role }))
    expect(json).not.toContain('$hash')
  }
  await refused('show revision 9', 4, 'no revision 9')
  await refused('show revision x', 2, 'revision is a whole number')
})

test('show revision --changes lists what it changed of the one before', async () => {
  expect(await textOf('show revision 2 --changes')).toBe(
    '~ web/main/a: weight 1 -> 5\n~ web/main/b: weight 1 -> 5\n2 differences\n',
  )
  expect(await textOf('show revision 1 --changes')).toBe('no differences\n')
  expect(await textOf('show revision 3 --changes')).toContain('see: diff 2 3')
})

test('rollback says what was changed, and where it went', async () => {
  expect(await textOf('rollback 1')).toBe(
    '~ web/main/a: weight 1 -> 5\n1 difference; config.xml: written, revision 4\n',
  )
  await textOf("rollback 1 --comment 'b was no better'")
  expect(rolled).toEqual([
    [1, 'rollback to 1'],
    [1, 'b was no better'],
  ])
  expect(await jsonOf('rollback 1')).toMatchObject({
    done: 'rollback',
    dryRun: false,
    written: true,
    revision: 4,
    unsaved: null,
    differences: [WEIGHT],
  })
})

test('rollback --dry-run does nothing', async () => {
  expect(await textOf('rollback 1 --dry-run')).toBe(
    '~ web/main/a: weight 1 -> 5\n1 difference: nothing was done\n',
  )
  expect(rolled).toEqual([['compare', 'running', 1]])
})

test('a rollback that cannot be written says why', async () => {
  process.state = { ...process.state, unsaved: 'the disk is full' }
  process.history.rollback = async () => {
    return { differences: [], file: 'config.xml', written: false, revision: 2 }
  }
  expect(await textOf('rollback 1')).toBe(
    'no differences; config.xml: not written, the disk is full\n',
  )
})

test('a rollback that locks out whoever types it needs --force', async () => {
  process.balancer.setUsers([{ name: 'alice', access: 'full', keys: ['k'] }])
  await refused('rollback 1', 1, 'nobody would be left with role full; say --force')
  expect(rolled).toEqual([])
  await textOf('rollback 1 --force')
  expect(rolled).toHaveLength(1)
})

test.each(['readonly', 'operate'] as const)('role %s may look, and not go back', async (role) => {
  const context = contextOf(process, { role })
  await textOf('history', context)
  for (const line of ['rollback 1', 'rollback 1 --dry-run'])
    expect(await runLine(line, context)).toMatchObject({ exit: 3, out: '' })
})

test('how many lines is said also where pipes look at them', async () => {
  revisions = Array.from({ length: 30 }, (_, index) => revision(30 - index))
  expect(await textOf('history | count')).toBe('30\n')
  expect(await textOf('history --lines 2 | count')).toBe('2\n')
})
