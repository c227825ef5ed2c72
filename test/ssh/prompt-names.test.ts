// Command or JavaScript: the same line must always be taken for the same thing. And what the log and the
// history make of lines with secrets.
import { PassThrough } from 'node:stream'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import type { Process } from '../../src/commands/context.ts'
import { bindNames, isCommandLine } from '../../src/ssh/prompt-names.ts'
import { looksSecret, masked } from '../../src/ssh/secrets.ts'
import { followedBalancer } from '../helpers/followed.ts'

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
])('%j is a command: %s', (line, command) => {
  expect(isCommandLine(line, context)).toBe(command)
})

test('services at the prompt are those of now', async () => {
  const { balancer } = await followedBalancer()
  const prompt = vm.createContext({ require: () => {} })
  bindNames(prompt, { process: { balancer } as Process, extra: {}, output: new PassThrough() })
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
  expect(masked('x = "scrypt$1$2$abc"')).toBe('x = "scrypt$…"')
  expect(looksSecret('show hosts')).toBe(false)
  expect(masked('show hosts\n')).toBe('show hosts')
})
