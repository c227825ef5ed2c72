// Hashes of passwords and tokens are in documents and in nothing that is told or kept of changes.
import { expect, test } from 'vitest'
import type { Difference } from '../../../src/config/compare/difference.ts'
import { withoutSecrets, withoutSecretsIn } from '../../../src/config/compare/secrets.ts'

const ALICE = {
  name: 'alice',
  access: 'full',
  auth: 'any',
  password: '$hash',
  keys: ['k'],
} as const
const WHERE = { kind: 'user', path: 'settings/users/alice' } as const

test('a hash becomes ***, and no hash stays none', () => {
  expect(withoutSecrets('password', '$hash')).toBe('***')
  expect(withoutSecrets('password', '')).toBe('')
  expect(withoutSecrets(null, ALICE)).toEqual({ ...ALICE, password: '***' })
  expect(withoutSecrets(null, { ...ALICE, password: '' })).toEqual({ ...ALICE, password: '' })
})

test.each([null, 5, 'text', undefined, ['a'], { weight: 1 }])('%j has none', (value) => {
  expect(withoutSecrets(null, value)).toEqual(value)
  expect(withoutSecrets('weight', value)).toEqual(value)
})

test.each<[string, Difference, Difference]>([
  [
    'an operator who comes',
    { action: 'add', ...WHERE, to: ALICE, before: '' },
    { action: 'add', ...WHERE, to: { ...ALICE, password: '***' }, before: '' },
  ],
  [
    'a password that is set',
    { action: 'set', ...WHERE, field: 'password', from: '', to: '$hash' },
    { action: 'set', ...WHERE, field: 'password', from: '', to: '***' },
  ],
  ['an operator who goes', { action: 'remove', ...WHERE }, { action: 'remove', ...WHERE }],
  [
    'another field',
    { action: 'set', ...WHERE, field: 'access', from: 'full', to: 'readonly' },
    { action: 'set', ...WHERE, field: 'access', from: 'full', to: 'readonly' },
  ],
])('%s', (_, difference, shown) => {
  expect(withoutSecretsIn(difference)).toEqual(shown)
})

test('the hash of a token is as secret', () => {
  const token = { name: 'ci', access: 'full', hash: 'sha256:0', expires: '' } as const
  const where = { kind: 'token', path: 'settings/tokens/ci' } as const
  expect(withoutSecretsIn({ action: 'add', ...where, to: token, before: '' })).toEqual({
    action: 'add',
    ...where,
    to: { ...token, hash: '***' },
    before: '',
  })
  const set = { action: 'set', ...where, field: 'hash', from: 'sha256:0', to: 'sha256:1' } as const
  expect(withoutSecretsIn(set)).toEqual({ ...set, from: '***', to: '***' })
})
