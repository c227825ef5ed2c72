// What operators did and tried over ssh, as the audit log of a whole Sluice has it, with a real client.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyAudit } from '../../src/audit/verify.ts'
import { hashPassword } from '../../src/base/password-hash.ts'
import type { AuditEvent, AuditLine } from '../../src/audit/line.ts'
import { eventually } from '../helpers/eventually.ts'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { makeClientKey, ssh } from '../helpers/ssh-client.ts'

let running: RunningSluice
let seen = 0

beforeAll(async () => {
  const password = await hashPassword('correct horse')
  running = await startRunningSluice({
    users: `<user name="pw" access="full" password="${password}" />`,
  })
})

afterAll(() => running.stop())

beforeEach(() => {
  seen = running.sluice.process.audit.lines().length
})

/** Written since the test began. */
const told = (event?: AuditEvent): readonly AuditLine[] => {
  const lines = running.sluice.process.audit.lines().slice(seen)
  return event === undefined ? lines : lines.filter((line) => line.event === event)
}

const weight = () => running.sluice.core.balancer.find('web/main/a')

test('a change is told from the login to the logout, each line in the file before the answer', async () => {
  const { status } = await ssh(running.target('operate'), ['set host web/main/a weight 7'])
  expect(status).toBe(0)
  await eventually(() => told('logout').length === 1, 'the logout is noted')
  expect(told().map(({ event }) => event)).toEqual([
    'login',
    'command',
    'change',
    'result',
    'logout',
  ])
  const [login, command, change, result, logout] = told()
  const key = expect.stringMatching(/^SHA256:/)
  const who = { operator: 'operate', address: '127.0.0.1', key, login: login?.login }
  expect(login).toMatchObject({ ...who, reason: expect.stringMatching(/^key SHA256:/) })
  expect(command).toMatchObject({ ...who, line: 'set host web/main/a weight 7' })
  const edit = { action: 'set', path: 'web/main/a', field: 'weight', before: 1, after: 7 }
  expect(change).toMatchObject({ origin: 'ssh:operate', ...edit })
  expect(result).toMatchObject({ ...who, exit: 0 })
  expect(logout).toMatchObject({ ...who, reason: 'left' })
  const file = join(running.folder, 'audit.jsonl')
  expect(readFileSync(file, 'utf8')).toContain(login?.hash)
  expect(await verifyAudit(file)).toMatchObject({ whole: true })
})

test('an attempt that the role does not allow is told, a plain read is not', async () => {
  await ssh(running.target('readonly'), ['show hosts'])
  const { status } = await ssh(running.target('readonly'), ['disable host web/main/a'])
  expect(status).toBe(3)
  expect((await ssh(running.target('operate'), ["js '1 + 1'"])).status).toBe(3)
  expect(told('command')).toEqual([])
  expect(told('refused').map(({ operator, line }) => [operator, line])).toEqual([
    ['readonly', 'disable host web/main/a'],
    ['operate', "js '1 + 1'"],
  ])
})

test('every line of JavaScript is told once, before it is evaluated', async () => {
  await ssh(running.target('full'), ['js lb.services.web.groups.main.hosts.a.weight = 3'])
  const script = 'let sum = 0\nfor (const n of [1, 2]) {\n  sum += n\n}\nsum\n'
  expect((await ssh(running.target('full'), ['-T'], script)).out).toBe('3\n3\n')
  const lines = told('javascript').map(({ line }) => line)
  expect(lines).toEqual([
    'lb.services.web.groups.main.hosts.a.weight = 3',
    'let sum = 0',
    'for (const n of [1, 2]) {',
    '  sum += n',
    '}',
    'sum',
  ])
  const order = told().map(({ event }) => event)
  expect(order.indexOf('javascript')).toBeLessThan(order.indexOf('change'))
})

test('a login that is refused is told with the key that was shown', async () => {
  const stranger = makeClientKey(running.folder, 'stranger')
  const { status } = await ssh({ ...running.target('full'), key: stranger.file }, ['show hosts'])
  expect(status).toBe(255)
  await eventually(() => told('login refused').length > 0, 'the refusal is noted')
  expect(told('login refused')).toEqual([
    expect.objectContaining({
      operator: 'full',
      address: '127.0.0.1',
      key: expect.stringMatching(/^SHA256:/),
      reason: expect.stringMatching(/is not listed/),
    }),
  ])
  expect(told('login')).toEqual([])
})

test('secrets are in no line', async () => {
  await ssh(running.target('full'), ['user set pw --password hunter2hunter2'])
  await ssh(running.target('full'), [
    "js lb.setUsers([...lb.users, { name: 'x', password: 'hunter2hunter2' }])",
  ])
  const text = readFileSync(join(running.folder, 'audit.jsonl'), 'utf8')
  expect(text).not.toContain('hunter2')
  expect(text).not.toContain('scrypt$1')
})

test('what is not offered is told', async () => {
  await ssh(running.target('full'), ['-s', 'netconf'])
  expect(told('refused')).toEqual([
    expect.objectContaining({ operator: 'full', action: 'subsystem netconf' }),
  ])
})

test('while it cannot be written nothing is changed, by command, JavaScript or file, and reads work', async () => {
  const { file } = running
  const audit = join(running.folder, 'audit.jsonl')
  await running.sluice.process.save({ force: true, comment: '' })
  renameSync(audit, `${audit}.kept`)
  mkdirSync(audit)
  const before = JSON.stringify(weight())
  const refused = await ssh(running.target('full'), ['set host web/main/a weight 9'])
  expect(refused).toMatchObject({ status: 1, out: '' })
  expect(refused.err).toMatch(/audit log cannot be written, so nothing may be changed.*EISDIR/)
  const script = await ssh(
    running.target('full'),
    ['-T'],
    'services.web.groups.main.hosts.a.weight = 9\n',
  )
  expect(script).toMatchObject({
    status: 1,
    err: expect.stringMatching(/audit log cannot be written/),
  })
  const kept = running.config
  writeFileSync(file, kept.replace('9001', '9009'))
  await expect(running.sluice.process.reload()).rejects.toThrow(/audit log cannot be written/)
  expect(JSON.stringify(weight())).toBe(before)
  expect((await ssh(running.target('readonly'), ['show hosts'])).out).toMatch(
    /AUDIT: the audit log cannot/,
  )
  writeFileSync(file, kept)
  rmSync(audit, { recursive: true })
  renameSync(`${audit}.kept`, audit)
  expect((await ssh(running.target('full'), ['set host web/main/a weight 9'])).status).toBe(0)
  const verdict = await verifyAudit(audit)
  expect(verdict).toMatchObject({ whole: true, faults: [] })
  expect(verdict.notes.at(-1)).toMatch(/events since .* could not be written: EISDIR/)
})
