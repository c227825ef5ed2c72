// When a look is due, by a clock that the test owns; and what a streak counts.
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { Job, newTally } from '../../src/health/job.ts'
import { Streak } from '../../src/health/streak.ts'
import { deferred } from '../helpers/deferred.ts'

test('the first look is due after the given part of a pause', () => {
  const time = clock()
  expect(new Job(time, 0.25).dueInMs(1_000)).toBe(250)
  expect(new Job(time, 0).dueInMs(1_000)).toBe(0)
})

test('the pause begins when a look ends, and is up to a tenth shorter than the interval', async () => {
  const time = clock()
  const job = new Job(time, 0)
  const look = deferred()
  const taken = job.run(() => look.promise)
  time.pass(300)
  expect(job.dueInMs(1_000), 'under way').toBe(1_000)
  look.resolve()
  await taken
  expect(job.dueInMs(1_000)).toBe(950)
  time.pass(949)
  expect(job.dueInMs(1_000)).toBe(1)
  time.pass(1)
  expect(job.dueInMs(1_000)).toBe(0)
})

test('another interval counts at once', async () => {
  const time = clock()
  const job = new Job(time, 0)
  await job.run(() => Promise.resolve())
  time.pass(100)
  expect(job.dueInMs(10_000)).toBe(9_400)
  expect(job.dueInMs(100)).toBeLessThanOrEqual(0)
})

test('a look that fails is over as well', async () => {
  const job = new Job(clock(), 0)
  await expect(job.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(job.dueInMs(1_000)).toBe(950)
})

test('the last results are kept, and equal reasons are one text', () => {
  const job = new Job(clock(), 0)
  for (let time = 1; time <= LIMITS.checkResultsKept + 5; time++)
    job.keep({ time, outcome: 'bad', reason: ['re', 'fused'].join(''), tookMs: 1 })
  expect(job.results).toHaveLength(LIMITS.checkResultsKept)
  expect(job.results.at(-1)).toEqual({
    time: LIMITS.checkResultsKept + 5,
    outcome: 'bad',
    reason: 'refused',
    tookMs: 1,
  })
  expect(job.results[0]?.time).toBe(6)
})

test('every result is counted, and a later job goes on counting', () => {
  const tally = newTally()
  const result = { time: 1, reason: '', tookMs: 1 }
  for (const outcome of ['good', 'bad', 'blind', 'bad'] as const)
    new Job(clock(), 0, tally).keep({ ...result, outcome })
  expect(tally).toEqual({ good: 1, bad: 2, blind: 1 })
})

test('a streak counts looks of one kind in a row', () => {
  const streak = new Streak()
  for (const good of [true, true, false, false, false]) streak.note(good)
  expect([streak.good, streak.bad]).toEqual([0, 3])
  streak.note(true)
  expect([streak.good, streak.bad]).toEqual([1, 0])
  streak.clear()
  expect([streak.good, streak.bad]).toEqual([0, 0])
})

function clock() {
  let now = 0
  return {
    now: () => now,
    random: () => 0.5,
    pass: (ms: number) => {
      now += ms
    },
  }
}
