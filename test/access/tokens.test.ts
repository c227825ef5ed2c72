// Whose token it is: known ones, those that were revoked or have expired, and texts that are none.
import { expect, test } from 'vitest'
import { tokenOf } from '../../src/access/tokens.ts'
import { hashOfToken, newToken } from '../../src/base/token-hash.ts'
import type { TokenSnapshot } from '../../src/model/snapshot.ts'

const NOW = Date.parse('2026-12-21T10:00:00Z')

const texts = { deploy: newToken(), grafana: newToken() }

const deploy: TokenSnapshot = {
  name: 'deploy',
  access: 'operate',
  hash: hashOfToken(texts.deploy),
  expires: '2026-12-21T10:00:01Z',
}
const grafana: TokenSnapshot = {
  name: 'grafana',
  access: 'readonly',
  hash: hashOfToken(texts.grafana),
  expires: '',
}
const tokens = [deploy, grafana]

test('a token is found by its whole text', () => {
  expect(tokenOf(texts.deploy, tokens, NOW)).toEqual({ token: deploy })
  expect(tokenOf(texts.grafana, tokens, NOW)).toEqual({ token: grafana })
})

test.each([
  ['nothing', ''],
  ['the name', 'deploy'],
  ['the hash', deploy.hash],
  ['a part of it', texts.deploy.slice(0, -1)],
  ['more than it', `${texts.deploy} `],
  ['another case', texts.deploy.toUpperCase()],
  ['one that was never made', newToken()],
  ['a long one', 'x'.repeat(1_000_000)],
  ['a name of every object', '__proto__'],
])('%s lets nobody in', (_, text) => {
  expect(tokenOf(text, tokens, NOW)).toEqual({ refused: 'unknown' })
})

test('a token lets nobody in from the instant at which it expires', () => {
  expect(tokenOf(texts.deploy, tokens, NOW + 999)).toEqual({ token: deploy })
  expect(tokenOf(texts.deploy, tokens, NOW + 1_000)).toEqual({ refused: 'expired' })
  expect(tokenOf(texts.grafana, tokens, Number.MAX_SAFE_INTEGER)).toEqual({ token: grafana })
})

test('one that was revoked is unknown with the list that it is not in', () => {
  expect(tokenOf(texts.deploy, [grafana], NOW)).toEqual({ refused: 'unknown' })
  expect(tokenOf(texts.deploy, [], NOW)).toEqual({ refused: 'unknown' })
})

test('of two with the same hash the first counts', () => {
  const twin = { ...grafana, name: 'twin', access: 'full' as const }
  expect(tokenOf(texts.grafana, [grafana, twin], NOW)).toEqual({ token: grafana })
})

test('a token is 32 random bytes behind a word by which it is recognised', () => {
  expect(texts.deploy).toMatch(/^sluice_[\w-]{43}$/)
  expect(deploy.hash).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(new Set(Array.from({ length: 100 }, newToken)).size).toBe(100)
})
