// `rebalance group`: what it asks of the process, what it answers, and how it is seen. The process itself is tested
// beside it (test/app/rebalances.test.ts).
import { beforeEach, expect, test } from 'vitest'
import type { RebalancePlan, RebalanceView } from '../../../src/commands/context.ts'
import type { Group } from '../../../src/model/group.ts'
import { answersIn } from '../../helpers/answers.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const UNTIL = Date.UTC(2026, 10, 20, 12)

let process: StubProcess
let asked: [string, RebalancePlan][]
let underWay: RebalanceView | undefined
let most: number

beforeEach(async () => {
  asked = []
  underWay = undefined
  most = 12
  const rebalances = {
    of: (group: Group) => (group.path === 'web/main' ? underWay : undefined),
    begin(group: Group, plan: RebalancePlan) {
      asked.push([group.path, plan])
      return { most, ended: 0, until: UNTIL }
    },
    end: () => underWay,
  }
  process = Object.assign(await createStubProcess(), { rebalances })
})

const { textOf, refused } = answersIn(() => contextOf(process))

test.each([
  ['', { share: 0.2, overMs: 300_000 }, 'over 5m'],
  ['--share 50% --over 1m', { share: 0.5, overMs: 60_000 }, 'over 1m'],
  ['--share 100% --over 0s', { share: 1, overMs: 0 }, 'now'],
])('rebalance group web/main %s', async (flags, plan, when) => {
  const next = 'end it with: rebalance group web/main --stop'
  expect(await textOf(`rebalance group web/main ${flags}`)).toBe(
    `web/main: ends up to 12 sessions ${when}; ${next}\n`,
  )
  expect(asked).toEqual([['web/main', plan]])
})

test('says where there is nothing to end', async () => {
  most = 0
  expect(await textOf('rebalance group web/main')).toMatch(/^web\/main: nothing to end: no host/)
})

test('is seen while it is under way, and can be stopped', async () => {
  expect(await textOf('rebalance group web/main --stop')).toBe(
    'web/main: no rebalance is under way\n',
  )
  underWay = { most: 12, ended: 5, until: UNTIL }
  const next = 'end it with: rebalance group web/main --stop'
  const so = '5 of up to 12 sessions ended, until 2026-11-20T12:00:00.000Z'
  const note = `REBALANCE of web/main: ${so}; ${next}\n`
  expect(await textOf('show groups')).toContain(`\n${note}`)
  expect(await textOf('show groups web/spare')).not.toContain('REBALANCE')
  const rows = JSON.parse(await textOf('show groups web --json')) as unknown[]
  const until = '2026-11-20T12:00:00.000Z'
  expect(rows).toMatchObject([{ rebalance: { most: 12, ended: 5, until } }, { rebalance: null }])
  expect(JSON.parse(await textOf('rebalance group web/main --stop --json'))).toEqual({
    done: 'rebalance',
    path: 'web/main',
    field: null,
    before: underWay,
    after: null,
    message: 'web/main: rebalance stopped, 5 of up to 12 sessions were ended',
    candidate: false,
  })
  expect(asked).toEqual([])
})

test.each([
  [
    'rebalance group web/spare',
    1,
    'web/spare does not serve: clients would come back to the group',
  ],
  ['rebalance group web/main --share 0%', 2, 'share is from 1% to 100%, got "0%"'],
  ['rebalance group web/main --share 101%', 2, 'got "101%"'],
  ['rebalance group web/main --share 20', 2, 'got "20"'],
  ['rebalance group web/main --over soon', 2, 'over is a number with its unit'],
  ['rebalance group web', 2, 'a group is named by SERVICE/GROUP'],
])('%s is refused', async (line, exit, sentence) => {
  await refused(line, exit, sentence)
  expect(asked).toEqual([])
})
