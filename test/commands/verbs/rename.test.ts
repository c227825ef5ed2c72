// Commands that call things otherwise: what they answer and what they refuse; what goes on is in test/model/.
import { beforeEach, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

test.each([
  ['rename service web www', 'web: is www now', 'www/main/a'],
  ['rename group web/main first', 'web/main: is web/first now', 'web/first/a'],
  ['rename host web/main/a one', 'web/main/a: is web/main/one now', 'web/main/one'],
  ['rename host web/main/a a', 'web/main/a: is already called so', 'web/main/a'],
  [
    'rename listener web/listen/127.0.0.1:8080 127.0.0.1:81',
    'web/listen/127.0.0.1:8080: moved to 127.0.0.1:81',
    'web/listen/127.0.0.1:81',
  ],
])('%s', async (line, sentence, path) => {
  const { exit, out, err } = await runLine(line, contextOf(process))
  expect({ exit, out, err }).toEqual({ exit: 0, out: `${sentence}\n`, err: '' })
  expect(process.balancer.find(path).path).toBe(path)
})

test('the answer says what it was and what it is', async () => {
  const { out } = await runLine('rename host web/main/a one --json', contextOf(process))
  expect(JSON.parse(out)).toEqual({
    done: 'rename',
    path: 'web/main/one',
    field: 'name',
    before: 'a',
    after: 'one',
    message: 'web/main/a: is web/main/one now',
    candidate: false,
  })
})

test.each([
  ['rename host web/main/a b', 1, 'web/main already has a host b'],
  ['rename host web/main/a web/main/x', 2, 'without a slash'],
  ['rename group web/main listen', 2, 'listen is reserved'],
  ['rename service web mail', 1, 'the balancer already has a service mail'],
  ['rename service wbe www', 4, 'did you mean web?'],
  ['rename check web/spare 1', 2, 'no rename "check"'],
  ['listen add web *', 2, '* has no port: add one, as in *:8080; port 0 lets the system choose'],
  ['listen add web [::1]', 2, 'add one, as in [::1]:8080'],
  ['listen move web/listen/127.0.0.1:8080 10.0.0.1', 2, '10.0.0.1 has no port'],
])('%s is refused', async (line, exit, sentence) => {
  const before = JSON.stringify(process.balancer.snapshot())
  const outcome = await runLine(line, contextOf(process))
  expect(outcome).toMatchObject({ exit, out: '' })
  expect(outcome.err).toContain(sentence)
  expect(JSON.stringify(process.balancer.snapshot())).toBe(before)
})

test('undo gives the old name back', async () => {
  await runLine('rename group web/main first', contextOf(process))
  await runLine('undo', contextOf(process))
  expect(process.balancer.find('web/main').path).toBe('web/main')
})
