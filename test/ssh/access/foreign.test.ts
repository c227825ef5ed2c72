// Operators are changed while they are logged in: who lost what let him in is out, and nobody else.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { whyForeign } from '../../../src/ssh/access/foreign.ts'
import { newKeyPair } from '../../../src/ssh/access/keys.ts'
import { type RunningSluice, startRunningSluice } from '../../helpers/running-sluice.ts'
import { makeClientKey, resultOf, spawnSsh, ssh } from '../../helpers/ssh-client.ts'

let running: RunningSluice

beforeAll(async () => {
  running = await startRunningSluice()
})

afterAll(() => running.stop())

test('a key that is removed ends the logins it let in, and no others of that operator', async () => {
  const [one, two] = ['one', 'two'].map((name) => makeClientKey(running.folder, name))
  const { balancer } = running.sluice.core
  const carol = {
    name: 'carol',
    access: 'operate',
    keys: [one?.line ?? '', two?.line ?? ''],
  } as const
  balancer.setUsers([...balancer.users, carol])
  const target = (key = one) => ({ ...running.target('full'), user: 'carol', key: key?.file ?? '' })
  const [first, second] = [target(one), target(two)].map((each) => spawnSsh(each, ['tail log']))
  const isOpen = () =>
    running.sluice.process.operators.list().filter(({ channels }) => channels.length > 0)
  const ended = second === undefined ? undefined : resultOf(second)
  await expect.poll(isOpen).toHaveLength(2)
  expect(await ssh(running.target('full'), ['key remove carol 2'])).toMatchObject({ status: 0 })
  expect(await ended).toMatchObject({ status: 1, err: 'Your access by this key was removed.\n' })
  expect(isOpen()).toMatchObject([
    { operator: 'carol', how: expect.stringContaining('key SHA256') },
  ])
  first?.kill()
  await expect.poll(isOpen).toEqual([])
})

test('the authority of a certificate counts as the key', () => {
  const key = newKeyPair('authority').public
  const user = { name: 'a', access: 'full', password: '', auth: 'any' } as const
  const before = [{ ...user, keys: [`cert-authority ${key}`] }]
  const fingerprint = running.sluice.process.keyOf(key)
  const how = `certificate "a" (serial 7) by ${typeof fingerprint === 'string' ? '' : fingerprint.fingerprint}`
  const login = { operator: 'a', role: 'full', how } as const
  expect(whyForeign(login, before, before)).toBeUndefined()
  expect(whyForeign(login, before, [{ ...user, keys: [] }])).toBe('by this key was removed')
  expect(whyForeign({ ...login, how: 'password' }, before, [{ ...user, keys: [] }])).toBeUndefined()
})

test('another folder of keys counts from then on', async () => {
  const { balancer } = running.sluice.core
  const { keys } = balancer.settings.ssh
  const empty = join(running.folder, 'no-keys')
  mkdirSync(empty, { mode: 0o700 })
  balancer.configure('ssh', { keys: empty })
  expect((await ssh(running.target('full'), ['show version'])).status).toBe(255)
  balancer.configure('ssh', { keys })
  expect((await ssh(running.target('full'), ['show version'])).status).toBe(0)
})
