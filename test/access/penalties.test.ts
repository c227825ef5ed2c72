// What failed logins cost an address: seconds that add up, run out and are bounded in number.
import { expect, test } from 'vitest'
import { Penalties } from '../../src/access/penalties.ts'
import { SSH_LIMITS, type SshLimits } from '../../src/ssh/ssh-limits.ts'

const A = '203.0.113.1'
const FAILURE = 5_000
let now = 0

test('below the threshold nobody is shut out, above it until the penalty has run out', () => {
  const penalties = penaltiesWith({})
  expect([1, 2, 3].map(() => penalties.add(A, A, FAILURE))).toEqual([false, false, false])
  expect(penalties.refuses(A, A)).toBe(false)
  expect(penalties.add(A, A, FAILURE)).toBe(true)
  expect(penalties.refuses(A, A)).toBe(true)
  // News once.
  expect(penalties.add(A, A, FAILURE)).toBe(false)
  expect(penalties.waitMs(A, A)).toBe(5 * FAILURE)
  now += 24_999
  expect(penalties.refuses(A, A)).toBe(true)
  expect(penalties.waitMs(A, A)).toBe(1)
  now += 1
  expect(penalties.refuses(A, A)).toBe(false)
  expect(penalties.size).toBe(0)
})

test('penalties that come slowly run out in between', () => {
  const penalties = penaltiesWith({})
  for (let round = 0; round < 100; round++) {
    expect(penalties.add(A, A, FAILURE)).toBe(false)
    now += FAILURE
  }
})

test('no penalty is longer than the longest', () => {
  const penalties = penaltiesWith({ penaltyMsMax: 60_000 })
  for (let round = 0; round < 1_000; round++) penalties.add(A, A, FAILURE)
  now += 60_000
  expect(penalties.refuses(A, A)).toBe(false)
})

test('a login takes back what its own connection cost, and nothing of what others did', () => {
  const penalties = penaltiesWith({})
  for (let round = 0; round < 4; round++) penalties.add(A, A, FAILURE)
  penalties.forgive(A, 4 * FAILURE)
  expect([penalties.refuses(A, A), penalties.size]).toEqual([false, 0])
  for (let round = 0; round < 3; round++) penalties.add(A, A, FAILURE)
  // Logins in between, after no wrong try or one.
  penalties.forgive(A, 0)
  penalties.add(A, A, FAILURE)
  penalties.forgive(A, FAILURE)
  expect(penalties.refuses(A, A)).toBe(false)
  penalties.add(A, A, FAILURE)
  expect(penalties.refuses(A, A)).toBe(true)
})

test('who is exempt is neither counted nor refused, also when that is new', () => {
  const exempt = new Set(['127.0.0.1'])
  const penalties = penaltiesWith({}, (address) => exempt.has(address))
  for (let round = 0; round < 10; round++) {
    expect(penalties.add('127.0.0.1', '127.0.0.1', FAILURE)).toBe(false)
    penalties.add(A, A, FAILURE)
  }
  expect(penalties.size).toBe(1)
  exempt.add(A)
  expect(penalties.refuses(A, A)).toBe(false)
})

test('only so many are remembered, and the one that failed longest ago is forgotten', () => {
  const penalties = penaltiesWith({ penaltiesMax: 3 })
  for (const address of ['a', 'b', 'c']) penalties.add(address, address, 20_000)
  penalties.add('a', 'a', FAILURE)
  penalties.add('d', 'd', 20_000)
  expect(penalties.size).toBe(3)
  expect(['a', 'b', 'c', 'd'].filter((each) => penalties.refuses(each, each))).toEqual([
    'a',
    'c',
    'd',
  ])
})

function penaltiesWith(
  limits: Partial<SshLimits>,
  isExempt: (address: string) => boolean = () => false,
): Penalties {
  return new Penalties({ limits: { ...SSH_LIMITS, ...limits }, isExempt, now: () => now })
}
