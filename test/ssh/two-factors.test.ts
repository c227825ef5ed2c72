// What an operator has to show by `auth`: a key, a password, both, or one of them; and that nobody learns from
// an answer, or from the work behind it, who exists.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Directory, judge, takesPasswords, type Visit } from '../../src/ssh/access/login.ts'
import { hashPassword } from '../../src/base/password-hash.ts'
import { type SshBalancer, startSshBalancer } from '../helpers/ssh-balancer.ts'
import { makeClientKey, ssh, sshArgs } from '../helpers/ssh-client.ts'

const counted = vi.hoisted(() => ({ hashes: 0 }))
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  const scrypt = (...given: Parameters<typeof crypto.scrypt>) => {
    counted.hashes++
    crypto.scrypt(...given)
  }
  return { ...crypto, scrypt }
})

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'sluice-two-'))
const key = makeClientKey(folder, 'key')
const other = makeClientKey(folder, 'other')
const PASSWORD = 'correct horse'
let sluice: SshBalancer

beforeAll(async () => {
  const user = { access: 'full', keys: [key.line], password: await hashPassword(PASSWORD) } as const
  sluice = await startSshBalancer([
    { ...user, name: 'any' },
    { ...user, name: 'key', auth: 'publickey' },
    { ...user, name: 'password', auth: 'password' },
    { ...user, name: 'both', auth: 'publickey+password' },
    {
      ...user,
      name: 'bound',
      auth: 'publickey+password',
      keys: [`command="show groups --json" ${key.line}`],
    },
    { ...user, name: 'bare', password: '' },
    { ...user, name: 'des', password: '..xpoEyRReGzk' },
  ])
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

test.each([
  ['any', 'key', 0],
  ['any', 'password', 0],
  ['key', 'key', 0],
  ['key', 'password', 255],
  ['password', 'key', 255],
  ['password', 'password', 0],
  ['both', 'key', 255],
  ['both', 'password', 255],
  ['both', 'both', 0],
  ['both', 'other key and password', 255],
  ['both', 'key and wrong password', 255],
] as const)('%s shows %s and ends with %d', async (user, shown, status) => {
  const file = shown.startsWith('other') ? other.file : key.file
  const keyed = shown !== 'password'
  const password = shown.includes('wrong') ? 'wrong' : PASSWORD
  const answer = shown === 'key' ? undefined : password
  expect(await login(user, keyed ? file : undefined, answer)).toBe(status)
})

test('both by keyboard-interactive as well', async () => {
  const methods = 'publickey,keyboard-interactive'
  expect(await login('both', key.file, PASSWORD, methods)).toBe(0)
  const { how } = sluice.log.of('ssh login').at(-1) ?? {}
  expect(how).toMatch(/^key SHA256:\S+ and password$/)
})

test('a password after the key keeps what the key forces', async () => {
  const words = sshArgs({ folder, port: sluice.port, user: 'bound', key: key.file, options: ASKED })
  const { stdout } = await run('sshpass', ['-p', PASSWORD, 'ssh', ...words, 'stop'])
  expect(JSON.parse(stdout)).toMatchObject([{ name: 'main' }])
})

test('without anything to show, all names are offered the same', async () => {
  const offered = new Map<string, string>()
  for (const user of ['any', 'key', 'password', 'both', 'bare', 'nobody']) {
    const target = { folder, port: sluice.port, user, options: ['LogLevel=INFO'] }
    const { err } = await ssh(target, ['show groups'])
    offered.set(user, err.replace(user, 'NAME'))
  }
  const answers = [...new Set(offered.values())]
  expect(answers).toHaveLength(1)
  expect(answers[0]).toMatch(/\(publickey,password,keyboard-interactive\)/)
})

test('a password costs one hash, whoever gives it and however wrong it is', async () => {
  const directory: Directory = { users: sluice.balancer.users, keysOf: async () => [] }
  for (const name of ['any', 'key', 'password', 'both', 'bare', 'des', 'nobody']) {
    for (const password of ['wrong', PASSWORD, '']) {
      const before = counted.hashes
      await judge(visitOf(name), { method: 'password', password }, directory)
      const hashes = counted.hashes - before
      expect({ name, password, hashes }).toEqual({ name, password, hashes: 1 })
    }
  }
})

test('passwords are offered as long as somebody has one that counts', () => {
  const [any] = sluice.balancer.users
  if (any === undefined) throw new TypeError('no user')
  expect(takesPasswords({ users: [any] })).toBe(true)
  expect(takesPasswords({ users: [{ ...any, auth: 'publickey' }] })).toBe(false)
  expect(takesPasswords({ users: [{ ...any, password: '' }] })).toBe(false)
})

const ASKED = ['BatchMode=no', 'NumberOfPasswordPrompts=1']

async function login(
  user: string,
  file: string | undefined,
  password: string | undefined,
  methods = 'publickey,password',
): Promise<number> {
  const preferred = password === undefined ? ['PreferredAuthentications=publickey'] : []
  const only = file === undefined ? ['PreferredAuthentications=password'] : preferred
  const options = [...ASKED, ...only, `PreferredAuthentications=${methods}`]
  const target = { folder, port: sluice.port, user, options }
  const words = sshArgs(file === undefined ? target : { ...target, key: file })
  const status = await run('sshpass', ['-p', password ?? '', 'ssh', ...words, 'show groups']).then(
    () => 0,
    (error: { readonly code: number }) => error.code,
  )
  // sshpass has a status of its own for a password that was not taken.
  return status === 5 ? 255 : status
}

function visitOf(name: string): Visit {
  return { name, address: '127.0.0.1', now: Date.now(), earlier: undefined }
}
