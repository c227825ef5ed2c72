// The clients of a paused service, without sockets.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { Hold } from '../../../src/engine/node/hold.ts'
import { eventually } from '../../helpers/eventually.ts'

function createHold() {
  const lengths: number[] = []
  const went: number[] = []
  const hold = new Hold(() => lengths.push(hold.length))
  const waiter = (number: number) => ({
    retry: () => {
      went.push(number)
      return true
    },
  })
  return { hold, lengths, went, waiter }
}

test('a portion goes in each turn of the loop, in the order of coming', async () => {
  const { hold, went, waiter } = createHold()
  const count = LIMITS.letGoAtOnce * 2 + 1
  hold.begin(count)
  for (let number = 0; number < count; number++) expect(hold.join(waiter(number))).toBe(true)
  expect(hold.join(waiter(count))).toBe(false)
  hold.end()
  expect([went.length, hold.paused, hold.inForce]).toEqual([LIMITS.letGoAtOnce, false, true])
  await nextTurn()
  expect(went.length).toBe(LIMITS.letGoAtOnce * 2)
  await eventually(() => !hold.inForce, 'everybody has gone')
  expect(went).toEqual(Array.from({ length: count }, (_, number) => number))
})

test('a pause in between keeps who has not gone', async () => {
  const { hold, went, waiter } = createHold()
  hold.begin(1_000)
  for (let number = 0; number < 300; number++) hold.join(waiter(number))
  hold.end()
  hold.begin(1_000)
  await nextTurn()
  await nextTurn()
  expect(went).toHaveLength(LIMITS.letGoAtOnce)
  hold.end()
  await eventually(() => went.length === 300, 'everybody has gone')
})

test('one that throws keeps nobody behind it', async () => {
  const { hold, went, waiter } = createHold()
  const broken = () => {
    throw new Error('broken')
  }
  hold.begin(10)
  hold.join({ retry: broken })
  hold.join(waiter(1))
  expect(() => hold.end()).toThrow('broken')
  await eventually(() => went.length === 1, 'the one behind has gone')
})

test('who leaves is forgotten, once, and everybody is told how many are left', () => {
  const { hold, lengths, went, waiter } = createHold()
  const one = waiter(1)
  hold.begin(10)
  hold.join(one)
  hold.leave(one)
  hold.leave(one)
  hold.end()
  expect([lengths, went]).toEqual([[1, 0], []])
})
