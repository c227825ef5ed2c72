// Commands as a script types them, with the real OpenSSH client: pipes, passwords and keys on standard input.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyPassword } from '../../src/access/passwords.ts'
import { startSshBalancer, type SshBalancer } from '../helpers/ssh-balancer.ts'
import { type ClientKey, makeClientKey, ssh, type SshTarget } from '../helpers/ssh-client.ts'

let sluice: SshBalancer
let bobs: ClientKey
let alice: SshTarget
let bob: SshTarget

beforeAll(async () => {
  sluice = await startSshBalancer([])
  const { folder: place } = sluice
  const key = makeClientKey(place, 'alice')
  bobs = makeClientKey(place, 'bob')
  sluice.balancer.setUsers([
    { name: 'alice', access: 'full', keys: [key.line] },
    { name: 'bob', access: 'operate' },
  ])
  const { port } = sluice
  alice = { folder: place, port, user: 'alice', key: key.file }
  bob = { folder: place, port, user: 'bob', key: join(place, 'bob') }
})

afterAll(() => sluice.stop())

test('pipes run on the balancer where they are quoted', async () => {
  const { status, out } = await ssh(alice, ['show hosts | match main | except /b | count'])
  expect({ status, out }).toEqual({ status: 0, out: '2\n' })
  const wrong = await ssh(alice, ['show hosts | mtach main'])
  expect(wrong).toMatchObject({ status: 2, out: '' })
  expect(wrong.err).toContain('did you mean match?')
})

test('a key from a file lets its owner in, until it is removed', async () => {
  expect((await ssh(bob, ['show version'])).status).toBe(255)
  expect(await ssh(alice, ['key', 'add', 'bob'], `${bobs.line}\n`)).toMatchObject({ status: 0 })
  expect((await ssh(bob, ['show version'])).status).toBe(0)
  expect(await ssh(alice, ['key', 'remove', 'bob', '1'])).toMatchObject({ status: 0 })
  expect((await ssh(bob, ['show version'])).status).toBe(255)
})

test('a password comes on standard input, and stands nowhere', async () => {
  const secret = 'correct horse battery'
  const { status, out } = await ssh(alice, ['user', 'set', 'bob', 'password'], `${secret}\n`)
  expect({ status, out }).toEqual({ status: 0, out: 'user bob: password set\n' })
  const user = sluice.balancer.users.find(({ name }) => name === 'bob')
  expect(await verifyPassword(user?.password, secret)).toBe(true)
  expect(JSON.stringify(sluice.log.lines)).not.toContain(secret)
})

test('a hash that is typed is not in the log', async () => {
  await ssh(alice, ['user', 'set', 'bob', 'passwordHash', '..xpoEyRReGzk'])
  expect(JSON.stringify(sluice.log.lines)).not.toContain('xpoEyRReGzk')
})
