// `undo` as it is typed: whose acts, which one, and what it says.
import { beforeEach, expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { type Outcome, runLine } from '../../../src/commands/run.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

function typed(line: string, operator = 'alice', role: OperatorRole = 'operate'): Promise<Outcome> {
  const context = { ...contextOf(process, { role }), operator }
  return withOrigin(`ssh:${operator}`, () => runLine(line, context))
}

const weightOf = (name: string) => process.balancer.service('web').group('main').host(name).weight

test('takes back the last line, then the one before, and says what it did', async () => {
  await typed('set host web/main/a weight 5')
  await typed('drain host web/main/b')
  await typed('show hosts')
  expect((await typed('undo')).out).toMatch(
    /^web\/main\/b: state draining -> enabled\nact \d+ is undone; undo \d+ brings it back\n$/,
  )
  expect((await typed('undo')).out).toMatch(/^web\/main\/a: weight 5 -> 1\n/)
  const { exit, err } = await typed('undo')
  expect({ exit, err }).toMatchObject({ exit: 1, err: expect.stringContaining('nothing left') })
})

test('takes back what was assigned, too, and a number brings it back', async () => {
  const { balancer } = process
  withOrigin('ssh:alice', () => {
    for (const host of balancer.hostList) host.weight = 3
  })
  const { out } = await typed('undo')
  expect(weightOf('a')).toBe(1)
  const [, number = ''] = /undo (\d+) brings/.exec(out) ?? []
  await typed(`undo ${number}`)
  expect(weightOf('a')).toBe(3)
})

test('lists what the operator did, newest first', async () => {
  await typed('set host web/main/a weight 5')
  await typed('disable host web/main/b', 'bob')
  await typed('undo')
  const { out } = await typed('undo --list')
  const [heading, first, second, ...more] = out.trimEnd().split('\n')
  expect(heading).toMatch(/^ *ACT +TIME +WHO +UNDONE +WHAT$/)
  expect(first).toMatch(/ssh:alice +no +undo \d+: web\/main\/a: weight 5 -> 1$/)
  expect(second).toMatch(/ssh:alice +yes +web\/main\/a: weight 1 -> 5$/)
  expect(more).toEqual([])
  const all = JSON.parse((await typed('undo --list --all --json', 'carol', 'full')).out)
  expect(all.map(({ origin }: { origin: string }) => origin)).toContain('ssh:bob')
  expect((await typed('undo --list', 'dave')).out).toBe('nothing to undo\n')
})

test('what somebody else did is for role full', async () => {
  await typed('disable host web/main/b', 'bob')
  const [last] = process.journal.acts()
  const line = `undo ${last?.number}`
  expect((await typed(line)).exit).toBe(3)
  expect((await typed('undo --list --all')).exit).toBe(3)
  for (const line of ['undo --all', 'undo --list 3'])
    expect(await typed(line, 'carol', 'full')).toMatchObject({ exit: 2, out: '' })
  expect((await typed('undo')).err).toContain('nothing left to undo')
  expect((await typed(line, 'carol', 'full')).out).toContain('state disabled -> enabled')
})

test('a setting is for role full, whatever the role was when it was changed', async () => {
  await typed('set setting hostCheck interval 5s', 'alice', 'full')
  const { exit, err } = await typed('undo')
  expect(exit).toBe(3)
  expect(err).toContain('changed a setting; to undo it is for role full, alice has operate')
  expect((await typed('undo', 'alice', 'full')).out).toContain('settings/hostCheck: interval 5s ->')
})

test('secrets of operators come back without being shown', async () => {
  const { balancer } = process
  balancer.setUsers([{ name: 'eve', password: '$scrypt$secret' }])
  await withOrigin('ssh:alice', async () => balancer.setUsers([{ name: 'mallory' }]))
  const { out } = await typed('undo --json', 'alice', 'full')
  expect(balancer.users).toMatchObject([{ name: 'eve', password: '$scrypt$secret' }])
  expect(out + (await typed('undo --list --all --json', 'alice', 'full')).out).not.toContain(
    'scrypt',
  )
})

test('a refusal names what stands in the way, and an unknown number is no such object', async () => {
  await typed('set host web/main/a weight 5')
  await typed('set host web/main/a weight 6', 'bob')
  const { exit, err } = await typed('undo')
  expect(exit).toBe(1)
  expect(err).toMatch(/nothing was undone: web\/main\/a: weight is 6 by now \(ssh:bob, act \d+\)/)
  expect((await typed('undo 4711')).exit).toBe(4)
})
