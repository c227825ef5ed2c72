// Work in steps: the same result at once and in turns, and in turns everything else that waits goes first.
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { type Steps, inTurns, runThrough } from '../../src/base/steps.ts'
import { tickingClock, turnsDuring } from '../helpers/step-clock.ts'

function* counting(to: number): Steps<number> {
  let count = 0
  while (count < to) {
    yield
    count++
  }
  return count
}

function* failing(): Steps<never> {
  yield
  throw new Error('no further')
}

test('both ways come to the same', async () => {
  expect(runThrough(counting(1_000))).toBe(1_000)
  expect(await inTurns(counting(1_000))).toBe(1_000)
})

test('both ways fail in the same way', async () => {
  expect(() => runThrough(failing())).toThrow('no further')
  await expect(inTurns(failing())).rejects.toThrow('no further')
})

test('work in turns lets others go first whenever a turn is over', async () => {
  tickingClock()
  const turns = await turnsDuring(inTurns(counting(100 * LIMITS.turnMs)))
  expect(turns).toBeGreaterThan(90)
  expect(turns).toBeLessThan(110)
})

test('short work waits for nobody', async () => {
  let waited = false
  setImmediate(() => {
    waited = true
  })
  await inTurns(counting(3))
  expect(waited).toBe(false)
})
