// `drain host`: with and without waiting, what is done afterwards, and what ends a wait.
import { beforeEach, describe, expect, test } from 'vitest'
import { runLine, type Outcome } from '../../../src/commands/run.ts'
import { Host } from '../../../src/model/host.ts'
import { eventually } from '../../helpers/eventually.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../../helpers/stub-process.ts'

let process: StubProcess
let host: Host
let notes: string[]

beforeEach(async () => {
  process = await createStubProcess()
  host = process.balancer.find('web/main/a') as Host
  notes = []
})

function drain(rest: string, signal?: AbortSignal): Promise<Outcome> {
  const context = contextOf(process, signal === undefined ? {} : { signal })
  const note = async (text: string) => void notes.push(text)
  return runLine(`drain host web/main/a ${rest}`, { ...context, note })
}

/** Sessions of the host, which can be killed. */
function openSessions(count: number): void {
  Host.countersOf(host).open = count
  process.sessionRows = Array.from({ length: count }, (_, index) => sessionRow(index + 1))
  process.killSessions = (ids) => {
    process.sessionRows = process.sessionRows.filter((row) => !ids.includes(row.id))
    Host.countersOf(host).open -= ids.length
    return ids.length
  }
}

const waiting = () => eventually(() => notes.length > 0, 'it waits')

test('without --wait it answers at once and says how many finish', async () => {
  openSessions(2)
  const { exit, out } = await drain('')
  expect({ exit, out }).toEqual({
    exit: 0,
    out: 'web/main/a: state enabled -> draining, 2 open sessions finish\n',
  })
  expect(host.intent).toBe('draining')
})

test.each(['--then remove', '--timeout 5m'])('%s without --wait is refused', async (flags) => {
  const { exit, err } = await drain(flags)
  expect(exit).toBe(2)
  expect(err).toContain('add --wait')
  expect(host.intent).toBe('enabled')
})

test('a host without sessions is empty at once', async () => {
  const { exit, out } = await drain('--wait')
  expect({ exit, out }).toEqual({
    exit: 0,
    out: 'web/main/a: state enabled -> draining; it is empty\n',
  })
  expect(notes).toEqual([])
})

test('it counts down on standard error, and is done when the last session is gone', async () => {
  openSessions(3)
  const done = drain('--wait --timeout 10m --json')
  await waiting()
  expect(notes).toEqual(['web/main/a: 3 sessions left, 10m\n'])
  Host.countersOf(host).open = 1
  await eventually(() => notes.length > 1, 'the next line')
  expect(notes[1]).toMatch(/^web\/main\/a: 1 session left, 9m\d\ds\n$/)
  Host.countersOf(host).open = 0
  const { exit, out } = await done
  expect(exit).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ done: 'set', field: 'intent', after: 'draining' })
  expect(out).toContain('; empty after ')
  expect(host.intent).toBe('draining')
})

test('a number that stays the same is said once', async () => {
  openSessions(1)
  await drain('--wait --timeout 1500ms')
  expect(notes).toEqual(['web/main/a: 1 session left, 2s\n'])
})

describe('what comes then', () => {
  test('disable', async () => {
    expect((await drain('--wait --then disable')).out).toMatch(/; disabled\n$/)
    expect(host.intent).toBe('disabled')
  })

  test('remove', async () => {
    const { out } = await drain('--wait --then remove --json')
    expect(JSON.parse(out)).toMatchObject({ done: 'remove', path: 'web/main/a', after: null })
    expect(process.balancer.services['web']?.groups['main']?.hosts['a']).toBeUndefined()
  })

  test('kill ends what is left at the timeout', async () => {
    openSessions(2)
    const { exit, out } = await drain('--wait --timeout 1ms --then kill')
    expect({ exit, out }).toEqual({
      exit: 0,
      out: 'web/main/a: state enabled -> draining; not empty in time, 2 sessions ended\n',
    })
    expect(process.sessionRows).toEqual([])
  })

  test('kill has nothing to do where the host is empty in time', async () => {
    expect((await drain('--wait --then kill')).out).toMatch(/; it is empty\n$/)
  })

  test.each(['disable', 'remove'])('%s is not done at the timeout', async (then) => {
    openSessions(2)
    const { exit, err } = await drain(`--wait --timeout 1ms --then ${then}`)
    expect(exit).toBe(5)
    expect(err).toContain(`2 sessions left after 1ms, so it was not ${then}d`)
    expect(host.intent).toBe('draining')
  })
})

test('at the timeout it says how many are left, and how to end them', async () => {
  openSessions(1)
  const { exit, out, err } = await drain('--wait --timeout 1ms')
  expect({ exit, out }).toEqual({ exit: 5, out: '' })
  expect(err).toContain('1 session left after 1ms; it goes on draining')
  expect(err).toContain('kill host web/main/a')
})

test('an interrupt leaves the host draining and says so', async () => {
  openSessions(1)
  const interrupt = new AbortController()
  const done = drain('--wait', interrupt.signal)
  await waiting()
  interrupt.abort()
  // At once, for whoever is interrupted may not wait for the rest.
  expect(notes.at(-1)).toBe('web/main/a goes on draining\n')
  expect((await done).exit).toBe(1)
  expect(host.intent).toBe('draining')
})

test.each([
  ['removed', () => process.balancer.service('web').group('main').removeHost('a')],
  ['enabled', () => host.enable()],
])('a host that is %s meanwhile ends the wait', async (what, edit) => {
  openSessions(1)
  const done = drain('--wait')
  await waiting()
  edit()
  const { exit, err } = await done
  expect(exit).toBe(1)
  expect(err).toContain(`web/main/a was ${what} meanwhile`)
})
