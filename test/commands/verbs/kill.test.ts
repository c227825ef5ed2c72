// Ending sessions by number, by host, and by client.
import { beforeEach, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { answersIn } from '../../helpers/answers.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
  process.sessionRows = [
    sessionRow(1, { client: '192.0.2.7:50001' }),
    sessionRow(2, { client: '192.0.2.7:50002', host: 'b' }),
    sessionRow(3, { client: '10.1.2.3:50001', host: 'b' }),
    sessionRow(4, { client: '[2001:db8::7]:50001', service: 'mail', group: 'in', host: 'm' }),
    sessionRow(5, { client: '', host: 'ab' }),
    sessionRow(6, { client: '10.9.9.9:1', host: '', group: '', step: 'held' }),
  ]
})

const { refused } = answersIn(() => contextOf(process))

const open = () => process.sessionRows.map(({ id }) => id)

test.each([
  ['kill session 3', 'session 3: 1 session ended', [1, 2, 4, 5, 6]],
  ['kill host web/main/b', 'web/main/b: 2 sessions ended', [1, 4, 5, 6]],
  ['kill host web/main/a', 'web/main/a: 1 session ended', [2, 3, 4, 5, 6]],
  ['kill host web/main/c', 'web/main/c: no session was open', [1, 2, 3, 4, 5, 6]],
  ['kill client 192.0.2.7', 'client 192.0.2.7: 2 sessions ended', [3, 4, 5, 6]],
  ['kill client 192.0.2.7:50002', 'client 192.0.2.7:50002: 1 session ended', [1, 3, 4, 5, 6]],
  ['kill client ::ffff:192.0.2.7', 'client 192.0.2.7: 2 sessions ended', [3, 4, 5, 6]],
  ['kill client 10.0.0.0/8', 'client 10.0.0.0/8: 2 sessions ended', [1, 2, 4, 5]],
  ['kill client 0.0.0.0/0', 'client 0.0.0.0/0: 4 sessions ended', [4, 5]],
  [
    'kill client [2001:db8::7]:50001',
    'client [2001:db8::7]:50001: 1 session ended',
    [1, 2, 3, 5, 6],
  ],
  ['kill client 2001:db8::/32', 'client 2001:db8::/32: 1 session ended', [1, 2, 3, 5, 6]],
  ['kill client 198.51.100.1', 'client 198.51.100.1: no session was open', [1, 2, 3, 4, 5, 6]],
])('%s', async (line, message, left) => {
  const { exit, out, err } = await runLine(line, contextOf(process))
  expect({ exit, out, err }).toEqual({ exit: 0, out: `${message}\n`, err: '' })
  expect(open()).toEqual(left)
})

test('the answer says how many were ended', async () => {
  const { out } = await runLine('kill host web/main/b --json', contextOf(process))
  expect(JSON.parse(out)).toEqual({
    done: 'kill',
    path: 'web/main/b',
    field: null,
    before: null,
    after: { ended: 2 },
    message: 'web/main/b: 2 sessions ended',
    candidate: false,
  })
})

test('many sessions are ended in portions, and an operator who leaves stops that', async () => {
  process.sessionRows = Array.from({ length: 2_500 }, (_, index) => sessionRow(index + 1))
  const left = new AbortController()
  const killing = runLine('kill host web/main/a', contextOf(process, { signal: left.signal }))
  left.abort()
  expect(await killing).toMatchObject({ exit: 1, out: '' })
  expect(open().length).toBeGreaterThan(0)
  const { out } = await runLine('kill host web/main/a --json', contextOf(process))
  expect(JSON.parse(out)).toMatchObject({ done: 'kill' })
  expect(open()).toEqual([])
})

test.each([
  ['kill session 9', 4, 'no session 9 is open; list them with: show sessions'],
  ['kill session one', 2, 'a session is named by its number, got "one"'],
  ['kill host web/main/x', 4, 'no host x in web/main'],
  ['kill client web', 2, 'clients are named by an IP address or a network (10.0.0.0/8'],
  ['kill client 10.0.0.0/33', 2, 'got "10.0.0.0/33"'],
  ['kill client 10.0.0.1:99999', 2, 'got "10.0.0.1:99999"'],
  ['kill client :80', 2, 'got ":80"'],
])('%s is refused', async (line, exit, sentence) => {
  await refused(line, exit, sentence)
  expect(open()).toHaveLength(6)
})
