// Commands that change who may log in: users, keys, and the guards against locking oneself out.
import { beforeEach, describe, expect, test } from 'vitest'
import { isPasswordHash } from '../../../src/base/password-hash.ts'
import { runLine } from '../../../src/commands/run.ts'
import type { CommandContext } from '../../../src/commands/context.ts'
import type { Change } from '../../../src/model/change.ts'
import { verifyPassword } from '../../../src/access/passwords.ts'
import { answersIn } from '../../helpers/answers.ts'
import {
  ALICES_KEY,
  BOBS_KEY,
  contextOf,
  createStubProcess,
  type StubProcess,
} from '../../helpers/stub-process.ts'

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVf/gkY9T9FDMY1p3kUBMdlPPa5qxMGcFD/Bg/UJwNY bob@laptop'
const RESTRICTED = `restrict,from="10.0.0.0/8" ${KEY}`

let process: StubProcess
let changes: Change[]

beforeEach(async () => {
  process = await createStubProcess()
  changes = []
  process.balancer.follow((change) => changes.push(change))
})

/** As alice, with text on standard input. */
function withInput(text: string): CommandContext {
  async function* input() {
    yield Buffer.from(text)
  }
  return { ...contextOf(process), input: input() }
}

const { textOf } = answersIn(() => contextOf(process))

async function refused(line: string, exit: number, context = contextOf(process)): Promise<string> {
  const before = JSON.stringify(process.balancer.users)
  const outcome = await runLine(line, context)
  expect(outcome).toMatchObject({ exit, out: '' })
  expect(JSON.stringify(process.balancer.users)).toBe(before)
  expect(changes).toEqual([])
  return outcome.err
}

const userNamed = (name: string) => process.balancer.users.find((user) => user.name === name)

describe('users', () => {
  test('are listed with what they log in with, and never with it', async () => {
    await textOf('user add carol --role operate')
    process.balancer.setUsers([
      ...process.balancer.users,
      { name: 'dave', access: 'readonly', password: 'scrypt$secret', keys: [KEY] },
    ])
    const text = await textOf('user list --where role!=full')
    expect(text).not.toContain('secret')
    expect(JSON.parse(await textOf('user list --json'))).toContainEqual({
      name: 'dave',
      role: 'readonly',
      auth: 'any',
      password: true,
      keys: 1,
      logins: 0,
    })
    expect(text).toMatch(/^carol +operate +any +no +0 +0$/m)
  })

  test('come, change and go, each as one change', async () => {
    expect(await textOf('user add carol --role operate')).toBe(
      "user carol: added with role operate; next: key add carol 'ssh-ed25519 AAAA…'\n",
    )
    expect(await textOf('user set carol role full')).toBe('user carol: role operate -> full\n')
    expect(await textOf('user set carol role full')).toBe('user carol: role is full\n')
    expect(await textOf('user set carol auth publickey')).toBe(
      'user carol: auth any -> publickey\n',
    )
    expect(await textOf('user remove carol')).toBe('user carol: removed\n')
    expect(changes.map(({ path }) => path)).toEqual(Array(4).fill('settings/users'))
  })

  test('get a password from standard input, of which only a hash is kept', async () => {
    expect(await textOf('user set bob password', withInput('correct horse\r\nmore\n'))).toBe(
      'user bob: password set\n',
    )
    const { password = '' } = userNamed('bob') ?? {}
    expect(isPasswordHash(password)).toBe(true)
    expect(await verifyPassword(password, 'correct horse')).toBe(true)
    expect(await textOf("user set bob passwordHash ''")).toBe('user bob: password none\n')
  })

  test('take a hash, and never say it', async () => {
    const hash = '..xpoEyRReGzk'
    const out = await textOf(`user set bob passwordHash ${hash} --json`)
    expect(JSON.parse(out)).toMatchObject({ field: 'password', before: 'none', after: 'set' })
    expect(out).not.toContain(hash)
    expect(userNamed('bob')?.password).toBe(hash)
    expect(await textOf('user remove bob --json')).not.toContain(hash)
  })

  test.each([
    ['user add bob', 1, 'there are two users bob'],
    ['user add a/b', 2, 'a name is'],
    ['user add carol --role admin', 2, 'one of readonly, operate, full, got "admin"'],
    ['user set bbo role full', 4, 'no user bbo, did you mean bob?; there is alice, bob'],
    ['user set bob roel full', 2, 'did you mean role?'],
    ['user set bob role', 2, 'user set NAME role needs VALUE'],
    ['user set bob role root', 2, 'one of readonly, operate, full'],
    ['user set bob password hunter2', 2, 'no password, please: lines are kept'],
    ['user set bob role boss', 2, 'role is one of readonly, operate, full, got "boss"'],
    ['user add carol --role boss', 2, 'role is one of readonly, operate, full, got "boss"'],
    ['user set bob password', 2, 'there is no standard input here'],
    ['user set bob passwordHash hunter2', 2, 'passwordHash is what sluice passwd prints'],
    ['user add carol --password-hash hunter2', 2, 'passwordHash is what sluice passwd prints'],
  ])('%s is refused', async (line, exit, sentence) => {
    const err = await refused(line, exit)
    expect(err).toContain(sentence)
    expect(err).not.toContain('hunter2')
  })

  test('an empty or endless password is refused', async () => {
    expect(await refused('user set bob password', 2, withInput('\n'))).toContain('is empty')
    expect(await refused('user set bob password', 2, withInput(''))).toContain('is empty')
    const long = 'x'.repeat(2_000)
    expect(await refused('user set bob password', 2, withInput(long))).toContain('at most')
  })
})

