// Attempts to log in that cross with something: an operator who is removed or gets another role while a password is
// hashed, a client that does not wait for its answer, and one that does not leave when its tries are used up.
import ssh2 from 'ssh2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../src/base/password-hash.ts'
import type { UserSnapshot } from '../../src/model/snapshot.ts'
import { UNRESTRICTED } from '../../src/ssh/access/key-options.ts'
import { type Directory, type FirstStep, judge, type Verdict } from '../../src/ssh/access/login.ts'
import { type SshBalancer, startSshBalancer } from '../helpers/ssh-balancer.ts'

const PASSWORD = 'correct horse'
let sluice: SshBalancer
let alice: UserSnapshot

beforeAll(async () => {
  const password = await hashPassword(PASSWORD)
  sluice = await startSshBalancer([{ name: 'alice', access: 'full', password }])
  const [first] = sluice.balancer.users
  if (first === undefined) throw new TypeError('there is one user')
  alice = first
})

afterAll(() => sluice.stop())

test.each<[string, (user: UserSnapshot) => readonly UserSnapshot[]]>([
  ['is removed', () => []],
  ['gets another role', (user) => [{ ...user, access: 'readonly' }]],
  ['gets another password', (user) => [{ ...user, password: '' }]],
  ['has to show a key, too', (user) => [{ ...user, auth: 'publickey+password' }]],
])('who %s while the password is hashed does not get in', async (_what, changed) => {
  expect(await verdictWhile(() => changed(alice))).toMatchObject({
    kind: 'refused',
    reason: 'the user was changed meanwhile',
  })
})

test('a change of somebody else disturbs nobody', async () => {
  const verdict = await verdictWhile(() => [{ ...alice }, { ...alice, name: 'bob' }])
  expect(verdict).toMatchObject({ kind: 'in', user: { name: 'alice' } })
})

test('a key that was right before the operator was changed does not count any more', async () => {
  const both = { ...alice, auth: 'publickey+password', keys: ['k1'] } as const
  const grant = { how: 'key', key: '', restrictions: UNRESTRICTED }
  const after = (user: UserSnapshot) => {
    return verdictWhile(() => [both], both, { user, grant })
  }
  expect(await after({ ...both })).toMatchObject({ kind: 'in' })
  expect(await after({ ...both, keys: ['stolen', 'k1'] })).toMatchObject({ kind: 'refused' })
  expect(await after({ ...both, name: 'bob' })).toMatchObject({ kind: 'refused' })
})

test('a try beyond the last one is not looked at, also when the client does not leave', async () => {
  const { guess, leave } = await stranger()
  // The first is looked at at once; ssh2 keeps the others, and hands on the newest first.
  for (const password of ['1', PASSWORD, '6', '5', '4', '3', '2']) guess(password)
  const refused = () => sluice.log.of('ssh login refused').length
  await expect.poll(refused, { timeout: 5_000 }).toBe(6)
  // Hashes are taken in turn: when a later one is done, that of the seventh try would be.
  const second = await stranger()
  second.guess('wrong')
  await expect.poll(refused, { timeout: 5_000 }).toBe(7)
  expect(sluice.log.of('ssh login')).toEqual([])
  leave()
  second.leave()
})

/** The verdict on alice's right password, when the users are others before it is known. */
function verdictWhile(
  change: () => readonly UserSnapshot[],
  user: UserSnapshot = alice,
  earlier?: FirstStep,
): Promise<Verdict> {
  let users: readonly UserSnapshot[] = [user]
  const directory: Directory = {
    get users() {
      return users
    },
    keysOf: async () => [],
  }
  const visit = { name: 'alice', address: '127.0.0.1', now: Date.now(), earlier }
  const verdict = judge(visit, { method: 'password', password: PASSWORD }, directory)
  users = change()
  return verdict
}

interface Private {
  readonly _protocol: { authPassword(user: string, password: string): void }
  readonly _sock: { end: () => void; destroy(): void }
}

/** Somebody who says `none`, and then guesses without waiting for answers, and never leaves. */
function stranger(): Promise<{ guess: (password: string) => void; leave: () => void }> {
  const client = new ssh2.Client()
  client.on('error', () => {})
  return new Promise((resolve) => {
    client.connect({
      host: '127.0.0.1',
      port: sluice.port,
      username: 'alice',
      authHandler: (left, _partial, next) => {
        if (left === null) return next({ type: 'none', username: 'alice' })
        // From now on it neither goes on by itself nor leaves.
        const { _protocol: protocol, _sock: socket } = client as unknown as Private
        socket.end = () => {}
        const guess = (word: string) => protocol.authPassword('alice', word)
        return resolve({ guess, leave: () => socket.destroy() })
      },
    } as ssh2.ConnectConfig)
  })
}
