// What a password is worth where it is all that can be shown, and what each try costs.
import * as crypto from 'node:crypto'
import { beforeEach, expect, test, vi } from 'vitest'
import { judgePassword, judgePasswordAlone } from '../../src/access/password-login.ts'
import { LIMITS } from '../../src/base/limits.ts'
import type { UserSnapshot } from '../../src/model/snapshot.ts'
import { cheapHash } from '../helpers/web-server.ts'

const { hashes } = vi.hoisted(() => ({ hashes: { count: 0 } }))

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  const scrypt = (...given: Parameters<typeof real.scrypt>) => {
    hashes.count += 1
    real.scrypt(...given)
  }
  return { ...real, scrypt }
})

beforeEach(() => {
  hashes.count = 0
})

const DES = '..xpoEyRReGzk'
const right = cheapHash('admin')
const user = (given: Partial<UserSnapshot>): UserSnapshot => {
  return { name: 'alice', access: 'full', auth: 'any', password: right, keys: [], ...given }
}

test.each([
  { of: 'the right password', users: [user({})], reason: undefined },
  { of: 'password alone', users: [user({ auth: 'password' })], reason: undefined },
  { of: 'the old hash', users: [user({ password: DES })], reason: undefined },
  {
    of: 'the cheapest hash there is',
    users: [user({ password: cheapHash('admin', 2) })],
    reason: undefined,
  },
  { of: 'nobody', users: [], reason: 'no such user' },
  { of: 'no password', users: [user({ password: '' })], reason: 'the user has no password' },
  { of: 'no hash', users: [user({ password: 'admin' })], reason: 'wrong password' },
  {
    of: 'another password',
    users: [user({ password: cheapHash('other') })],
    reason: 'wrong password',
  },
  {
    of: 'a key alone',
    users: [user({ auth: 'publickey' })],
    reason: 'the user logs in with a key alone',
  },
  {
    of: 'both',
    users: [user({ auth: 'publickey+password' })],
    reason: 'a key must come before the password',
  },
])('$of costs one hash, and is judged', async ({ users, reason }) => {
  const verdict = await judgePasswordAlone({ name: 'alice', password: 'admin' }, () => users)
  expect(verdict.kind === 'refused' ? verdict.reason : undefined).toBe(reason)
  expect(hashes.count).toBe(1)
})

test('the hash of the old kind is named, so that it can be replaced', async () => {
  const verdict = await judgePassword(user({ password: DES }), 'admin')
  expect(verdict).toMatchObject({ kind: 'right', oldHash: DES })
})

test('who is changed while the password is hashed does not get in', async () => {
  let users = [user({})]
  const verdict = judgePasswordAlone({ name: 'alice', password: 'admin' }, () => users)
  users = [user({ access: 'readonly' })]
  expect(await verdict).toEqual({ kind: 'refused', reason: 'the user was changed meanwhile' })
})

test('a password that is too long is none, whoever it is of', async () => {
  const password = 'x'.repeat(LIMITS.passwordLengthMax + 1)
  for (const users of [[], [user({})]]) {
    const verdict = await judgePasswordAlone({ name: 'alice', password }, () => users)
    expect(verdict.kind).toBe('refused')
  }
  expect(hashes.count).toBe(0)
})
