// The operator's function is asked: what is an answer, what is none, and how often a throw is told of.
import { expect, test } from 'vitest'
import { answerOf, askFaultsTo } from '../../src/engine/asking.ts'
import type { AskFault } from '../../src/engine/contract.ts'
import type { AskFunction } from '../../src/model/ask.ts'
import type { AskRule, TableRule } from '../../src/scheduler/rule.ts'
import { inOrder } from '../helpers/engine-rig.ts'

const QUESTION = { service: 'web', group: 'main', client: '192.0.2.7', hosts: [] }

function rule(ask: AskFunction, deadlineMs = 60_000): AskRule {
  return { kind: 'ask', ask, deadlineMs, fallback: inOrder(1) as TableRule }
}

test.each<[string, AskFunction, string | undefined]>([
  ['a name', () => 'a', 'a'],
  ['a promise of one', async () => 'b', 'b'],
  ['nothing', () => undefined, undefined],
  ['what is no name', () => 7 as never, undefined],
])('%s', async (_, ask, answer) => {
  const faults: unknown[] = []
  expect(await answerOf(rule(ask), QUESTION, (...fault) => faults.push(fault))).toBe(answer)
  expect(faults).toEqual([])
})

test('an answer that is late is none', async () => {
  const never = new Promise<string>(() => {})
  expect(
    await answerOf(
      rule(() => never, 1),
      QUESTION,
      () => {},
    ),
  ).toBeUndefined()
})

test.each<[string, AskFunction]>([
  [
    'thrown',
    () => {
      throw new Error('of the operator')
    },
  ],
  ['rejected', () => Promise.reject(new Error('of the operator'))],
])('what is %s is no answer, and is told of with the question', async (_, ask) => {
  const faults: unknown[] = []
  const answer = await answerOf(rule(ask), QUESTION, (question, error) =>
    faults.push(question, String(error)),
  )
  expect([answer, faults]).toEqual([undefined, [QUESTION, 'Error: of the operator']])
})

test('of many throws at once the first one is told', () => {
  const told: AskFault[] = []
  const askFailed = askFaultsTo({ askFailed: (fault) => told.push(fault) })
  for (const error of ['one', 'two', 'three']) askFailed(QUESTION, error)
  expect(told).toEqual([{ service: 'web', group: 'main', error: 'one', more: 0 }])
})
