// The subsystem json-rpc with the real client: lines in, lines out, in their order.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { type RunningSluice, startRunningSluice } from '../../helpers/running-sluice.ts'
import { ssh } from '../../helpers/ssh-client.ts'

let running: RunningSluice

beforeAll(async () => {
  running = await startRunningSluice()
})

afterAll(() => running.stop())

async function ask(role: OperatorRole, ...lines: readonly (object | string)[]) {
  const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const { status, out, err } = await ssh(running.target(role), ['-s', 'json-rpc'], input.join('\n'))
  expect(err).toBe('')
  return {
    status,
    answers: out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  }
}

test('two good lines, one bad and one unknown: four answers with their ids, and exit 0', async () => {
  const { status, answers } = await ask(
    'full',
    { id: 1, command: 'show version' },
    { id: 'b', command: 'set host web/main/a weight 4' },
    '{',
    { id: 4, command: 'nope' },
  )
  expect(status).toBe(0)
  expect(answers).toMatchObject([
    { id: 1, exit: 0, result: { version: expect.any(String) } },
    { id: 'b', exit: 0, result: { done: 'set', path: 'web/main/a', field: 'weight', after: 4 } },
    { id: null, exit: 2, error: { code: 2, name: 'NOT_UNDERSTOOD' } },
    { id: 4, exit: 2, error: { message: expect.stringContaining('nope') } },
  ])
  expect(running.sluice.process.journal.acts()[0]).toMatchObject({ origin: 'ssh:full' })
})

test('roles and the audit log are those of every other way in', async () => {
  const { answers } = await ask('readonly', { id: 1, command: 'set host web/main/a weight 9' })
  expect(answers).toMatchObject([{ id: 1, exit: 3, error: { name: 'NOT_ALLOWED' } }])
  expect(running.sluice.core.balancer.service('web').group('main').host('a').weight).not.toBe(9)
  const last = running.sluice.process.audit.lines().findLast(({ event }) => event === 'refused')
  expect(last).toMatchObject({ operator: 'readonly', line: 'set host web/main/a weight 9' })
})

test.each([
  ['no object', '[1]', null],
  ['no command', '{"id":1}', 1],
  ['a command that is no text', '{"id":1,"command":7}', 1],
  ['an id that is no id', '{"id":{},"command":"show version"}', null],
  ['an id that is too long', `{"id":"${'x'.repeat(300)}","command":"show version"}`, null],
  ['an id that would come back rounded', '{"id":9007199254740993,"command":"show version"}', null],
  ['an id beyond all numbers', '{"id":1e999,"command":"show version"}', null],
  ['an input that is no text', '{"id":1,"command":"apply","input":7}', 1],
])('%s is refused with what would be accepted', async (_, line, id) => {
  const { status, answers } = await ask('full', line, '', { id: 2, command: 'show version' })
  expect(status).toBe(0)
  expect(answers).toMatchObject([
    { id, exit: 2, error: { name: 'NOT_UNDERSTOOD' } },
    { id: 2, exit: 0 },
  ])
})

test('a command that reads standard input has it from the line', async () => {
  const { answers } = await ask('full', {
    id: 1,
    command: 'apply --dry-run',
    input: running.config,
  })
  expect(answers).toMatchObject([{ id: 1, exit: 0, result: { done: 'apply', dryRun: true } }])
})

test('what comes piece by piece is told apart by its id, and ends with the answer', async () => {
  const input = 'show version\nnope\n'
  const { answers } = await ask('full', { id: 7, command: 'batch --keep-going', input })
  expect(answers).toMatchObject([
    { id: 7, piece: { line: 1, exit: 0 } },
    { id: 7, piece: { line: 2, exit: 2 } },
    { id: 7, exit: 2, error: { name: 'NOT_UNDERSTOOD' } },
  ])
})

test('a line beyond the limit ends the session with a reason', async () => {
  const line = 'x'.repeat(LIMITS.rpcLineBytesMax + 1)
  const { status, answers } = await ask('full', line, { id: 2, command: 'show version' })
  expect(status).toBe(2)
  expect(answers).toMatchObject([
    { id: null, error: { message: expect.stringContaining('bytes') } },
  ])
})

test('an unknown subsystem is refused, and noted', async () => {
  const { status, err } = await ssh(running.target('full'), ['-s', 'netconf'])
  expect(status).toBe(255)
  expect(err).toContain('subsystem request failed')
})
