// `move host`: what it answers and what it refuses; what goes on is in test/model/.
import { beforeEach, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const namesNow = () =>
  process.balancer
    .service('web')
    .group('main')
    .hostList.map(({ name }) => name)

test.each([
  ['move host web/main/b --before a', 'web/main/b: stands now in front of a', ['b', 'a', 'c']],
  ['move host web/main/a', 'web/main/a: stands now at the end', ['b', 'c', 'a']],
  ['move host web/main/c', 'web/main/c: stands at the end', ['a', 'b', 'c']],
])('%s', async (line, sentence, names) => {
  expect(namesNow()).toEqual(['a', 'b', 'c'])
  const { exit, out, err } = await runLine(line, contextOf(process))
  expect({ exit, out, err }).toEqual({ exit: 0, out: `${sentence}\n`, err: '' })
  expect(namesNow()).toEqual(names)
})

test('undo puts it back, and says what it does', async () => {
  await runLine('move host web/main/a', contextOf(process))
  const { out } = await runLine('undo', contextOf(process))
  expect(out).toContain('web/main/a: moved before b')
  expect(namesNow()).toEqual(['a', 'b', 'c'])
})

test('a host of another group is no neighbour', async () => {
  const outcome = await runLine('move host web/main/a --before zz', contextOf(process))
  expect(outcome).toMatchObject({ exit: 4, out: '' })
  expect(outcome.err).toContain('no host zz in web/main')
})
