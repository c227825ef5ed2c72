// `undo` over real ssh: what was typed, what was assigned at the prompt, and what somebody else did.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renewPassword } from '../../src/access/renew-password.ts'
import { type SshBalancer, startSshBalancer } from '../helpers/ssh-balancer.ts'
import { makeClientKey, ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { TestTerminal } from '../helpers/terminal.ts'

/** "admin" in the files of PythonDirector. */
const DES_ADMIN = '..xpoEyRReGzk'
const folder = mkdtempSync(join(tmpdir(), 'sluice-undo-'))
const key = makeClientKey(folder, 'key')
let sluice: SshBalancer
let op: SshTarget
let bob: SshTarget

beforeAll(async () => {
  sluice = await startSshBalancer([
    { name: 'op', access: 'full', keys: [key.line] },
    { name: 'bob', access: 'operate', keys: [key.line] },
  ])
  op = { folder, port: sluice.port, user: 'op', key: key.file }
  bob = { ...op, user: 'bob' }
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

const weights = () => sluice.balancer.hostList.map(({ weight }) => weight)

test('takes back single commands, over connections that are long gone', async () => {
  await ssh(op, ['set host web/main/a weight 5'])
  await ssh(bob, ['set host web/main/b weight 6'])
  await ssh(op, ['set host web/main/c weight 7'])
  expect((await ssh(op, ['undo'])).out).toContain('web/main/c: weight 7 -> 1\n')
  expect((await ssh(op, ['undo'])).out).toContain('web/main/a: weight 5 -> 1\n')
  expect(weights()).toEqual([1, 6, 1])
  expect((await ssh(op, ['undo'])).status).toBe(1)
  const list = JSON.parse((await ssh(op, ['undo --list --all --json'])).out)
  const his = list.find(({ origin }: { origin: string }) => origin === 'ssh:bob')
  expect((await ssh(op, [`undo ${his.number}`])).out).toContain('web/main/b: weight 6 -> 1\n')
  expect((await ssh(bob, ['undo --list --all'])).status).toBe(3)
})

test('leaves the password hash alone that a login renewed', async () => {
  const users = sluice.balancer.users
  sluice.balancer.setUsers([...users, { name: 'old', access: 'operate', password: DES_ADMIN }])
  const renewal = { operator: 'old', password: 'admin', oldHash: DES_ADMIN }
  await renewPassword(renewal, sluice.balancer, sluice.log)
  expect(sluice.balancer.users.at(-1)?.password).toMatch(/^scrypt/)
  sluice.balancer.setUsers([...users, { name: 'old', access: 'operate', keys: [key.line] }])
  const { status, err } = await ssh({ ...op, user: 'old' }, ['undo'])
  expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('nothing left') })
  sluice.balancer.setUsers(users)
})

test('takes back an evaluation whole, also what it did after an await', async () => {
  const code = [
    'for (const host of lb.hostList) host.weight = 9',
    'await null',
    'lb.services.web.groups.main.hosts.a.drain()',
  ].join('; ')
  const terminal = await TestTerminal.open(op, { columns: 110 })
  try {
    await terminal.shows(/sluice>/)
    await terminal.line(code)
    await terminal.shows(/sluice>\s*$/)
    await terminal.line('undo')
    await terminal.shows(/web\/main\/a: state draining -> enabled/)
    await terminal.shows(/act \d+ is undone; undo \d+ brings it back/)
  } finally {
    await terminal.close()
  }
  expect(weights()).toEqual([1, 1, 1])
  expect(sluice.balancer.hostList.every(({ ready }) => ready)).toBe(true)
})
