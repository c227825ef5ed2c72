// Getting in to a running Sluice with each kind of proof that the OpenSSH client has, what keeps one out, what the
// process makes of its own host key, and the audit log of it all at the end.
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectWholeAudit } from '../helpers/audited.ts'
import { runSluice } from '../helpers/built-sluice.ts'
import { testFolder } from '../helpers/folder.ts'
import { pathOf } from '../helpers/programs.ts'
import {
  type SluiceProcess,
  serviceOf,
  startAgain,
  startSluice,
} from '../helpers/sluice-process.ts'
import {
  type ClientKey,
  makeClientKey,
  ssh,
  type SshResult,
  sshArgs,
} from '../helpers/ssh-client.ts'
import { sshWithPassword } from '../helpers/ssh-password.ts'

const run = promisify(execFile)
const PASSWORD = 'correct horse battery staple'
/** "admin" in the files of PythonDirector. */
const DES_ADMIN = '..xpoEyRReGzk'
const KINDS = [
  ['ed25519'],
  ['ecdsa', '-b', '256'],
  ['ecdsa', '-b', '384'],
  ['ecdsa', '-b', '521'],
  ['rsa', '-b', '3072'],
]

let folder: string
let sluice: SluiceProcess
let kinds: readonly ClientKey[]
let hash: string

beforeAll(async () => {
  folder = testFolder()
  kinds = KINDS.map((how) => makeClientKey(folder, how.join(''), '-t', ...how))
  const [key, plain] = [makeClientKey(folder, 'key'), makeClientKey(folder, 'plain')]
  for (const name of ['authority', 'stranger']) makeClientKey(folder, name)
  const authority = readFileSync(join(folder, 'authority.pub'), 'utf8').trim()
  hash = (await runSluice(['passwd'], { folder, input: `${PASSWORD}\n` })).out.trim()
  const optioned = Object.entries(OPTIONS).map(([name, options]) =>
    user(name, [`${options} ${key.line}`, 'a broken line', plain.line]),
  )
  const users = [
    user(
      'keys',
      kinds.map(({ line }) => line),
    ),
    user('vouched', [`cert-authority ${authority}`]),
    `<user name="old" access="full" password="${DES_ADMIN}" />`,
    `<user name="pat" access="readonly" password="${hash}" />`,
    ...optioned,
  ]
  sluice = await startSluice({ services: serviceOf('web', [9]), users: users.join('\n') })
})

afterAll(() => sluice.stop())

/** What stands in front of the key of the operator who is called so. */
const OPTIONS = {
  near: 'from="127.0.0.0/8"',
  far: 'from="10.0.0.0/8"',
  over: 'expiry-time="20200101"',
  fresh: 'expiry-time="29991231235959Z"',
  unknown: 'be-nice',
  forced: 'command="show groups --json"',
  bare: 'no-pty',
}

test.each(KINDS.map((how) => how.join('')))('a key of the kind %s gets in', async (name) => {
  expect(await as('keys', name)).toMatchObject({ status: 0, err: '' })
})

test('an RSA key that signs with SHA-1 does not', async () => {
  const options = ['PubkeyAcceptedAlgorithms=ssh-rsa']
  expect(await as('keys', 'rsa-b3072', 'show version', options)).toMatchObject({ status: 255 })
})

test('an agent with seven keys gets in with the last one', async () => {
  const others = Array.from({ length: 6 }, (_, n) => makeClientKey(folder, `agent${n}`).file)
  const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')
  const options = ['IdentitiesOnly=no', 'PreferredAuthentications=publickey']
  // Without the file, which the client would look for beside the agent.
  const { key = '', ...target } = { ...sluice.target, options }
  const words = sshArgs(target).filter((word) => !/^(-o|IdentityFile=none)$/.test(word))
  const named = words.flatMap((word) => (/^[A-Z]\w+=/.test(word) ? ['-o', word] : [word]))
  const script = `ssh-add -q ${quoted([...others, key])} && ssh ${quoted(named)} 'show version'`
  expect((await run('ssh-agent', ['sh', '-c', script])).stdout).toMatch(/^sluice /)
})

test.each([
  ['for the operator by a known authority', 'authority', ['-n', 'vouched', '-V', '+1h'], 0],
  ['for another name', 'authority', ['-n', 'else', '-V', '+1h'], 255],
  ['that has run out', 'authority', ['-n', 'vouched', '-V', '20200101:20200102'], 255],
  ['of an unknown authority', 'stranger', ['-n', 'vouched', '-V', '+1h'], 255],
])('a certificate %s', async (name, by, how, status) => {
  const file = join(folder, name.replaceAll(' ', '-'))
  for (const end of ['', '.pub']) copyFileSync(join(folder, `plain${end}`), `${file}${end}`)
  execFileSync('ssh-keygen', ['-q', '-s', join(folder, by), '-I', name, ...how, `${file}.pub`])
  expect(
    await ssh({ ...sluice.target, user: 'vouched', key: file }, ['show version']),
  ).toMatchObject({ status })
})

