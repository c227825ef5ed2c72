// Who gets in: the verdicts on their own, and the same through the real OpenSSH client.
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseKeyLine } from '../../../src/ssh/access/key-line.ts'
import { type Directory, judge, type Visit } from '../../../src/ssh/access/login.ts'
import { hashPassword } from '../../../src/base/password-hash.ts'
import { verifyPassword } from '../../../src/access/passwords.ts'
import { type SshBalancer, startSshBalancer } from '../../helpers/ssh-balancer.ts'
import { makeClientKey, ssh, sshArgs, type SshTarget } from '../../helpers/ssh-client.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'sluice-login-'))
const key = makeClientKey(folder, 'key')
/** "admin" in the files of PythonDirector. */
const DES_ADMIN = '..xpoEyRReGzk'
let sluice: SshBalancer

const kinds = [
  makeClientKey(folder, 'ed25519'),
  makeClientKey(folder, 'ecdsa256', '-t', 'ecdsa', '-b', '256'),
  makeClientKey(folder, 'ecdsa384', '-t', 'ecdsa', '-b', '384'),
  makeClientKey(folder, 'ecdsa521', '-t', 'ecdsa', '-b', '521'),
  makeClientKey(folder, 'rsa3072', '-t', 'rsa', '-b', '3072'),
]

