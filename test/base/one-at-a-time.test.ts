// Steps in a row.
import { expect, test } from 'vitest'
import { OneAtATime } from '../../src/base/one-at-a-time.ts'
import { deferred } from '../helpers/deferred.ts'

test('a step begins when the one before has ended, also where that failed', async () => {
  const steps = new OneAtATime()
  const gate = deferred<void>()
  const seen: string[] = []
  const first = steps.run(async () => {
    seen.push('first begins')
    await gate.promise
    throw new Error('no luck')
  })
  const second = steps.run(async () => seen.push('second'))
  await Promise.resolve()
  expect(seen).toEqual(['first begins'])
  gate.resolve()
  await expect(first).rejects.toThrow('no luck')
  expect(await second).toBe(2)
  await steps.idle()
  expect(seen).toEqual(['first begins', 'second'])
})
