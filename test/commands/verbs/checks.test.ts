// Commands that change checks: called by their place, refused without a trace, and a program only for role full.
import { beforeEach, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import type { Group } from '../../../src/model/group.ts'
import { answersIn } from '../../helpers/answers.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const main = () => process.balancer.find('web/main') as Group

const { textOf } = answersIn(() => contextOf(process))

test('checks are added behind each other, set and removed by their place', async () => {
  expect(await textOf('add check web/main http --path /healthz --interval 2s')).toBe(
    'web/main: check 1 added, http every 2s\n',
  )
  expect(await textOf('add check web/main tcp --rise 3')).toBe(
    'web/main: check 2 added, tcp every 5s\n',
  )
  expect(main().checks).toMatchObject([
    { type: 'http', path: '/healthz', intervalMs: 2_000, fall: 3 },
    { type: 'tcp', rise: 3 },
  ])
  expect(await textOf('set check web/main 1 interval 7s')).toBe(
    'web/main: check 1: interval 2s -> 7s\n',
  )
  expect(await textOf('remove check web/main 1')).toBe('web/main: check 1 removed, http every 7s\n')
  expect(main().checks).toMatchObject([{ type: 'tcp' }])
})

test('a check that is not touched stays the same object, so that what it counted counts', async () => {
  await textOf('add check web/main tcp')
  const [first] = main().checks
  await textOf('add check web/main tcp')
  await textOf('add check web/main http')
  await textOf('remove check web/main 2')
  expect(main().checks[0]).toBe(first)
  expect(main().checks).toHaveLength(2)
})

test('the answer is that of any change', async () => {
  expect(JSON.parse(await textOf('add check web/main tcp --json'))).toMatchObject({
    done: 'add',
    path: 'web/main',
    field: 'checks',
    before: [],
    after: [{ type: 'tcp' }],
  })
})

test.each([
  ['add check web/main', 2, 'add check needs TYPE (one of tcp, http, exec)'],
  ['add check web/main htpp', 2, 'type is one of tcp, http, exec, got "htpp"'],
  ['add check web/main http --path healthz', 2, 'path is a path that starts with /'],
  ['add check web/main http --pth /x', 2, 'no flag --pth, did you mean --path?'],
  ['add check web/main exec', 2, 'a check of type exec needs a command'],
  ['remove check web/main 1', 4, 'no check 1: web/main has 0 checks'],
  ['remove check web/spare 2', 4, 'no check 2: web/spare has 1 check'],
  ['remove check web/spare 0', 2, 'the place of a check is a whole number from 1'],
  ['set check web/spare 1 intervall 2s', 2, 'no field "intervall", did you mean interval?'],
  ['set check web/spare 1 interval soon', 2, 'interval is a number with its unit'],
  ['set check web/spare 1 type exec', 2, 'a check of type exec needs a command'],
])('%s', async (line, exit, sentence) => {
  const before = JSON.stringify(process.balancer.snapshot())
  const outcome = await runLine(line, contextOf(process))
  expect(outcome).toMatchObject({ exit, out: '' })
  expect(outcome.err).toContain(sentence)
  expect(JSON.stringify(process.balancer.snapshot())).toBe(before)
})

// Such a check runs a program of the operator's choice with the rights of the balancer.
test.each([
  'add check web/main exec --command /bin/true',
  'add check --command /bin/true web/main exec',
  'add check web/main --command /bin/true " EXEC "',
  'set check web/spare 1 type exec',
  'set check web/spare 1 type EXEC',
  'set check web/spare 1 command /bin/true',
])('%s needs role full', async (line) => {
  const { exit, err } = await runLine(line, contextOf(process, { role: 'operate' }))
  expect(exit).toBe(3)
  expect(err).toContain('needs role full with these words, alice has operate')
})