describe('nobody is locked out without saying so', () => {
  test.each([
    ['user remove alice', 'nobody would be left with role full'],
    ['user set alice role operate', 'nobody would be left with role full'],
    ['key remove alice 1', 'alice, who is you, could not log in again'],
    ['user set alice auth password', 'nobody would be left with role full'],
    ['user set alice auth publickey+password', 'nobody would be left with role full'],
  ])('%s', async (line, sentence) => {
    expect(await refused(line, 1)).toContain(`${sentence}; say --force`)
    await textOf(`${line} --force`)
    expect(changes).toHaveLength(1)
  })

  test('also where another one has role full', async () => {
    await textOf('user set bob role full')
    changes = []
    expect(await refused('user remove alice', 1)).toContain('who is you')
    await textOf('user set alice role operate')
  })

  test('whose keys stand in a file, too', async () => {
    await textOf('user set bob role full')
    await textOf('key remove alice 1 --force')
    changes = []
    expect(await refused('user set alice auth password', 1)).toContain('who is you')
    expect(await refused('user remove alice', 1)).toContain('who is you')
  })

  test('the last key may go where there is a password', async () => {
    await textOf('user set alice passwordHash ..xpoEyRReGzk')
    await textOf('key remove alice 1')
    expect(userNamed('alice')?.keys).toEqual([])
    expect((await runLine("user set alice passwordHash ''", contextOf(process))).exit).toBe(1)
  })

  test('others may lose their last way in', async () => {
    await textOf('key remove bob 1')
    await textOf('user remove bob')
  })
})

describe('keys', () => {
  test('are added as they stand, listed, and removed by place or fingerprint', async () => {
    expect(await textOf(`key add bob '${RESTRICTED}'`)).toMatch(
      /^user bob: added ssh-ed25519 SHA256:\S+\n$/,
    )
    expect(userNamed('bob')?.keys).toEqual([BOBS_KEY, RESTRICTED])
    const rows = JSON.parse(await textOf('key list bob --json'))
    expect(rows).toMatchObject([
      { user: 'bob', number: 1, comment: 'bob@desk', options: '', fault: '' },
      { number: 2, bits: 256, comment: 'bob@laptop', options: 'restrict,from="10.0.0.0/8"' },
    ])
    await textOf(`key remove bob ${rows[0].fingerprint}`)
    expect(await textOf('key remove bob 1')).toContain(rows[1].fingerprint)
    expect(userNamed('bob')?.keys).toEqual([])
    expect(await textOf('key list bob')).toContain('no keys; add one with: key add bob')
  })

  test('come in words, because a shell takes quotes away', async () => {
    await textOf(`key add bob ${KEY}`)
    expect(userNamed('bob')?.keys).toEqual([BOBS_KEY, KEY])
  })

  test('come on standard input, comments left out', async () => {
    await textOf('key add bob', withInput(`# of bob\n\n${KEY}\n`))
    expect(userNamed('bob')?.keys).toEqual([BOBS_KEY, KEY])
  })

  test('a line of the file that lets nobody in is listed with its fault', async () => {
    process.balancer.setUsers([{ name: 'bob', keys: ['ssh-rsa nonsense'] }])
    expect(await textOf('key list')).toContain('not a public key')
  })

  test.each([
    [`key add bob '${BOBS_KEY}'`, 1, 'user bob already has SHA256:'],
    ['key add bob', 2, 'there is no standard input here'],
    ['key add bob ssh-ed25519', 2, 'not a public key'],
    ['key add bob ssh-ed25519 AAAA', 2, 'not a public key'],
    [`key add bob ssh-rsa ${KEY.split(' ')[1]}`, 2, 'says ssh-rsa but is ssh-ed25519'],
    [`key add bob 'form="10.0.0.0/8" ${KEY}'`, 2, 'there is no option "form"'],
    [`key add bob '${KEY}\nssh-rsa x'`, 2, 'a key is one line'],
    ['key add carol ssh-ed25519 AAAA', 4, 'no user carol'],
    ['key remove bob 2', 4, 'user bob has no key 2: it has 1 (SHA256:'],
    ['key remove bob SHA256:x', 4, 'no key SHA256:x'],
  ])('%s is refused', async (line, exit, sentence) => {
    expect(await refused(line, exit)).toContain(sentence)
  })

  test('the same key twice on standard input is refused', async () => {
    const err = await refused('key add bob', 1, withInput(`${KEY}\n${KEY}\n`))
    expect(err).toContain('already has')
    expect(ALICES_KEY).not.toBe(BOBS_KEY)
  })
})
