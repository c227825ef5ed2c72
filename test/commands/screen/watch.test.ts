// `| watch`: round after round, on a terminal that is not one and on none at all.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { eventually } from '../../helpers/eventually.ts'
import { FakeScreen } from '../../helpers/fake-screen.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess
let screen: FakeScreen

beforeEach(async () => {
  process = await createStubProcess()
  screen = new FakeScreen(120, 24)
})

/** Wait until the screen shows it. */
async function shows(pattern: RegExp): Promise<void> {
  await eventually(() => pattern.test(screen.text), `${pattern} on the screen`)
}

function start(line: string, signal = new AbortController().signal) {
  return runLine(line, { ...contextOf(process, { signal }), screen })
}

test('fills the screen, follows what changes, and q ends it', async () => {
  screen.colors = true
  const running = start('show hosts | match main | watch 500ms')
  await shows(/^every 500ms: show hosts \| match main \| watch 500ms +\d\d:\d\d:\d\d UTC\n/)
  await shows(/web\/main\/a/)
  expect(screen.text).not.toContain('spare')
  expect(screen.written.join('')).not.toContain('\x1b[7m')
  process.balancer.service('web').group('main').host('b').drain()
  await shows(/web\/main\/b .*draining/)
  const turned = screen.written.join('').split('\x1b[7m').slice(1)
  expect(turned.map((text) => text.split('\x1b[0m')[0])).toContainEqual(
    expect.stringMatching(/^web\/main\/b .*draining/),
  )
  screen.press('q')
  expect(await running).toEqual({ exit: 0, out: '', err: '' })
  expect([screen.entered, screen.left, screen.taken]).toEqual([1, 1, false])
})

test('follows the window, and says what does not fit', async () => {
  const running = start('show hosts | watch 500ms')
  await shows(/web\/spare\/s/)
  screen.resize(40, 5)
  await shows(/… \d more lines/)
  screen.resize(1, 1)
  screen.resize(500, 200)
  await shows(/web\/spare\/s/)
  screen.press('ctrl-c')
  expect((await running).exit).toBe(0)
})

test('a frame that a slow terminal had no room for comes later, not in the next round', async () => {
  screen.behind = true
  const running = start('show hosts | watch 1h')
  await nextTurn()
  expect(screen.text.trim()).toBe('')
  screen.behind = false
  await shows(/web\/main\/a/)
  screen.press('q')
  await running
})

test('ends when the operator leaves', async () => {
  const leaving = new AbortController()
  const running = start('show hosts | watch 500ms', leaving.signal)
  await shows(/web\/main\/a/)
  leaving.abort()
  await running
  expect([screen.left, screen.taken]).toEqual([1, false])
})

test('a round that is refused ends it with the refusal', async () => {
  const running = start('show hosts web/main | watch 500ms')
  await shows(/web\/main\/a/)
  process.balancer.service('web').enableGroup('spare')
  process.balancer.service('web').removeGroup('main')
  expect(await running).toMatchObject({ exit: 4, err: expect.stringContaining('no group main') })
  expect([screen.left, screen.taken]).toEqual([1, false])
})

test('without a terminal prints each round with an empty line between', async () => {
  const leaving = new AbortController()
  const printed: string[] = []
  const print = async (text: string) => {
    if (printed.push(text) === 2) leaving.abort()
  }
  const context = { ...contextOf(process, { signal: leaving.signal }), print }
  await runLine('show hosts | count | watch 500ms', context)
  expect(printed).toEqual(['4\n', '\n4\n'])
})
