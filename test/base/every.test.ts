// The one loop over time: a pause first, never two runs at once, and an end that is an end.
import { expect, test } from 'vitest'
import { every, pause } from '../../src/base/every.ts'
import { deferred } from '../helpers/deferred.ts'

test('the first run comes after a pause, and the pause is asked for before each run', async () => {
  const stop = new AbortController()
  const happened: string[] = []
  await every(
    async () => {
      happened.push('run')
      if (happened.length === 6) stop.abort()
    },
    {
      intervalMs: () => {
        happened.push('pause')
        return 0
      },
      signal: stop.signal,
      onError: () => {},
    },
  )
  expect(happened).toEqual(['pause', 'run', 'pause', 'run', 'pause', 'run'])
})

test('runs never overlap, and the loop ends only when the last run has', async () => {
  const stop = new AbortController()
  const [started, finish] = [deferred(), deferred()]
  let running = 0
  let ended = false
  const loop = every(
    async () => {
      running += 1
      started.resolve()
      await finish.promise
    },
    { intervalMs: () => 0, signal: stop.signal, onError: () => {} },
  ).then(() => {
    ended = true
  })
  await started.promise
  stop.abort()
  await pause(5, new AbortController().signal)
  expect([running, ended]).toEqual([1, false])
  finish.resolve()
  await loop
  expect([running, ended]).toEqual([1, true])
})

test('a run that fails is told, and the next one comes', async () => {
  const stop = new AbortController()
  const errors: unknown[] = []
  let runs = 0
  await every(
    async () => {
      runs += 1
      if (runs === 3) stop.abort()
      throw new Error(`run ${runs}`)
    },
    { intervalMs: () => 0, signal: stop.signal, onError: (error) => errors.push(error) },
  )
  expect(errors.map(String)).toEqual(['Error: run 1', 'Error: run 2', 'Error: run 3'])
})

test('it ends at once in the middle of a long pause, without another run', async () => {
  const stop = new AbortController()
  let runs = 0
  const options = { intervalMs: () => 3_600_000, signal: stop.signal, onError: () => {} }
  const loop = every(async () => void runs++, options)
  stop.abort()
  await loop
  expect(runs).toBe(0)
})

test('it never begins when it is over already', async () => {
  let asked = 0
  const intervalMs = () => ++asked
  await every(async () => {}, { intervalMs, signal: AbortSignal.abort(), onError: () => {} })
  expect(asked).toBe(0)
})

test('the task is given the signal', async () => {
  const stop = new AbortController()
  let given: AbortSignal | undefined
  await every(
    async (signal) => {
      given = signal
      stop.abort()
    },
    { intervalMs: () => 0, signal: stop.signal, onError: () => {} },
  )
  expect(given).toBe(stop.signal)
})

test('a pause that is called off resolves, also before it began', async () => {
  await pause(3_600_000, AbortSignal.abort())
  const stop = new AbortController()
  const pausing = pause(3_600_000, stop.signal)
  stop.abort()
  await expect(pausing).resolves.toBeUndefined()
})
