// What is blanked of a typed line, and which lines no history keeps, where tokens are in them.
import { expect, test } from 'vitest'
import { looksSecret, masked } from '../../src/audit/secrets.ts'

const TOKEN = `sluice_${'aB3_-'.repeat(9).slice(0, 43)}`
const HASH = `sha256:${'0f'.repeat(32)}`

test.each([
  'token create deploy --role operate --expires 30d',
  'token list',
  'token remove deploy',
  'token list | match deploy',
  'curl lb/metrics | grep sluice_session_connect_duration_seconds_bucket',
])('%j says no secret', (line) => {
  expect(looksSecret(line)).toBe(false)
  expect(masked(line)).toBe(line)
})

test.each([
  [`token create deploy --hash ${HASH}`, 'token create deploy --hash sha256:…'],
  [`curl -H 'Authorization: Bearer ${TOKEN}'`, "curl -H 'Authorization: Bearer sluice_…'"],
  [`token create ${TOKEN}`, 'token create sluice_…'],
  ['token hunter2', 'token …'],
  ['token create-hunter2', 'token …'],
  ['token=create', 'token=…'],
  [`x = { token: "hunter2" }`, 'x = { token: "…" }'],
])('%j is kept nowhere', (line, shown) => {
  expect(looksSecret(line)).toBe(true)
  expect(masked(line)).toBe(shown)
})

test('a line of nothing but such words is looked at quickly', () => {
  const line = 'token '.repeat(20_000) + ' '.repeat(20_000)
  expect(looksSecret(line)).toBe(true)
  expect(masked(line).length).toBeLessThanOrEqual(1_000)
})

test('fingerprints of keys are no hashes of tokens', () => {
  const line = 'key remove bob SHA256:tYJ0Gm0pXnFaO2WqWqWqWqWqWqWqWqWqWqWqWqWqWqW'
  expect(masked(line)).toBe(line)
})