beforeAll(async () => {
  sluice = await startSshBalancer([
    { name: 'op', access: 'full', keys: [key.line, ...kinds.map((kind) => kind.line)] },
    { name: 'restricted', access: 'full', keys: [`nonsense="127.0.0.1" ${key.line}`] },
    { name: 'file', access: 'readonly' },
    { name: 'scrypt', access: 'readonly', password: await hashPassword('a long secret') },
    { name: 'old', access: 'readonly', password: DES_ADMIN },
    { name: 'bare', access: 'full' },
  ])
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

test.each(kinds.map((kind) => [kind.file.split('/').at(-1), kind.file]))(
  'a key of the kind %s logs in',
  async (_name, file) => {
    expect(await ssh(target('op', file), ['show groups'])).toMatchObject({ status: 0, err: '' })
  },
)

test('an RSA key with a SHA-1 signature does not', async () => {
  const rsa = kinds.at(-1)?.file ?? ''
  const old = { ...target('op', rsa), options: ['PubkeyAcceptedAlgorithms=ssh-rsa'] }
  expect(await ssh(old, ['show groups'])).toMatchObject({ status: 255 })
})

test('a key with an unknown option is refused as a whole, and the log says why', async () => {
  expect(await ssh(target('restricted', key.file), ['show groups'])).toMatchObject({ status: 255 })
  expect(sluice.log.of('ssh key refused')).toContainEqual(
    expect.objectContaining({ where: '<key> of user restricted, line 1' }),
  )
})

test('NAME.pub is read at the login, and not when others may write it', async () => {
  const file = join(sluice.folder, 'keys', 'file.pub')
  expect(await ssh(target('file', key.file), ['show groups'])).toMatchObject({ status: 255 })
  writeFileSync(file, `${key.line}\n`, { mode: 0o644 })
  expect(await ssh(target('file', key.file), ['show groups'])).toMatchObject({ status: 0 })
  chmodSync(file, 0o666)
  expect(await ssh(target('file', key.file), ['show groups'])).toMatchObject({ status: 255 })
})

test('a key file without a user lets nobody in', async () => {
  writeFileSync(join(sluice.folder, 'keys', 'ghost.pub'), `${key.line}\n`)
  expect(await ssh(target('ghost', key.file), ['show groups'])).toMatchObject({ status: 255 })
  expect(sluice.log.of('ssh login refused')).toContainEqual(
    expect.objectContaining({
      operator: 'ghost',
      reason: expect.stringMatching(/^no such user, key SHA256:/),
    }),
  )
})

test('an agent with seven keys gets in with the last of them', async () => {
  const others = Array.from(
    { length: 6 },
    (_, index) => makeClientKey(folder, `agent${index}`).file,
  )
  const args = sshArgs({ ...target('op', key.file), options: ['IdentitiesOnly=no'] })
  const all = [...others, key.file].map((file) => `'${file}'`).join(' ')
  // The key file is named on the command line too; without it only the agent is left.
  const words = args
    .filter((arg) => arg !== '-i' && arg !== key.file)
    .map((arg) => `'${arg}'`)
    .join(' ')
  const script = `ssh-add -q ${all} && ssh ${words} 'show groups'`
  const { stdout } = await run('ssh-agent', ['sh', '-c', script])
  expect(stdout).toMatch(/web\/main/)
})

test.each([
  ['scrypt', 'a long secret', 0],
  ['scrypt', 'another secret', 255],
  ['old', 'admin', 0],
  ['old', 'Admin', 255],
  ['bare', '', 255],
  ['nobody', 'admin', 255],
])('the user %s with the password %j ends with %d', async (user, password, status) => {
  const options = ['BatchMode=no', 'NumberOfPasswordPrompts=1', 'PreferredAuthentications=password']
  const words = sshArgs({ ...target(user), options })
  const result = await run('sshpass', ['-p', password, 'ssh', ...words, 'show groups']).then(
    () => 0,
    (error: { readonly code: number }) => error.code,
  )
  // sshpass has a status of its own for a password that was not taken.
  expect(result === 5 ? 255 : result).toBe(status)
})

test('keyboard-interactive asks for the same password', async () => {
  const options = [
    'BatchMode=no',
    'NumberOfPasswordPrompts=1',
    'PreferredAuthentications=keyboard-interactive',
  ]
  const words = sshArgs({ ...target('scrypt'), options })
  const { stdout } = await run('sshpass', ['-p', 'a long secret', 'ssh', ...words, 'show groups'])
  expect(stdout).toMatch(/web\/main/)
})

test('an old hash was replaced at the login, and no hash is ever in the log', () => {
  expect(sluice.log.of('password hash replaced')).toContainEqual(
    expect.objectContaining({ operator: 'old' }),
  )
  const renewed = sluice.balancer.users.find(({ name }) => name === 'old')
  expect(renewed?.password).toMatch(/^scrypt\$/)
  const log = JSON.stringify(sluice.log.lines)
  expect(log).not.toMatch(/scrypt\$|a long secret/)
  expect(log).not.toContain(DES_ADMIN)
})

test('after too many tries the connection is over', async () => {
  const many = Array.from({ length: 14 }, (_, index) => makeClientKey(folder, `many${index}`).file)
  const options = many.map((file) => `IdentityFile=${file}`)
  const before = sluice.log.of('ssh login refused').length
  const result = await ssh({ ...target('op', key.file), options }, ['show groups'])
  expect(result.status).toBe(255)
  expect(sluice.log.of('ssh login refused').length - before).toBeLessThan(14)
})

test('every name takes the same time to refuse', async () => {
  const directory: Directory = { users: sluice.balancer.users, keysOf: async () => [] }
  const medians = new Map<string, number>()
  for (const name of ['scrypt', 'old', 'bare', 'nobody']) {
    const times: number[] = []
    for (let round = 0; round < 7; round++) {
      const before = performance.now()
      const verdict = await judge(
        visitOf(name),
        { method: 'password', password: 'wrong' },
        directory,
      )
      times.push(performance.now() - before)
      expect(verdict.kind).toBe('refused')
    }
    medians.set(name, times.toSorted((a, b) => a - b)[3] ?? 0)
  }
  const all = [...medians.values()]
  // A name without the work would be two orders of magnitude faster; a busy machine is not that uneven.
  expect(Math.max(...all) / Math.min(...all)).toBeLessThan(3)
})

test('a right public part without the private half is no proof', async () => {
  const authorized = parseKeyLine(key.line)
  if (typeof authorized === 'string') throw new TypeError(authorized)
  const directory: Directory = { users: sluice.balancer.users, keysOf: async () => [authorized] }
  const signature = { algorithm: 'ssh-ed25519', value: Buffer.alloc(64), form: 'ssh' } as const
  const proof = { blob: Buffer.from('said'), signature }
  const attempt = { method: 'publickey', key: authorized.data } as const
  expect(await judge(visitOf('op'), attempt, directory)).toEqual({ kind: 'listed' })
  expect(await judge(visitOf('op'), { ...attempt, proof }, directory)).toMatchObject({
    kind: 'refused',
  })
})

test('hashes carry their own cost and what is no hash fits nothing', async () => {
  const hash = await hashPassword('correct horse')
  expect(hash).toMatch(/^scrypt\$32768\$8\$1\$[\w-]+\$[\w-]{43}$/)
  expect(await verifyPassword(hash, 'correct horse')).toBe(true)
  expect(await verifyPassword(hash, 'correct  horse')).toBe(false)
  for (const broken of [
    '',
    'admin',
    hash.slice(0, -1),
    hash.replace('32768', '99999999'),
    hash.replace('$8$', '$0$'),
  ]) {
    expect(await verifyPassword(broken, 'correct horse')).toBe(false)
  }
  expect(await verifyPassword(hash, 'x'.repeat(100_000))).toBe(false)
})

test('the judge knows no ssh2 and no files, so that it could move to a worker', () => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const look = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    const imports = /^(?:import|export)\s+(?!type\b)[^']*?from '([^']+)'/gm
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(imports)) {
      if (name.startsWith('.')) look(join(dirname(file), name))
      else packages.add(name)
    }
  }
  look('src/ssh/access/login.ts')
  expect([...seen]).toContain('src/ssh/access/certificates.ts')
  expect([...packages].toSorted()).toEqual([
    'node:crypto',
    'node:net',
    'node:util',
    'unix-crypt-td-js',
  ])
})

function visitOf(name: string): Visit {
  return { name, address: '127.0.0.1', now: Date.now(), earlier: undefined }
}

function target(user: string, file?: string): SshTarget {
  return { folder, port: sluice.port, user, ...(file === undefined ? {} : { key: file }) }
}