test.each([
  ['near', 0],
  ['far', 255],
  ['over', 255],
  ['fresh', 0],
  ['unknown', 255],
])('options in front of a key are obeyed: %s ends with %d', async (name, status) => {
  expect(await as(name, 'key')).toMatchObject({ status })
  // Neither that line nor a broken one takes the others away.
  expect(await as(name, 'plain')).toMatchObject({ status: 0 })
})

test('a key that forces a command runs no other, and one without a terminal gets none', async () => {
  const forced = await as('forced', 'key', 'stop')
  expect(JSON.parse(forced.out)).toMatchObject([{ path: 'web/main' }])
  const bare = await as('bare', 'key', 'show version', ['LogLevel=INFO', 'RequestTTY=force'])
  expect(bare.err).toMatch(/PTY allocation request failed/)
  expect(await as('bare', 'key')).toMatchObject({ status: 0 })
})

test('what is wrong in front of a key is logged with its line', () => {
  expect(sluice.logged('ssh key refused')).toContainEqual(
    expect.objectContaining({
      where: '<key> of user unknown, line 1',
      reason: expect.stringMatching(/no option "be-nice"/),
    }),
  )
})

test('passwords get in, of an old file as well, and wrong ones do not', async () => {
  const login = async (name: string, password: string) =>
    (await sshWithPassword({ ...sluice.target, user: name }, password)).status
  expect(await login('old', 'Admin')).toBe(255)
  expect(await login('old', 'admin')).toBe(0)
  expect(await login('pat', PASSWORD)).toBe(0)
  expect(await login('pat', `${PASSWORD}s`)).toBe(255)
  expect(await login('keys', '')).toBe(255)
})

test('the host key is made for its owner only, kept, shown as ssh-keygen shows it, and never replaced', async () => {
  const first = await startSluice({ services: '' })
  const file = join(first.folder, 'keys', 'host_ed25519')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const { stdout } = await run(pathOf('ssh-keygen'), ['-lf', file])
  const fingerprint = stdout.split(' ')[1] ?? ''
  expect(await first.command('show engine')).toContain(fingerprint)
  await first.stop()
  const second = await startAgain(first.folder)
  // The client remembers the key of the first start, and would refuse another one.
  expect(await second.command('show engine')).toContain(fingerprint)
  await second.stop()

  const start = () => runSluice(['run', '--config', 'config.xml'], { folder: first.folder })
  chmodSync(file, 0o644)
  expect(await start()).toMatchObject({
    status: 1,
    err: expect.stringMatching(/host_ed25519.*chmod 600/),
  })
  writeFileSync(file, 'no key at all')
  chmodSync(file, 0o600)
  expect(await start()).toMatchObject({ status: 1, err: expect.stringMatching(/host_ed25519/) })
  expect(readFileSync(file, 'utf8')).toBe('no key at all')

  rmSync(file)
  rmSync(join(first.folder, 'known_hosts'))
  const anew = await startAgain(first.folder)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await anew.command('show engine')).not.toContain(fingerprint)
  await anew.stop()
})

test('the audit log has who got in and who did not, and no password or hash', async () => {
  const refused = { event: 'login refused', address: '127.0.0.1' }
  const login = { event: 'login', address: '127.0.0.1' }
  const files = ['key', 'plain', 'authority'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  )
  await expectWholeAudit(
    sluice,
    [
      ...['op', 'keys', 'vouched', 'near', 'fresh', 'old', 'pat'].map((operator) => ({
        ...login,
        operator,
      })),
      ...['vouched', 'far', 'over', 'unknown', 'old', 'pat'].map((operator) => ({
        ...refused,
        operator,
      })),
      { event: 'change', path: 'settings/users' },
    ],
    [PASSWORD, DES_ADMIN, hash, ...files.map((text) => text.split('\n')[2] ?? PASSWORD)],
  )
})

function user(name: string, keys: readonly string[]): string {
  const lines = keys.map((line) => `<key>${line}</key>`)
  return `\n    <user name="${name}" access="full">${lines.join(' ')}</user>`
}

function as(
  name: string,
  key: string,
  line = 'show version',
  options: readonly string[] = [],
): Promise<SshResult> {
  return ssh({ ...sluice.target, user: name, key: join(folder, key), options }, [line])
}
