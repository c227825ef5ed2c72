// Command or JavaScript: the same line must always be taken for the same thing. And what the log and the
// history make of lines with secrets.
import { PassThrough } from 'node:stream'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import type { Process } from '../../../src/commands/context.ts'
import { Belongings } from '../../../src/ssh/prompt/belongings.ts'
import { bindNames, isCommandLine } from '../../../src/ssh/prompt/names.ts'
import { looksSecret, masked } from '../../../src/audit/secrets.ts'
import { followedBalancer } from '../../helpers/followed.ts'

const context = vm.createContext({ stop: 'a name of the operator' })
vm.runInContext('const save = 1', context)

test.each([
  ['show hosts', true],
  ['  show hosts --json', true],
  ['show --json', true],
  ["show 'hosts", true],
  ['set host web/main/a weight 5', true],
  ['show', true],
  ['show = 1', false],
  ['show.hosts', false],
  ['show(1)', false],
  ['show[0]', false],
  ['show ? 1 : 2', false],
  ['show - 1', false],
  ['show in lb', false],
  ['show instanceof Object', false],
  ['save', false],
  ['stop', false],
  ['services', false],
  ['lb.services', false],
  ['1 + 1', false],
  ['', false],
  ['shwo hosts', true],
  ['shwo hosts --json', true],
  ['ste host web/main/a weight 5', true],
  ['sav', true],
  ['shwo', true],
  ['shwo = 1', false],
  ['shwo(1)', false],
  ['let x = 5', false],
  ['let x = {', false],
  ['var sho', false],
  ['await save', false],
  ['Shwo hosts', false],
  ['lb shwo', false],
  ['help | match set', true],
  ['help|count', true],
  ['help | 1', false],
  ['help || match', false],
  ['lb | match', false],
  ['show hosts | match web', true],
])('%j is a command: %s', (line, command) => {
  expect(isCommandLine(line, context)).toBe(command)
})

test('services at the prompt are those of now', async () => {
  const { balancer } = await followedBalancer()
  const prompt = vm.createContext({ require: () => {} })
  const belongings = new Belongings(balancer)
  const names = { process: { balancer } as Process, extra: {}, output: new PassThrough() }
  bindNames(prompt, { ...names, belongings })
  await balancer.addService('dns')
  expect(vm.runInContext('Object.keys(services).join()', prompt)).toBe('web,dns')
  expect(vm.runInContext('services.dns', prompt)).toBe(balancer.service('dns'))
})

test('a secret is neither kept in the history nor written to the log', () => {
  const line = `lb.setUsers([{ name: 'a', password: 'scrypt$32768$8$1$c2FsdA$aGFzaA' }])`
  expect(looksSecret(line)).toBe(true)
  expect(masked(line)).toBe(`lb.setUsers([{ name: 'a', password: '…' }])`)
  expect(masked('user add a --password ..xpoEyRReGzk --role full')).toBe(
    'user add a --password … --role full',
  )
  expect(masked('user add a --password-hash ..xpoEyRReGzk --role full')).toBe(
    'user add a --password-hash … --role full',
  )
  expect(masked("user set a passwordHash 'no hash' --force")).toBe(
    "user set a passwordHash '…' --force",
  )
  expect(masked('x = "scrypt$1$2$abc"')).toBe('x = "scrypt$…"')
  expect(looksSecret('show hosts')).toBe(false)
  expect(masked('show hosts\n')).toBe('show hosts')
})

test.each([
  // What is quoted may end in a name, and the next quote is then no value of it.
  'x = "my secret"; password = "S1"',
  'x = "the secret "; password = "S1"',
  String.raw`password = "a\"bS1"`,
  'password: `one\nS1`',
  "x.secret ??= 'S1'",
  'u["password"] = "S1"',
  'setPassword("S1")',
  'user set alice pasword S1',
  'user set alice password "S1 and no end',
  'user set alice password=S1',
])('no part of a secret is left in: %s', (line) => {
  expect(masked(line)).not.toContain('S1')
})

test('words that only sound like one keep their values, and a long line takes no time', () => {
  const line = 'compass "north"; password === old; passive = "yes"'
  expect(masked(line)).toBe(line)
  const hostile = ['password ', 'secret = "', 'pass\\', 'token, '].map((word) => word.repeat(3_000))
  for (const each of hostile) expect(masked(each).length).toBeLessThanOrEqual(1_000)
})
