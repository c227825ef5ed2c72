// `top` on a terminal that is not one: what it paints, what keys do, and that nothing stays behind however it ends.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import type { CommandContext } from '../../../src/commands/context.ts'
import { type Outcome, runLine } from '../../../src/commands/run.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { Host } from '../../../src/model/host.ts'
import { eventually } from '../../helpers/eventually.ts'
import { FakeScreen } from '../../helpers/fake-screen.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../../helpers/stub-process.ts'

let process: StubProcess
let screen: FakeScreen

beforeEach(async () => {
  process = await createStubProcess()
  screen = new FakeScreen(100, 24)
})

function start(
  line = 'top',
  given: { role?: OperatorRole; signal?: AbortSignal } = {},
): Promise<Outcome> {
  const context: CommandContext = { ...contextOf(process, given), screen }
  return runLine(line, context)
}

/** Wait until the screen shows it. */
async function shows(pattern: RegExp): Promise<void> {
  await eventually(() => pattern.test(screen.text), `${pattern} on the screen`)
}

function expectGivenBack(): void {
  expect({ entered: screen.entered, left: screen.left, taken: screen.taken }).toEqual({
    entered: 1,
    left: 1,
    taken: false,
  })
}

test('shows the hosts until q, and answers nothing', async () => {
  const running = start()
  await shows(/web\/main\/a +ready[^]*web\/spare\/s/)
  expect(screen.lines.at(-1)).toContain('d drain')
  screen.press('q')
  expect(await running).toEqual({ exit: 0, out: '', err: '' })
  expectGivenBack()
})

test.each(['ctrl-c', 'q'])('%s leaves at once', async (name) => {
  const running = start('top services')
  await shows(/SERVICE/)
  screen.press(name)
  expect((await running).exit).toBe(0)
  expectGivenBack()
})

test('ends when the operator leaves', async () => {
  const leaving = new AbortController()
  const running = start('top', { signal: leaving.signal })
  await shows(/web\/main\/a/)
  leaving.abort()
  await running
  expectGivenBack()
})

test('ends with the reason when something goes wrong in a look, and in a key', async () => {
  const running = start()
  await shows(/web\/main\/a/)
  Object.assign(process, {
    sessions: () => {
      throw new Error('a fault')
    },
  })
  expect(await running).toMatchObject({ exit: 1, err: expect.stringContaining('a fault') })
  expectGivenBack()
  screen = new FakeScreen(100, 24)
  process = await createStubProcess()
  const another = start()
  await shows(/web\/main\/a/)
  Object.assign(process, {
    sessions: () => {
      throw new Error('another fault')
    },
  })
  screen.press('3')
  expect((await another).err).toContain('another fault')
  expectGivenBack()
})

test('drains by key, and says what became of it; undo takes back that alone', async () => {
  const running = start()
  await shows(/web\/main\/a/)
  screen.press('n', 'home', 'd')
  await shows(/web\/main\/a: state enabled -> draining/)
  expect(screen.text).toMatch(/web\/main\/a +draining/)
  screen.press('down', 'x')
  await shows(/web\/main\/b +disabled/)
  const [last] = process.journal.acts()
  expect(last?.changes.map(({ path }) => path)).toEqual(['web/main/b'])
  screen.press('q')
  await running
})

test('kills only after a yes, and says how many sessions that ends', async () => {
  const killed: number[] = []
  Object.assign(process, { killSessions: (ids: number[]) => killed.push(...ids) && ids.length })
  process.sessionRows = [sessionRow(7), sessionRow(8)]
  const host = process.balancer.service('web').group('main').host('a')
  Host.countersOf(host).open = 2
  const running = start()
  await shows(/web\/main\/a/)
  screen.press('n', 'k')
  await shows(/end 2 sessions of web\/main\/a\? y\/n/)
  screen.press('n')
  await shows(/nothing was done/)
  expect(killed).toEqual([])
  screen.press('k', 'y')
  await shows(/web\/main\/a: 2 sessions ended/)
  screen.press('3', 'i', 'r', 'k')
  await shows(/end session 7 of 192.0.2.1:7 on web\/main\/a\? y\/n/)
  screen.press('y')
  await eventually(() => killed.length === 3, 'three ended')
  expect(killed).toEqual([7, 8, 7])
  screen.press('q')
  await running
})

test('role readonly looks and changes nothing', async () => {
  Host.countersOf(process.balancer.service('web').group('main').host('a')).open = 2
  const before = JSON.stringify(process.balancer.snapshot())
  const running = start('top', { role: 'readonly' })
  await shows(/web\/main\/a/)
  screen.press('n', 'd')
  await shows(/drain host needs role operate, alice has readonly/)
  screen.press('k')
  await shows(/that needs role operate, alice has readonly/)
  screen.press('y', 'q')
  await running
  expect(JSON.stringify(process.balancer.snapshot())).toBe(before)
})

test.each([
  [1, 1],
  [500, 200],
  [13, 2],
])('a window of %i x %i is no trouble, and neither is another one', async (columns, rows) => {
  screen.resize(columns, rows)
  const running = start()
  await nextTurn()
  screen.resize(80, 24)
  await shows(/web\/main\/a/)
  screen.resize(columns, rows)
  screen.press('?', 'down', '3', '1')
  screen.resize(80, 24)
  await shows(/SERVICE/)
  screen.press('q')
  await running
})

test('writes only what changed, and nothing while the terminal is behind', async () => {
  const running = start()
  await shows(/web\/main\/a/)
  screen.written = []
  screen.press('n')
  const one = screen.written.join('').length
  expect(one).toBeGreaterThan(0)
  screen.behind = true
  screen.written = []
  screen.press('r', 'r', 'down', 'up')
  expect(screen.written).toEqual([])
  screen.behind = false
  screen.press('n')
  expect(screen.written.join('').length).toBeLessThanOrEqual(one)
  screen.press('q')
  await running
})

test.each([
  ['top', 'top needs a terminal, and not a dumb one: ssh -t BALANCER top'],
  ['top --json', 'top is for people; scripts: show hosts --json'],
  ['top | match a', 'top is for people'],
  ['top | watch', 'top goes on by itself'],
])('%s without a terminal is refused', async (line, sentence) => {
  const { exit, err } = await runLine(line, contextOf(process))
  expect(exit).not.toBe(0)
  expect(err).toContain(sentence)
})

test('rates and bars come with time, also for sessions that are open', async () => {
  const host = process.balancer.service('web').group('main').host('a')
  process.sessionRows = [sessionRow(1)]
  const running = start()
  await shows(/web\/main\/a/)
  Host.countersOf(host).total += 5_000
  process.sessionRows = [sessionRow(1, { bytesFromHost: 50_000_000 })]
  await shows(/web\/main\/a +ready +0 +\d{4} +\d+M +0 +█/)
  screen.press('q')
  await running
})
