// The figures at which traffic counts as clearly worse, from both sides.
import { describe, expect, test } from 'vitest'
import {
  noHostLeft,
  type ServiceBefore,
  type ServiceSince,
  worseHosts,
  worseSessions,
} from '../../../src/app/documents/traffic-rule.ts'

function before(given: Partial<ServiceBefore> = {}): ServiceBefore {
  return { service: 'web', came: 1_000, failed: 10, downMost: 0, left: 4, ...given }
}

function since(given: Partial<ServiceSince> = {}): ServiceSince {
  return { came: 0, failed: 0, wanted: 4, down: 0, ...given }
}

describe('sessions that fail', () => {
  test.each([
    // 1% before: 6% is five points more, and six times as much.
    [6, 100, true],
    [5, 100, false],
    [5, 20, true],
    // Too few to say anything.
    [4, 20, false],
    [19, 19, false],
    [0, 1_000_000, false],
  ])('%d of %d, where 1%% did before', (failed, came, worse) => {
    const found = worseSessions(before(), since({ failed, came }))
    expect(found !== undefined).toBe(worse)
  })

  test.each([
    // 40% before: twice as much is 80%.
    [80, true],
    [79, false],
  ])('%d of 100, where 40%% did before', (failed, worse) => {
    const found = worseSessions(before({ failed: 400 }), since({ failed, came: 100 }))
    expect(found !== undefined).toBe(worse)
  })

  test('where nobody came before, all that fails is new', () => {
    const nobody = before({ came: 0, failed: 0 })
    expect(worseSessions(nobody, since({ came: 100, failed: 5 }))).toBeDefined()
    expect(worseSessions(nobody, since({ came: 100, failed: 4 }))).toBeUndefined()
  })

  test('the sentence has the figures', () => {
    expect(worseSessions(before(), since({ came: 80, failed: 12 }))).toBe(
      'web: 12 of 80 sessions (15%) failed since the commit, against 10 of 1000 sessions (1%) in the 10m before',
    )
  })
})

describe('hosts that are down', () => {
  test.each([
    // Of 4, one is a quarter; of 5 it is not.
    [{ wanted: 4, down: 1 }, 0, true],
    [{ wanted: 5, down: 1 }, 0, false],
    [{ wanted: 5, down: 2 }, 0, true],
    // One was down before.
    [{ wanted: 4, down: 1 }, 1, false],
    [{ wanted: 4, down: 2 }, 1, true],
    [{ wanted: 4, down: 0 }, 0, false],
    [{ wanted: 0, down: 0 }, 0, false],
  ])('%o, where at most %d were before', (now, downMost, worse) => {
    const found = worseHosts(before({ downMost }), since(now))
    expect(found !== undefined).toBe(worse)
  })

  test.each([
    // As many can get sessions as before: those that came are not there yet.
    [{ wanted: 5, down: 2 }, 3, false],
    [{ wanted: 5, down: 2 }, 4, true],
    [{ wanted: 8, down: 4 }, 4, false],
  ])('%o, where %d were left right before', (now, left, worse) => {
    expect(worseHosts(before({ left }), since(now)) !== undefined).toBe(worse)
  })

  test('the sentence has the figures', () => {
    expect(worseHosts(before({ downMost: 1 }), since({ wanted: 4, down: 3 }))).toBe(
      'web: 3 of 4 wanted hosts are down, against 1 at most in the 10m before',
    )
  })
})

describe('no host left', () => {
  test.each([
    [
      { wanted: 4, down: 4 },
      4,
      'web: all of 4 wanted hosts are down, right before the commit 4 could get sessions',
    ],
    [
      { wanted: 0, down: 0 },
      1,
      'web: no host is wanted, right before the commit 1 could get sessions',
    ],
    [{ wanted: 4, down: 3 }, 4, undefined],
    // There was none before: a commit cannot have taken it.
    [{ wanted: 4, down: 4 }, 0, undefined],
  ])('%o, where %d were left before', (now, left, says) => {
    expect(noHostLeft(before({ left }), since(now))).toBe(says)
  })
})
