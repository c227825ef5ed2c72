// How many get through a gate at once, and in which order.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Gate } from '../../src/base/gate.ts'
import { deferred } from '../helpers/deferred.ts'

test('lets in as many as there is room for, the others in the order they came', async () => {
  const gate = new Gate(2)
  const started: number[] = []
  const ends = [0, 1, 2, 3].map((number) => {
    const end = deferred()
    const run = gate.run(() => {
      started.push(number)
      return end.promise
    })
    return { finish: end.resolve, run }
  })
  await nextTurn()
  expect(started).toEqual([0, 1])
  for (const { finish, run } of ends) {
    finish()
    await run
    await nextTurn()
  }
  expect(started).toEqual([0, 1, 2, 3])
})

test('a task that fails gives its place on and its error back', async () => {
  const gate = new Gate(1)
  const first = gate.run(() => Promise.reject(new Error('broken')))
  const second = gate.run(() => Promise.resolve('fine'))
  await expect(first).rejects.toThrow('broken')
  await expect(second).resolves.toBe('fine')
  await expect(gate.run(() => Promise.resolve('again'))).resolves.toBe('again')
})
